// When each directory was read last, and by whom it is being read now: a row of `settings` for each, so that one worker reads it.
import { sql } from 'kysely';
import type { Db } from './store.ts';

const nameOf = (connector: string): string => `entity-sync:${connector}`;

/** True: it is ours to read now. Not before `everyMs` since the last time, unless it was asked for. */
export async function claimSync(
  db: Db,
  connector: string,
  bounds: { readonly everyMs: number; readonly withinMs: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into settings (name, value) values (${nameOf(connector)}, '{"state": "reading"}')
    on conflict (name) do update set value = excluded.value, changed_at = now()
    where (settings.value->>'state' = 'asked')
      or (settings.value->>'state' = 'reading' and settings.changed_at < now() - ${bounds.withinMs} * interval '1 millisecond')
      or (settings.value->>'state' = 'read' and settings.changed_at < now() - ${bounds.everyMs} * interval '1 millisecond')
    returning name`.execute(db);
  return rows.length > 0;
}

export async function endSync(db: Db, connector: string, detail: string): Promise<void> {
  await sql`update settings set value = ${JSON.stringify({ state: 'read', detail: detail.slice(0, 500) })}, changed_at = now()
    where name = ${nameOf(connector)}`.execute(db);
}

/** Wake `entity_sync` after it. Returns the directories that there are. */
export async function askSync(db: Db, by: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    update settings set value = '{"state": "asked"}', changed_at = now(), changed_by = ${by}
    where name like 'entity-sync:%' and value->>'state' = 'read' returning name`.execute(db);
  return rows.map(({ name }) => name.slice('entity-sync:'.length)).sort();
}
