// A lock is a leased row with a fencing number, never a database lock. Nothing blocks on it: who comes second is queued and woken. Its holder knows it
// by that number alone: the thing may be known under another key by now (entity-keys.ts).
import { type RawBuilder, sql } from 'kysely';
import { mayLand } from './maybe-sent.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db, Trx } from './store.ts';

export interface LockWish {
  readonly entity: string;
  readonly runId: string;
  readonly key: string;
  /** The process; a new one after each start. */
  readonly owner: string;
  readonly leaseMs: number;
}

export type LockAnswer =
  | { readonly kind: 'held'; readonly fence: string }
  | { readonly kind: 'taken'; readonly byRun: string; readonly leftMs: number };

/**
 * Takes the lock when it is free, over, or ours; else queues us for it. One statement. Ours is what this process has taken for this step: another
 * process may be at the same step still.
 */
export async function takeLock(db: Db, wish: LockWish): Promise<LockAnswer> {
  const { rows } = await sql<{ fence: string | null; by_run: string | null; left_ms: number | null }>`
    with got as (
      insert into locks (entity, run_id, key, fence, owner, lease_until)
      values (${wish.entity}, ${wish.runId}, ${wish.key}, nextval('fences'), ${wish.owner}, clock_timestamp() + ${wish.leaseMs} * interval '1 millisecond')
      on conflict (entity) do update set run_id = excluded.run_id, key = excluded.key, fence = excluded.fence, owner = excluded.owner,
        lease_until = excluded.lease_until
      where locks.lease_until < clock_timestamp() or (locks.run_id = excluded.run_id and locks.key = excluded.key and locks.owner = excluded.owner)
      returning fence
    ), queued as (
      insert into lock_waiters (entity, run_id, key) select ${wish.entity}, ${wish.runId}, ${wish.key} where not exists (select 1 from got)
      on conflict do nothing
    ), unqueued as (
      delete from lock_waiters where entity = ${wish.entity} and run_id = ${wish.runId} and key = ${wish.key} and exists (select 1 from got)
    )
    select fence::text as fence, null as by_run, null as left_ms from got
    union all
    select null, run_id, greatest(0, extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 from locks
    where entity = ${wish.entity} and not exists (select 1 from got)`.execute(db);
  const row = rows[0];
  if (row?.fence) return { kind: 'held', fence: row.fence };
  // No row at all: it was released between the two halves; ask again soon.
  return { kind: 'taken', byRun: row?.by_run ?? '', leftMs: Math.max(50, row?.left_ms ?? 50) };
}

/** Gives it back, if it is still ours, and wakes the next in line. */
export async function giveLock(db: Db, fence: string): Promise<void> {
  const part = giveLockParts(fence, sql`(select 1) as always`);
  await sql`with ${part.with} select count(*) from ${part.last}`.execute(db);
}

/** The same, but for what its step has sent and may still take effect: that one ends by itself. */
export async function giveLockUnlessSent(db: Db, fence: string): Promise<void> {
  const idle = sql`(select 1 from locks l where l.fence = ${fence}::bigint and not exists (
    select 1 from steps s where s.run_id = l.run_id and s.key = l.key and ${mayLand('s')})) as idle`;
  const part = giveLockParts(fence, idle);
  await sql`with ${part.with} select count(*) from ${part.last}`.execute(db);
}

/** Ours alone for this long from now: what was sent may still take effect, and nobody is to do the opposite before it has. */
export async function keepLock(db: Db, fence: string, forMs: number): Promise<void> {
  await sql`update locks set lease_until = clock_timestamp() + ${forMs} * interval '1 millisecond' where fence = ${fence}::bigint`.execute(
    db,
  );
}

/** Ours for this long from now, if it is ours still. */
export async function renewLock(db: Db, fence: string, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`update locks set lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where fence = ${fence}::bigint and lease_until > clock_timestamp() returning fence`.execute(db);
  return rows.length > 0;
}

/** Lock and intent are ours for this long from now, if both are ours still. */
export async function renewLease(
  db: Db,
  of: { runId: string; key: string; generation: number; fence: string | undefined; owner: string; leaseMs: number },
): Promise<boolean> {
  const until = sql`clock_timestamp() + ${of.leaseMs} * interval '1 millisecond'`;
  const fence = sql`${of.fence ?? null}::bigint`;
  const { rows } = await sql`
    with renewed as (
      update locks set lease_until = ${until} where fence = ${fence} and lease_until > clock_timestamp() returning entity
    )
    update steps set lease_until = ${until} where run_id = ${of.runId} and key = ${of.key} and generation = ${of.generation} and state = 'intent'
      and owner = ${of.owner} and fence is not distinct from ${fence} and lease_until > clock_timestamp()
      and (${fence} is null or exists (select 1 from renewed)) returning key`.execute(db);
  return rows.length > 0;
}

/** Is it ours still, and stays so until the transaction ends? */
export async function isStillLocked(trx: Trx, fence: string): Promise<boolean> {
  const { rows } = await sql`select 1 from locks where fence = ${fence}::bigint and lease_until > clock_timestamp() for update`.execute(
    trx,
  );
  return rows.length > 0;
}

/** We do nothing now: it is given back, or kept while what another attempt has sent may take effect, ms. */
export const leaveLock = async (db: Db, fence: string, landsInMs: number): Promise<void> =>
  landsInMs > 0 ? await keepLock(db, fence, landsInMs) : await giveLock(db, fence);

/** Part of a statement: common table expressions, and the one to read from so that all of them are done. */
export interface StatementPart {
  readonly with: RawBuilder<unknown>;
  readonly last: RawBuilder<unknown>;
}

/** `giveLock` within another statement, if `condition` (a relation there) has a row. */
export const giveLockParts = (fence: string, condition: RawBuilder<unknown>): StatementPart => ({
  last: sql`woken`,
  with: sql`freed as (
      delete from locks using ${condition} where fence = ${fence}::bigint returning entity, fence
    ), next_in_line as (
      select w.entity, w.run_id, f.fence from lock_waiters w join freed f using (entity) order by w.since limit 1
    ), unqueued as (
      delete from lock_waiters w using next_in_line n where w.entity = n.entity and w.run_id = n.run_id
    ), woken as (
      ${armWakes(sql`next_in_line`)} returning id
    )`,
});

/**
 * Frees all locks of the runs in `ended` (a relation, its column id) and wakes the next living run in line for each. A lock over something that was
 * sent and may still take effect stays until its lease ends: nobody is to do the opposite before it has.
 */
export const freeLocksParts = (ended: RawBuilder<unknown>): StatementPart => ({
  last: sql`lock_woken`,
  with: sql`lock_freed as (
      delete from locks using ${ended} as gone where run_id = gone.id and not exists (
        select 1 from steps s where s.run_id = locks.run_id and s.key = locks.key and ${mayLand('s')})
      returning entity
    ), lock_next as (
      select distinct on (w.entity) w.entity, w.run_id from lock_waiters w join lock_freed using (entity) join runs r on r.id = w.run_id
      where r.state in ('queued', 'starting', 'running', 'waiting') and w.run_id not in (select id from ${ended} as gone)
      order by w.entity, w.since
    ), lock_unqueued as (
      delete from lock_waiters w where w.run_id in (select id from ${ended} as gone)
        or exists (select 1 from lock_next n where w.entity = n.entity and w.run_id = n.run_id)
    ), lock_runs as (
      select distinct run_id from lock_next
    ), lock_woken as (
      ${armWakes(sql`lock_runs`)} returning id
    )`,
});
