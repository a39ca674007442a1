// Holding something for longer, and handing it to another run.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import type { Trx } from './store.ts';
import type { Database } from './tables.ts';

interface HoldWish {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
}

export interface RenewWish extends HoldWish {
  /** From now on. */
  readonly forMs: number;
  /** Held longer than this in all, counted from its beginning: a second person must confirm. */
  readonly confirmAfterMs: number;
}

/** What one person asked for, another confirms within this time, ms. */
const CONFIRM_WITHIN_MS = 86_400_000;

interface Renewable {
  readonly run_id: string;
  readonly held_ms: number;
  readonly renew_by: string | null;
  readonly renew_for_ms: string | null;
  readonly asked_ms: number | null;
}

/** asked: another person must confirm, and the shorter time of the two counts · same_person: it was this one who asked. */
export type Renewal = 'renewed' | 'asked' | 'same_person' | 'not_held';

export async function renewHold(db: Kysely<Database>, wish: RenewWish, now: Date): Promise<Renewal> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Renewable>`
      select run_id, (extract(epoch from now() - placed_at) * 1000)::float8 as held_ms, renew_by, renew_for_ms,
        (extract(epoch from now() - renew_at) * 1000)::float8 as asked_ms
      from holds where id = ${wish.id} and state = 'active' for update`.execute(trx);
    const hold = rows[0];
    if (!hold) return 'not_held';
    if (hold.held_ms + wish.forMs <= wish.confirmAfterMs) return await renew(trx, hold.run_id, wish, now);
    const asked = hold.asked_ms !== null && hold.asked_ms < CONFIRM_WITHIN_MS;
    if (asked && hold.renew_by === wish.by) return 'same_person';
    if (asked)
      return await renew(trx, hold.run_id, { ...wish, forMs: Math.min(wish.forMs, Number(hold.renew_for_ms)) }, now, hold.renew_by);
    await sql`update holds set renew_by = ${wish.by}, renew_for_ms = ${wish.forMs}, renew_at = now() where id = ${wish.id}`.execute(trx);
    const body = { hold: wish.id, forMs: wish.forMs, reason: wish.reason };
    await appendAudit(trx, hold.run_id, [{ at: now, code: 'hold.renewal_asked', actor: wish.by, body }]);
    return 'asked';
  });
}

async function renew(trx: Trx, runId: string, wish: RenewWish, now: Date, first: string | null = null): Promise<Renewal> {
  await sql`update holds set expires_at = greatest(expires_at, now() + ${wish.forMs} * interval '1 millisecond'), on_expiry = coalesce(on_expiry, 'ask'),
    renew_by = null, renew_for_ms = null, renew_at = null where id = ${wish.id}`.execute(trx);
  const body = { hold: wish.id, forMs: wish.forMs, reason: wish.reason, ...(first === null ? {} : { first }) };
  await appendAudit(trx, runId, [{ at: now, code: 'hold.renewed', actor: wish.by, body }]);
  return 'renewed';
}

/**
 * The entry belongs to another run from now on: that one's undo takes it back, and the first one's does not. Undefined: done; else why not.
 * Its key gets the entry's id, so that it is neither taken for a step of the new run nor undone by the name of one.
 */
export async function transferHold(db: Kysely<Database>, wish: HoldWish & { readonly to: string }, now: Date): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    const target = await trx
      .selectFrom('runs')
      .select('incident_id')
      .where('id', '=', wish.to)
      .where('kind', '=', 'playbook')
      .executeTakeFirst();
    if (!target) return `There is no playbook run ${wish.to}.`;
    // In a statement of its own: the next one sees who has locked the entity until now, and who locks it later waits for us (readHoldUnderLock).
    await sql`select 1 from holds where id = ${wish.id} for update`.execute(trx);
    const { rows } = await sql<{ from: string }>`
      update holds set run_id = ${wish.to}, incident_id = ${target.incident_id}, key = split_part(holds.key, '~', 1) || '~' || holds.id,
        step_id = split_part(holds.step_id, '~', 1) || '~' || holds.id
      from holds before where holds.id = ${wish.id} and before.id = holds.id and holds.state = 'active' and holds.run_id <> ${wish.to}
        and not exists (select 1 from locks l where l.entity = holds.entity and l.lease_until > clock_timestamp())
        and not exists (select 1 from runs u where u.kind = 'undo' and u.parent_run_id = holds.run_id
          and u.state in ('queued', 'starting', 'running', 'waiting'))
      returning before.run_id as from`.execute(trx);
    const row = rows[0];
    if (!row) return 'It is not active, is being worked on, or belongs to that run already.';
    const body = { hold: wish.id, from: row.from, to: wish.to, reason: wish.reason };
    const event = { at: now, code: 'hold.transferred', actor: wish.by, body } as const;
    for (const stream of [row.from, wish.to].sort()) await appendAudit(trx, stream, [event]);
    return undefined;
  });
}
