// Undo of a step, a run, an entity or an incident: what it would do, and asking for it. Each run's effects are undone by an undo run of its own.
import { type Kysely, sql } from 'kysely';
import type { UndoPreview, UndoScope } from '../server/contract.ts';
import { HOLDS_TOO, INTENDED_TOO } from './holds.ts';
import { sha256 } from './sha256.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';
import { undoInside } from './undo.ts';

interface Chosen {
  readonly id: string;
  readonly run_id: string;
  readonly says_undo: string;
  readonly entity: string;
  readonly entity_name: string;
  readonly others: readonly string[];
}

const OPEN = sql`('active', 'releasing', 'debt')`;

function holdsOf(scope: UndoScope) {
  if (scope.run !== undefined) {
    return sql`h.run_id = ${scope.run} and (${scope.step === undefined} or h.step_id = ${scope.step ?? ''} or h.key = ${scope.step ?? ''})`;
  }
  if (scope.incident !== undefined) return sql`h.incident_id = ${scope.incident}`;
  return sql`h.entity = ${scope.entity ?? ''}`;
}

/** Last effect first. `others`: runs outside of what was chosen that hold the same. */
async function chosen(db: Db, scope: UndoScope): Promise<Chosen[]> {
  const { rows } = await sql<Chosen>`
    with mine as (select * from holds h where ${holdsOf(scope)} and h.state in ${OPEN} order by h.placed_at desc, h.id desc limit 1000)
    select h.id, h.run_id, h.says_undo, h.entity, h.entity_name, coalesce((select array_agg(beside.run_id order by beside.at) from (
        select o.run_id, o.placed_at as at from holds o
        where o.entity = h.entity and o.verb = h.verb and o.connector = h.connector and ${HOLDS_TOO} and o.id not in (select id from mine)
        union all ${INTENDED_TOO} and s.run_id not in (select run_id from mine)) beside), '{}') as others
    from mine h order by h.placed_at desc, h.id desc`.execute(db);
  return rows;
}

/** What cannot be taken back by anybody. Of an entity: what was done to it. */
async function finalSteps(db: Db, scope: UndoScope): Promise<{ key: string; says: string | null }[]> {
  const of =
    scope.run !== undefined
      ? sql`s.run_id = ${scope.run} and (${scope.step === undefined} or s.step_id = ${scope.step ?? ''} or s.key = ${scope.step ?? ''})`
      : scope.incident !== undefined
        ? sql`s.run_id in (select id from runs where incident_id = ${scope.incident})`
        : sql`s.entity = ${scope.entity ?? ''}`;
  const { rows } = await sql<{ key: string; says: string | null }>`
    select s.key, s.says from steps s where ${of} and s.risk = 'destructive' and s.outcome in ('changed', 'unverified', 'unknown')
    order by s.started_at limit 200`.execute(db);
  return rows;
}

/** What an undo would do now. The products are read only when it is done: what somebody else has changed since is left alone then. */
export const previewUndo = async (db: Db, scope: UndoScope): Promise<UndoPreview> =>
  previewOf(await chosen(db, scope), await finalSteps(db, scope));

function previewOf(holds: readonly Chosen[], final: readonly { key: string; says: string | null }[]): UndoPreview {
  // Several of them may hold one thing: it is given back once, by the last.
  const seen = new Set<string>();
  const will = holds.filter((hold) => hold.others.length === 0);
  const parts = {
    will: will.map((hold) => ({ hold: hold.id, says: hold.says_undo, entity: hold.entity })),
    stays: holds
      .filter((hold) => hold.others.length > 0)
      .map((hold) => ({ hold: hold.id, entity: hold.entity, why: `${hold.entity_name} stays held by run ${hold.others.join(', ')}` })),
    cannot: final.map((step) => ({ step: step.key, says: step.says ?? step.key, why: 'this cannot be taken back' })),
  };
  const said = [...parts.will.map(({ says }) => says), ...parts.stays.map(({ why }) => why)].filter(
    (one) => !seen.has(one) && seen.add(one),
  );
  const digest = sha256(JSON.stringify([parts.will, parts.stays].map((part) => part.map(({ hold }) => hold))));
  return { says: said.length === 0 ? 'Nothing is held, so there is nothing to undo' : said.join('; '), ...parts, digest };
}

interface UndoWish {
  readonly by: string;
  readonly reason: string;
}

/** Ids of the undo runs; none when nothing is held. An undo that is under way already is joined. Call `store.wake('outbox')` after it. */
export async function requestUndo(db: Kysely<Database>, scope: UndoScope, wish: UndoWish, now: Date): Promise<string[]> {
  return await db.transaction().execute(async (trx) => undoChosen(trx, scope, await chosen(trx, scope), wish, now));
}

/** The same, of what was shown and nothing else: where it is another by now, nothing is done. */
export async function requestShownUndo(
  db: Kysely<Database>,
  scope: UndoScope,
  { digest, ...wish }: UndoWish & { readonly digest: string },
  now: Date,
): Promise<{ readonly runs: string[] } | { readonly changed: UndoPreview }> {
  return await db.transaction().execute(async (trx) => {
    const holds = await chosen(trx, scope);
    const preview = previewOf(holds, await finalSteps(trx, scope));
    return preview.digest === digest ? { runs: await undoChosen(trx, scope, holds, wish, now) } : { changed: preview };
  });
}

async function undoChosen(trx: Trx, scope: UndoScope, chosen: readonly Chosen[], wish: UndoWish, now: Date): Promise<string[]> {
  const byRun = new Map<string, string[]>();
  for (const hold of chosen) byRun.set(hold.run_id, [...(byRun.get(hold.run_id) ?? []), hold.id]);
  // The whole of a run is asked for as such: what it still does meanwhile is undone too.
  const made: string[] = [];
  if (scope.run !== undefined && scope.step === undefined) made.push(...one(await undoInside(trx, { runId: scope.run, ...wish }, now)));
  else {
    for (const [runId, holds] of [...byRun].sort(([a], [b]) => a.localeCompare(b))) {
      made.push(...one(await undoInside(trx, { runId, holds, ...wish }, now)));
    }
  }
  if (made.length > 0) await joinNoMore(trx, byRun);
  return made;
}

/**
 * A run of which nothing stays in place no longer answers the next alert about the same: that one starts a run of its own, also while a question of
 * the old one is still open.
 */
async function joinNoMore(trx: Trx, byRun: ReadonlyMap<string, readonly string[]>): Promise<void> {
  for (const [runId, holds] of byRun) {
    await sql`update runs set dedupe_key = null where id = ${runId} and kind = 'playbook' and not exists (
      select 1 from holds h where h.run_id = runs.id and h.state = 'active' and not (h.id = any(${[...holds]}::text[])))`.execute(trx);
  }
}

const one = (id: string | undefined): string[] => (id === undefined ? [] : [id]);

/** Canonical entities with this exact name that something is held of; a canonical one names itself. */
export async function heldEntities(db: Db, name: string): Promise<string[]> {
  const lower = name.normalize('NFC').toLowerCase();
  const { rows } = await sql<{ entity: string }>`
    select distinct entity from holds where state in ${OPEN}
      and (entity = ${lower} or substr(entity, strpos(entity, ':') + 1) = ${lower} or lower(entity_name) = ${lower}) limit 20`.execute(db);
  return rows.map((row) => row.entity);
}
