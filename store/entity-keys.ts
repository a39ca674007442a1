// What is known by its entity's key (holds, locks, turns for them, open steps) follows it to a new one: two runs never work on one thing under two names.
import { type RawBuilder, sql } from 'kysely';
import { type CanonicalEntity, canonicalName, linkNames, recordId } from '../policy/entities.ts';
import { jsonText } from './json-text.ts';
import type { Trx } from './store.ts';

/** One source's entry, and the key of the thing that it belonged to. */
export interface KeyedRecord {
  readonly source: string;
  readonly id: string;
  readonly entity: string;
}

interface Move {
  readonly was: string;
  readonly key: string;
}

export async function moveToKeys(trx: Trx, before: readonly KeyedRecord[], entities: readonly CanonicalEntity[]): Promise<void> {
  const used = await usedKeys(trx);
  if (used.length === 0) return;
  const keys = keysNow(before, entities);
  const moves = used.flatMap((was): Move[] => {
    const key = keys.get(was);
    return key === undefined || key === was ? [] : [{ was, key }];
  });
  if (moves.length === 0) return;
  // All at once: one thing's new key may be what another had.
  const moved = sql`json_to_recordset(${jsonText(moves)}::json) as moved (was text, key text)`;
  await moveLocks(trx, moved);
  await sql`update steps set entity = moved.key from ${moved} where entity = moved.was and state <> 'ended'`.execute(trx);
  await sql`update holds set entity = moved.key from ${moved} where entity = moved.was and state in ('active', 'releasing', 'debt')`.execute(
    trx,
  );
}

async function usedKeys(trx: Trx): Promise<readonly string[]> {
  const { rows } = await sql<{ entity: string }>`
    select entity from holds where state in ('active', 'releasing', 'debt')
    union select entity from locks
    union select entity from lock_waiters
    union select s.entity from steps s join runs r on r.id = s.run_id
      where r.state in ('starting', 'running', 'waiting') and s.state <> 'ended' and s.entity is not null`.execute(trx);
  return rows.map(({ entity }) => entity);
}

/** By each name that tells a thing apart, and by the key that it had. What is a key still means what it meant. */
function keysNow(before: readonly KeyedRecord[], entities: readonly CanonicalEntity[]): ReadonlyMap<string, string> {
  const clear = entities.filter(({ conflict }) => conflict === undefined);
  const now = new Map(clear.flatMap(({ entry, records }) => records.map((one) => [`${one.source}\0${recordId(one)}`, entry.key])));
  const byName = clear.flatMap(({ entry, records }) =>
    records.flatMap((record) => linkNames(record).map((name) => [`${record.kind}:${canonicalName(name)}`, entry.key] as const)),
  );
  const moved = before.flatMap(({ source, id, entity }) => {
    const key = now.get(`${source}\0${id}`);
    return key === undefined ? [] : [[entity, key] as const];
  });
  return new Map([...byName, ...moved, ...moved.filter(([was, key]) => was === key)]);
}

interface MovedLock {
  readonly entity: string;
  readonly run_id: string;
  readonly key: string;
  readonly fence: string;
  readonly owner: string;
  readonly lease_until: string;
}

async function moveLocks(trx: Trx, moved: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql<MovedLock>`
    delete from locks using ${moved} where entity = moved.was
    returning moved.key as entity, run_id, locks.key, fence::text, owner, lease_until::text`.execute(trx);
  // Two are at one thing. Neither keeps it, so that nothing more begins; what was sent is waited out, until the later lease ends.
  for (const lock of rows)
    await sql`
      insert into locks (entity, run_id, key, fence, owner, lease_until)
      values (${lock.entity}, ${lock.run_id}, ${lock.key}, ${lock.fence}::bigint, ${lock.owner}, ${lock.lease_until}::timestamptz)
      on conflict (entity) do update set fence = nextval('fences'), owner = '', lease_until = greatest(locks.lease_until, excluded.lease_until)`.execute(
      trx,
    );
  await sql`
    with left_behind as (delete from lock_waiters using ${moved} where entity = moved.was returning moved.key as entity, run_id, lock_waiters.key, since)
    insert into lock_waiters (entity, run_id, key, since) select entity, run_id, key, since from left_behind on conflict do nothing`.execute(
    trx,
  );
}
