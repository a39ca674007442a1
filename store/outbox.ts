// The outbox: everything that is owed to Temporal or to a run, each row committed together with what caused it.
// All times are the store's clock, so that the clocks of workers do not matter. Claims are in outbox-claims.ts.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

/** A row in hand. `token` names this one claim: what a row that was armed again meanwhile owes is not ended by the old claim. */
export interface Claim {
  readonly id: string;
  readonly token: string;
}

const idsOf = (claims: readonly Claim[]) => claims.map((claim) => claim.id);
const tokensOf = (claims: readonly Claim[]) => claims.map((claim) => claim.token);
const inHand = (claims: readonly Claim[]) => sql`unnest(${idsOf(claims)}::bigint[], ${tokensOf(claims)}::text[]) as mine(id, token)
  where outbox.id = mine.id and outbox.claimed_by = mine.token and outbox.state = 'ready'`;

/** Delivered and acknowledged. A started run is running from here on, unless it is further already. One statement for any number. */
export async function finishRows(db: Db, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await sql`
    with done as (
      update outbox set state = 'done', ended_at = now(), claimed_by = null, claimed_until = null, error = null
      from ${inHand(claims)} returning outbox.kind, outbox.about
    )
    update runs set state = 'running', started_at = coalesce(runs.started_at, now()), progress_at = now()
    from done where done.kind = 'start' and runs.id = done.about and runs.state in ('queued', 'starting')`.execute(db);
}

export interface Postponement {
  readonly claim: Claim;
  readonly delayMs: number;
  readonly error: string;
  /** Transient trouble (Temporal is away) is nobody's fault and does not count towards `undeliverable`. */
  readonly counts: boolean;
  /** Run whose working place came with this claim, and goes back with it. */
  readonly placeOf?: string;
}

/** Not now: due again after the delay, the place that came with the claim is given back. */
export async function postponeRow(db: Db, post: Postponement): Promise<void> {
  await sql`
    with freed as (
      update runs set worker = null, place_until = null where id = ${post.placeOf ?? null}::text and place_until is not null
    )
    update outbox set claimed_by = null, claimed_until = null, error = ${post.error.slice(0, 2000)},
      attempts = attempts + ${post.counts ? 1 : 0}::int, next_at = now() + ${post.delayMs} * interval '1 millisecond'
    from ${inHand([post.claim])}`.execute(db);
}

/** What waited only because Temporal was away need wait no longer. `error` is how those rows are marked. */
export async function hurryRows(db: Db, error: string): Promise<void> {
  await sql`update outbox set next_at = now() where state = 'ready' and error = ${error} and next_at > now()`.execute(db);
}

/** Given up: it stays, with its reason, until a person has looked. False: another claim has it now. */
export async function giveUpRow(db: Db, claim: Claim, error: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update outbox set state = 'undeliverable', ended_at = now(), claimed_by = null, claimed_until = null, attempts = attempts + 1,
      error = ${error.slice(0, 2000)}
    from ${inHand([claim])} returning outbox.id`.execute(db);
  return rows.length > 0;
}

/**
 * Makes the run ask again once it has a working place. One row per run, armed again by each call, also while an older arming is being
 * delivered: so nothing is lost and nothing piles up.
 */
export async function oweWake(db: Db, runId: string): Promise<void> {
  await armWakes(sql`(select ${runId}::text as run_id)`).execute(db);
}

/**
 * A start that is not under way is taken off the list, with its run. One that was tried may have reached Temporal all the same: a run that has ended
 * here may do nothing there (`bindRun`). False: it has begun, and must be cancelled in Temporal.
 */
export async function cancelQueuedRun(db: Kysely<Database>, runId: string, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string }>`
      with taken as (
        update outbox set state = 'done', ended_at = now()
        where dedupe = ${`start:${runId}`} and state = 'ready' and (claimed_by is null or claimed_until < now())
          and not exists (select 1 from runs where id = ${runId} and temporal_run_id is not null)
        returning about
      )
      update runs set state = 'cancelled', outcome = 'cancelled', ended_at = now(), progress_at = now(), worker = null, place_until = null
      from taken where runs.id = taken.about and runs.state = 'queued' returning runs.id`.execute(trx);
    if (!rows[0]) return false;
    await appendAudit(trx, runId, [
      { at: now, code: 'run.ended', actor: 'cordon', body: { state: 'cancelled', outcome: 'cancelled before it started' } },
    ]);
    return true;
  });
}

/** Claims of a worker that is gone are free at once: at its next start, or for all when the store is embedded (one process). */
export async function forgetClaims(db: Db, whose: { readonly workerId: string } | 'all'): Promise<void> {
  const mine = whose === 'all' ? sql`true` : sql`split_part(claimed_by, '#', 1) = ${whose.workerId}`;
  await sql`update outbox set claimed_by = null, claimed_until = null where state = 'ready' and claimed_by is not null and ${mine}`.execute(
    db,
  );
}

/** Delivered rows are kept for the curious, undeliverable ones until a person has dealt with them. Bounded; call again while it answers the limit. */
export async function pruneOutbox(db: Db, keepDays: number, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from outbox where id in (
      select id from outbox where state = 'done' and ended_at < now() - ${keepDays} * interval '1 day' order by id limit ${limit}
    ) returning id`.execute(db);
  return rows.length;
}

/** Ledger entries whose time is over; what becomes of each is startHoldRun's (undo.ts). */
export async function dueHolds(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from holds where state = 'active' and expires_at <= now() order by expires_at limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
