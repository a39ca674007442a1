// When each directory was read last, and by whom it is being read now: a row of `settings` for each, so that one worker reads it.
import { sql } from 'kysely';
import type { Loosening } from '../policy/loosening.ts';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';

const nameOf = (connector: string): string => `entity-sync:${connector}`;

/** What was kept back the last time: it would have taken away what protects something. */
export interface HeldBack {
  readonly changes: readonly Loosening[];
  /** Of exactly these changes: who accepts them accepts no others. */
  readonly digest: string;
}

export interface ClaimedSync {
  /** Digest of the changes that somebody has accepted, and who. */
  readonly accepted?: string;
  readonly by?: string;
}

/** It is ours to read now; undefined: not before `everyMs` since the last time, unless it was asked for. */
export async function claimSync(
  db: Db,
  connector: string,
  bounds: { readonly everyMs: number; readonly withinMs: number },
): Promise<ClaimedSync | undefined> {
  const { rows } = await sql<{ value: ClaimedSync }>`
    insert into settings (name, value) values (${nameOf(connector)}, '{"state": "reading"}')
    on conflict (name) do update set changed_at = now(), value = jsonb_strip_nulls(
      excluded.value || jsonb_build_object('accepted', settings.value->'accepted', 'by', settings.value->'by', 'held', settings.value->'held'))
    where (settings.value->>'state' = 'asked')
      or (settings.value->>'state' = 'reading' and settings.changed_at < now() - ${bounds.withinMs} * interval '1 millisecond')
      or (settings.value->>'state' = 'read' and settings.changed_at < now() - ${bounds.everyMs} * interval '1 millisecond')
    returning value`.execute(db);
  return rows[0]?.value;
}

export async function endSync(db: Db, connector: string, detail: string, held?: HeldBack): Promise<void> {
  await sql`update settings set value = ${jsonText({ state: 'read', detail: detail.slice(0, 500), ...(held ? { held } : {}) })}, changed_at = now()
    where name = ${nameOf(connector)}`.execute(db);
}

/** Wake `entity_sync` after it. Returns the directories that there are. */
export async function askSync(db: Db, by: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    update settings set value = jsonb_strip_nulls(jsonb_build_object('state', 'asked', 'held', value->'held')), changed_at = now(), changed_by = ${by}
    where name like 'entity-sync:%' and value->>'state' = 'read' returning name`.execute(db);
  return rows.map(({ name }) => name.slice('entity-sync:'.length)).sort();
}

export interface SyncState {
  readonly connector: string;
  readonly at: string;
  readonly detail: string;
  readonly held?: HeldBack;
}

/** How each directory was read last. */
export async function listSyncs(db: Db): Promise<readonly SyncState[]> {
  const { rows } = await sql<{ state: SyncState }>`
    select jsonb_strip_nulls(jsonb_build_object('connector', substr(name, ${'entity-sync:'.length + 1}::int), 'at', changed_at,
      'detail', coalesce(value->>'detail', value->>'state'), 'held', value->'held')) as state
    from settings where name like 'entity-sync:%' order by name`.execute(db);
  return rows.map(({ state }) => state);
}

/** A person accepts exactly what was kept back; it is taken over at the next reading, which is asked for by this. False: that is not what is kept back now. */
export async function acceptSync(db: Db, connector: string, digest: string, by: string): Promise<boolean> {
  const { rows } = await sql`
    update settings set value = jsonb_build_object('state', 'asked', 'accepted', ${digest}::text, 'by', ${by}::text), changed_at = now(), changed_by = ${by}
    where name = ${nameOf(connector)} and value->'held'->>'digest' = ${digest} returning name`.execute(db);
  return rows.length > 0;
}

/** Of what is kept back since an earlier reading. */
export async function heldDigest(db: Db, connector: string): Promise<string | undefined> {
  const { rows } = await sql<{
    digest: string | null;
  }>`select value->'held'->>'digest' as digest from settings where name = ${nameOf(connector)}`.execute(db);
  return rows[0]?.digest ?? undefined;
}
