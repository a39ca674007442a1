// Working places: how many runs a worker works on at once. A place is a lease on the run's own row, by the store's clock.
// The bound is for load, not for safety: two statements at the same instant may overshoot it by one.
import { type RawBuilder, sql } from 'kysely';
import { armWakes } from './outbox-wakes.ts';
import type { Db } from './store.ts';

export interface PlaceBounds {
  /** Runs working at once. */
  readonly places: number;
  /** Of these, kept for runs of severity 5 (critical) and above. */
  readonly criticalPlaces: number;
}

export const DEFAULT_BOUNDS: PlaceBounds = { places: 50, criticalPlaces: 5 };
export const CRITICAL_SEVERITY_ID = 5;
/** Renewed by every store write of the run (`bindRun`); a run that waits gives it back, a dead one loses it after this long. */
const PLACE_LEASE_S = 30;
export const placeLease: RawBuilder<unknown> = sql`(now() + ${PLACE_LEASE_S} * interval '1 second')`;

/**
 * Free places of a worker as a row `(total_free, normal_free)`: `from ${freePlaces(…)} as free`. Undo and hold runs need no place and take none.
 * Unlimited critical ones may fill what is kept for them and more; the others never take what is kept.
 */
export function freePlaces(workerId: string, bounds: PlaceBounds): RawBuilder<unknown> {
  return sql`(select ${bounds.places}::int - count(*)::int as total_free,
      ${bounds.places - bounds.criticalPlaces}::int - (count(*) filter (where severity_id < ${CRITICAL_SEVERITY_ID}))::int as normal_free
    from runs where worker = ${workerId} and place_until > now() and kind = 'playbook')`;
}

/**
 * True: the run has a place (its own, renewed, or a new one) and may go on. Undo and hold runs always may.
 * False: it has been put in the queue, and is woken with a place when its turn comes. One statement.
 */
export async function takePlace(db: Db, runId: string, workerId: string, bounds: PlaceBounds): Promise<boolean> {
  const { rows } = await sql<{ placed: boolean }>`
    with run as (
      select id, severity_id, lane, kind <> 'playbook' as exempt, place_until > now() as placed from runs where id = ${runId}
    ), taken as (
      update runs set worker = ${workerId}, place_until = ${placeLease}
      from run, ${freePlaces(workerId, bounds)} as free
      where runs.id = run.id and not run.exempt and (
        coalesce(run.placed, false) or (free.total_free > 0 and (run.severity_id >= ${CRITICAL_SEVERITY_ID} or free.normal_free > 0))
      ) returning runs.id
    ), queued as (
      select id as run_id from run where not exempt and not exists (select 1 from taken)
    ), owed as (${armWakes(sql`queued`)})
    select exempt or exists (select 1 from taken) as placed from run`.execute(db);
  return rows[0]?.placed ?? false;
}

/** The run waits: its place is for others. Call `store.wake('outbox')` after the commit, so that the next in line need not wait for a sweep. */
export async function freePlace(db: Db, runId: string): Promise<void> {
  await sql`update runs set worker = null, place_until = null where id = ${runId} and place_until is not null`.execute(db);
}

/** Places of a worker that is gone: at its next start, or all when the store is embedded. Runs that go on take theirs again. */
export async function forgetPlaces(db: Db, whose: { readonly workerId: string } | 'all'): Promise<void> {
  const mine = whose === 'all' ? sql`true` : sql`worker = ${whose.workerId}`;
  await sql`update runs set worker = null, place_until = null where place_until is not null and ${mine}`.execute(db);
}
