// A wish to cancel a run: recorded with its delivery; the run itself ends what it can.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Trx } from './store.ts';
import type { Database } from './tables.ts';

/** False: the run has ended already, or does not exist. */
export async function requestCancel(
  db: Kysely<Database>,
  wish: { runId: string; by: string; reason: string },
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => await requestCancelWithin(trx, wish, now));
}

/** The same, as a part of something larger. */
export async function requestCancelWithin(trx: Trx, wish: { runId: string; by: string; reason: string }, now: Date): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into outbox (kind, about, dedupe, payload, priority)
    select 'cancel', id, 'cancel:' || id, ${jsonText({ by: wish.by })}, 6
    from runs where id = ${wish.runId} and state in ('queued', 'starting', 'running', 'waiting')
    on conflict (dedupe) do update set state = 'ready', claimed_by = null, claimed_until = null, attempts = 0, next_at = now(), ended_at = null
    returning about as id`.execute(trx);
  if (!rows[0]) return false;
  await appendAudit(trx, wish.runId, [{ at: now, code: 'run.cancel_requested', actor: wish.by, body: { reason: wish.reason } }]);
  return true;
}
