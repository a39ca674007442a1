// What is held is looked at again now and then: whether it is still in force at the product. Finding out changes nothing there.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { type HoldRecord, readHold } from './holds.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** Nobody works on it: what is being undone or done again is neither drifted nor back. */
const QUIET = sql`state = 'active' and not exists (select 1 from locks l where l.entity = holds.entity and l.lease_until > clock_timestamp())`;

/** The next ones to look at, those that were looked at longest ago first; each is taken by one worker. */
export async function takeHoldsToCheck(db: Db, wish: { readonly everyS: number; readonly limit: number }): Promise<HoldRecord[]> {
  const { rows } = await sql<{ id: string }>`
    update holds set checked_at = now() where id in (
      select id from holds where ${QUIET} and coalesce(checked_at, placed_at) <= now() - ${wish.everyS} * interval '1 second'
      order by coalesce(checked_at, placed_at) limit ${wish.limit} for update skip locked
    ) returning id`.execute(db);
  const holds = await Promise.all(rows.map(async ({ id }) => await readHold(db, id)));
  return holds.filter((hold) => hold !== undefined);
}

/** No longer in force. True: this is news, and was told in the same commit. */
export async function recordDrift(
  db: Kysely<Database>,
  hold: HoldRecord,
  reason: string,
  now: Date,
  tell: (trx: Trx) => Promise<void>,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update holds set drifted_at = now(), drift = ${reason} where id = ${hold.id} and drifted_at is null and ${QUIET} returning id`.execute(
      trx,
    );
    if (rows.length === 0) return false;
    const body = { hold: hold.id, verb: hold.verb, entity: hold.entity, reason };
    await tell(trx);
    await appendAudit(trx, hold.run_id, [{ at: now, code: 'hold.drifted', actor: 'cordon', body }]);
    return true;
  });
}

/** In force, and not by our doing since it had drifted: what was reported is over. */
export async function recordInForce(db: Kysely<Database>, hold: HoldRecord, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update holds set drifted_at = null, drift = null where id = ${hold.id} and drifted_at is not null and ${QUIET} returning id`.execute(
      trx,
    );
    if (rows.length === 0) return false;
    const body = { hold: hold.id, verb: hold.verb, entity: hold.entity };
    await appendAudit(trx, hold.run_id, [{ at: now, code: 'hold.restored', actor: 'cordon', body }]);
    return true;
  });
}
