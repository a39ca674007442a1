// Debts: what could not be undone, with an owner, an age and reminders, until it is undone or a person says that it is dealt with.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

/** Who owes an entry of `holds`: whoever was named before, else the owner of the playbook that placed it. */
export const debtOwner = sql`coalesce(debt_owner, (select v.plan->>'owner' from runs r join playbook_versions v on v.digest = r.plan_digest
  where r.id = holds.run_id), 'admin')`;

export interface DueDebt {
  readonly id: string;
  readonly says_undo: string;
  readonly owner: string | null;
  readonly reason: string | null;
  readonly days: number;
}

/** Debts that nobody was reminded of for this long, seconds; each is taken by one worker. */
export async function takeDueDebts(db: Db, everyS: number): Promise<DueDebt[]> {
  const { rows } = await sql<DueDebt>`
    update holds set debt_reminded_at = now() where id in (
      select id from holds where state = 'debt' and coalesce(debt_reminded_at, debt_since, placed_at) <= now() - ${everyS} * interval '1 second'
      order by placed_at limit 50 for update skip locked
    ) returning id, says_undo, debt_owner as owner, debt_reason as reason,
      floor(extract(epoch from now() - coalesce(debt_since, placed_at)) / 86400)::int as days`.execute(db);
  return rows.sort((a, b) => b.days - a.days || a.id.localeCompare(b.id));
}

interface DebtWish {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
}

/** A person has seen to it outside of Cordon: it is owed no more. False: it is no debt. */
export async function settleDebt(db: Kysely<Database>, wish: DebtWish, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ run_id: string }>`
      update holds set state = 'settled', ended_at = ${now}, ended_by = ${wish.by} where id = ${wish.id} and state = 'debt' returning run_id`.execute(
      trx,
    );
    const row = rows[0];
    if (row)
      await appendAudit(trx, row.run_id, [{ at: now, code: 'hold.settled', actor: wish.by, body: { hold: wish.id, reason: wish.reason } }]);
    return row !== undefined;
  });
}

/** Somebody else owes it from now on. False: it is no debt. */
export async function ownDebt(db: Kysely<Database>, wish: DebtWish & { readonly owner: string }, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ run_id: string }>`
      update holds set debt_owner = ${wish.owner} where id = ${wish.id} and state = 'debt' returning run_id`.execute(trx);
    const row = rows[0];
    const body = { hold: wish.id, owner: wish.owner, reason: wish.reason };
    if (row) await appendAudit(trx, row.run_id, [{ at: now, code: 'hold.owned', actor: wish.by, body }]);
    return row !== undefined;
  });
}
