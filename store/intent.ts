// The commit before an effect: what it must look at, and the intent; and how that is taken back, or left to the next attempt.
import { sql } from 'kysely';
import type { Limit } from '../policy/policy.ts';
import { auditCall } from './audit.ts';
import { heldStill, json, namesOf, type StepFacts, type StepIdentity } from './effects.ts';
import { type FreezeInForce, freezeRow } from './freeze.ts';
import { jsonText } from './json-text.ts';
import { type Claimant, lockedPlaces, type Used } from './limits.ts';
import { mayLand } from './maybe-sent.ts';
import type { Db, Trx } from './store.ts';

/** What a commit must look at before it allows an effect, in one statement: the freeze, and the places of the limits, locked until its end. */
export async function readGuards(
  trx: Trx,
  claimant: Claimant,
  effect: { readonly connector: string; readonly verb?: string },
  limits: readonly Limit[],
): Promise<{ readonly freeze: FreezeInForce | undefined; readonly used: Used }> {
  const { rows } = await sql<{ freeze: FreezeInForce | null; used: Used | null }>`
    select (select to_json(one) from (${freezeRow(effect)}) one) as freeze, ${lockedPlaces(claimant, limits)} as used`.execute(trx);
  return { freeze: rows[0]?.freeze ?? undefined, used: rows[0]?.used ?? {} };
}

export interface Intent {
  readonly identity: StepIdentity;
  readonly facts: StepFacts;
  readonly incidentId: string;
  readonly idempotencyKey: string;
  readonly owner: string;
  readonly leaseMs: number;
  readonly landsWithinMs: number;
  /** Absent where the step has no target and so no lock. */
  readonly fence?: string;
  readonly before: unknown;
  readonly decision: unknown;
  readonly approvalId?: string;
}

/**
 * The intent, if the lock is still ours; false when it is not (a stale holder), when another process is at the step, or when it has ended. Renews
 * the lock. The audit event is in the same commit.
 */
export async function recordIntent(trx: Trx, intent: Intent, now: Date): Promise<boolean> {
  const { identity: id, facts } = intent;
  const body = {
    key: id.key,
    generation: id.generation,
    kind: id.kind,
    verb: facts.verb,
    entity: facts.entity,
    connector: facts.connector,
    decision: intent.decision,
    approval: intent.approvalId,
  };
  const { rows } = await sql<{ seq: string }>`
    with renewed as (
      update locks set lease_until = clock_timestamp() + ${intent.leaseMs} * interval '1 millisecond'
      where fence = ${intent.fence ?? null}::bigint and lease_until > clock_timestamp() returning entity
    ), intended as (
    insert into steps (run_id, key, generation, step_id, kind, verb, risk, connector, params, why, entity, entity_name, entity_id,
                       entity_names, says, state, idempotency_key, intent_at, owner, lease_until, lands_within_ms, fence, before, decision, approval_id, attempts)
    select ${id.runId}, ${id.key}, ${id.generation}::int, ${id.stepId}, ${id.kind}, ${facts.verb ?? null}, ${facts.risk ?? null}, ${facts.connector ?? null},
      ${jsonText(facts.params ?? {})}::jsonb, ${facts.why ?? null}, ${facts.entity ?? null}, ${facts.entityName ?? null}, ${facts.entityId ?? null},
      ${namesOf(facts)}::text[], ${facts.says ?? null}, 'intent', ${intent.idempotencyKey}, clock_timestamp(), ${intent.owner},
      clock_timestamp() + ${intent.leaseMs} * interval '1 millisecond', ${intent.landsWithinMs}::int, ${intent.fence ?? null}::bigint,
      ${json(intent.before)}::jsonb, ${json(intent.decision)}::jsonb, ${intent.approvalId ?? null}, 1
    where ${intent.fence ?? null}::bigint is null or exists (select 1 from renewed)
    on conflict (run_id, key, generation) do update set
      state = 'intent', waiting_on = null, waiting_until = null, connector = excluded.connector, params = excluded.params, why = excluded.why,
      entity = excluded.entity, entity_name = excluded.entity_name, entity_id = excluded.entity_id,
      entity_names = excluded.entity_names, says = excluded.says, risk = excluded.risk, idempotency_key = excluded.idempotency_key,
      intent_at = excluded.intent_at, owner = excluded.owner,
      lease_until = excluded.lease_until, lands_within_ms = excluded.lands_within_ms, fence = excluded.fence,
      -- the first before-state is the one to go back to: a second attempt may read our own effect (withdrawIntent forgets it where nothing was sent)
      before = coalesce(steps.before, excluded.before), held_since = ${heldStill},
      decision = excluded.decision, approval_id = coalesce(excluded.approval_id, steps.approval_id), attempts = steps.attempts + 1
    where steps.state <> 'ended' and not (steps.state = 'intent' and ${mayLand('steps')})
    returning key
    )
    select ${auditCall(id.runId, [{ at: now, code: 'effect.intent', actor: 'cordon', body }])} as seq from intended`.execute(trx);
  return rows.length > 0;
}

/** We are done sending; whether it took effect is not known. The next attempt waits `landsWithinMs` from now, then reads. */
export async function recordGivenUp(db: Db, id: StepIdentity, error: unknown): Promise<void> {
  await sql`update steps set lease_until = clock_timestamp(), error = ${json(error)}
    where run_id = ${id.runId} and key = ${id.key} and generation = ${id.generation} and state = 'intent'`.execute(db);
}

/**
 * It did not happen, as far as can be told: the intent is taken back, and the next attempt starts afresh. `sent`: a request went out all the same, so
 * the before-state is kept: should a later attempt find the effect in force, it is ours. `lands_within_ms` counts from now.
 */
export async function withdrawIntent(db: Db, id: StepIdentity, error: unknown, sent: boolean): Promise<void> {
  await sql`update steps set state = 'reading', intent_at = null, error = ${json(error)},
      lease_until = case when ${sent}::boolean then clock_timestamp() end,
      before = case when ${sent}::boolean then before end
    where run_id = ${id.runId} and key = ${id.key} and generation = ${id.generation} and state = 'intent'`.execute(db);
}
