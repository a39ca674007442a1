// What becomes of a step, beside its intent (intent.ts): it waits, is tried, ends. The outcome, the ledger and the audit event are one commit.
import { type Kysely, sql } from 'kysely';
import { auditCall, type NewAuditEvent } from './audit.ts';
import { debtOwner } from './debts.ts';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { giveLockParts, isStillLocked, type StatementPart } from './locks.ts';
import { maybeSent } from './maybe-sent.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

export const json = (value: unknown): string | null => (value === undefined ? null : jsonText(value));

/** What identifies one attempt at one step. */
export interface StepIdentity {
  readonly runId: string;
  readonly key: string;
  readonly generation: number;
  readonly stepId: string;
  readonly kind: 'do' | 'undo' | 'gate' | 'ask' | 'wait';
}

/** What is known of it before it acts. */
export interface StepFacts {
  readonly verb?: string;
  readonly risk?: string;
  readonly connector?: string;
  readonly params?: unknown;
  readonly why?: string;
  readonly entity?: string;
  readonly entityName?: string;
  readonly entityId?: string;
  /** Of a person as the target, all exact names, lower case. */
  readonly entityNames?: readonly string[];
  readonly says?: string;
}

export const namesOf = ({ entityNames }: Pick<StepFacts, 'entityNames'>): string[] | null =>
  entityNames === undefined ? null : [...entityNames];

const ruleOf = (decision: unknown): unknown =>
  decision !== null && typeof decision === 'object' && 'rule' in decision ? decision.rule : undefined;

export interface HoldPlaced {
  readonly saysUndo: string;
  readonly params: unknown;
  readonly before: unknown;
  readonly entity: string;
  readonly entityName: string;
  readonly entityId: string;
  readonly entityNames?: readonly string[];
  readonly verb: string;
  readonly connector: string;
  readonly expiresInMs?: number;
  readonly onExpiry?: 'ask' | 'release';
  /** It was so already: an entry is made only beside one of another run, with that one's before-state, so that either may be taken back first. */
  readonly shared?: boolean;
}

export interface Ending {
  readonly identity: StepIdentity;
  readonly facts: StepFacts;
  readonly incidentId: string;
  readonly outcome: string;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly decision?: unknown;
  readonly recovered: boolean;
  /** It was begun, and nothing was sent: it gives its place in the limits back. */
  readonly neverSent?: boolean;
  readonly fence?: string;
  /** Nothing was sent in this attempt: what it has read counts only if the lock has been ours all the time. */
  readonly looked?: boolean;
  /** The effect is in force and ours: it enters the ledger. */
  readonly hold?: HoldPlaced;
  /** What becomes of the ledger entry that this undo was for. */
  readonly holdEnd?: {
    readonly id: string;
    readonly state: 'released' | 'foreign' | 'debt';
    readonly reason?: string;
    readonly by: string;
  };
}

/**
 * The outcome, the ledger and the audit event in one commit; the lock is given back in it. A step that has ended stays as it is. `tell` writes in the
 * same commit, where the step has ended by it. False: `looked`, and the lock is not ours any more; nothing is recorded.
 */
export async function recordEnding(db: Kysely<Database>, end: Ending, now: Date, tell?: (trx: Trx) => Promise<void>): Promise<boolean> {
  const looked = end.looked === true ? end.fence : undefined;
  // One statement is one commit; only what has to look first, or is more than one, needs a transaction around it.
  if (!end.hold?.shared && !isUnknown(end) && !tell && looked === undefined) {
    await endStep(db, end, now);
    return true;
  }
  return await db.transaction().execute(async (trx) => {
    if (looked !== undefined && !(await isStillLocked(trx, looked))) return false;
    if (await endStep(trx, end, now)) await tell?.(trx);
    return true;
  });
}

const isUnknown = (end: Ending): boolean => end.outcome === 'unknown' && end.identity.kind === 'do';

/** In the caller's transaction, or where the ending needs none, on its own. False: it had ended before. */
export async function endStep(db: Db, end: Ending, now: Date): Promise<boolean> {
  const { identity: id, facts } = end;
  const hold = end.hold?.shared ? await sharedHold(db, id.runId, end.hold) : end.hold;
  const holdId = hold ? newId('hld', now) : null;
  const parts = [
    ...(hold && holdId ? [placeHold(holdId, end, hold)] : []),
    ...(end.holdEnd ? [endHold(end.holdEnd)] : []),
    ...(end.fence === undefined ? [] : [giveLockParts(end.fence, sql`ended`)]),
  ];
  const { rows } = await sql<{ seq: string }>`
    with ended as (
      insert into steps (run_id, key, generation, step_id, kind, verb, risk, connector, params, why, entity, entity_name, entity_id, says, state,
                         before, after, outcome, output, error, decision, recovered, hold_id, ended_at)
      values (${id.runId}, ${id.key}, ${id.generation}, ${id.stepId}, ${id.kind}, ${facts.verb ?? null}, ${facts.risk ?? null}, ${facts.connector ?? null},
        ${jsonText(facts.params ?? {})}, ${facts.why ?? null}, ${facts.entity ?? null}, ${facts.entityName ?? null}, ${facts.entityId ?? null},
        ${facts.says ?? null}, 'ended', ${json(end.before)}, ${json(end.after)}, ${end.outcome}, ${json(end.output)}, ${json(end.error)},
        ${json(end.decision)}, ${end.recovered}, ${holdId}, clock_timestamp())
      on conflict (run_id, key, generation) do update set
        state = 'ended', waiting_on = null, waiting_until = null, lease_until = null,
        verb = coalesce(excluded.verb, steps.verb), risk = coalesce(excluded.risk, steps.risk),
        connector = coalesce(excluded.connector, steps.connector),
        entity = coalesce(excluded.entity, steps.entity), entity_name = coalesce(excluded.entity_name, steps.entity_name),
        entity_id = coalesce(excluded.entity_id, steps.entity_id), says = coalesce(excluded.says, steps.says),
        before = coalesce(steps.before, excluded.before), after = excluded.after, outcome = excluded.outcome, output = excluded.output,
        error = excluded.error, decision = coalesce(excluded.decision, steps.decision), recovered = excluded.recovered,
        hold_id = coalesce(excluded.hold_id, steps.hold_id), ended_at = clock_timestamp(),
        intent_at = case when ${end.neverSent === true} then null
          -- refused, withdrawn, and done all the same: it counts under the limits
          when ${end.recovered && id.kind === 'do'} then coalesce(steps.intent_at, clock_timestamp()) else steps.intent_at end
      where steps.state <> 'ended'
      returning key
    )${sql.join(
      parts.map((part) => sql`, ${part.with}`),
      sql``,
    )}
    -- The counts make the database do all of the parts first: the chain's lock comes last, as everywhere.
    select ${auditCall(id.runId, auditOf(end, holdId, now))} as seq
    from ended${sql.join(
      parts.map((part) => sql`, (select count(*) from ${part.last}) as ${part.last}_count`),
      sql``,
    )}`.execute(db);
  if (rows.length > 0 && isUnknown(end)) await oweUnknown(db, newId('hld', now), end);
  return rows.length > 0;
}

function auditOf(end: Ending, holdId: string | null, now: Date): NewAuditEvent[] {
  const { identity: id, facts } = end;
  const error = end.error !== null && typeof end.error === 'object' && 'code' in end.error ? end.error.code : undefined;
  const what = { key: id.key, generation: id.generation, kind: id.kind, verb: facts.verb, entity: facts.entity };
  const code = end.outcome === 'denied' ? 'effect.denied' : end.outcome === 'unknown' ? 'effect.unknown' : 'effect.outcome';
  const events: NewAuditEvent[] = [
    {
      at: now,
      code,
      actor: 'cordon',
      body: { ...what, outcome: end.outcome, error, recovered: end.recovered, rule: ruleOf(end.decision) },
    },
  ];
  const held = { hold: holdId, entity: facts.entity, verb: facts.verb };
  if (holdId) events.push({ at: now, code: end.recovered ? 'hold.recovered' : 'hold.placed', actor: 'cordon', body: held });
  if (end.holdEnd) {
    const { id: hold, state, reason, by } = end.holdEnd;
    events.push({ at: now, code: `hold.${state}`, actor: by, body: { hold, entity: facts.entity, verb: facts.verb, reason } });
  }
  return events;
}

/**
 * With the before-state of the run that did it; undefined where no run of ours holds it. The entity's lock keeps that from changing. Whose answer was
 * lost has not entered the ledger yet: what it intended counts as well.
 */
async function sharedHold(db: Db, runId: string, hold: HoldPlaced): Promise<HoldPlaced | undefined> {
  const { rows } = await sql<{ before: unknown }>`
    select before from (
      select before, placed_at as at, run_id, entity, verb, connector from holds where state in ('active', 'debt')
      union all
      select s.before, coalesce(s.intent_at, s.lease_until), s.run_id, s.entity, s.verb, s.connector from steps s join runs r on r.id = s.run_id
      where s.entity = ${hold.entity} and s.kind = 'do' and s.before is not null and ${maybeSent('s')}
        and r.state in ('starting', 'running', 'waiting')
    ) ours
    where entity = ${hold.entity} and verb = ${hold.verb} and connector = ${hold.connector} and run_id <> ${runId}
    order by at limit 1`.execute(db);
  return rows[0] && { ...hold, before: rows[0].before };
}

function placeHold(holdId: string, end: Ending, hold: HoldPlaced): StatementPart {
  const { identity: id } = end;
  const expires = hold.expiresInMs === undefined ? sql`null::timestamptz` : sql`now() + ${hold.expiresInMs} * interval '1 millisecond'`;
  return {
    last: sql`placed`,
    with: sql`placed as (
      insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, entity_names, verb, connector, params, before,
                         says_undo, recovered, expires_at, on_expiry)
      select ${holdId}, ${id.runId}, ${id.key}, ${id.generation}::int, ${id.stepId}, ${end.incidentId}, ${hold.entity}, ${hold.entityName},
        ${hold.entityId}, ${namesOf(hold)}::text[], ${hold.verb}, ${hold.connector}, ${jsonText(hold.params)}::jsonb, ${jsonText(hold.before)}::jsonb, ${hold.saysUndo},
        ${end.recovered}::boolean, ${expires}, ${hold.onExpiry ?? null}
      from ended
      on conflict (run_id, key, generation) do nothing returning id
    )`,
  };
}

/** A reversible effect that may be in force is owed; whoever undoes it compares its before-state first. */
async function oweUnknown(db: Db, holdId: string, end: Ending): Promise<void> {
  const { identity: id } = end;
  await sql`
    insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, entity_names, verb, connector, params, before,
                       says_undo, state, debt_reason, debt_owner, debt_since)
    select ${holdId}, run_id, key, generation, step_id, ${end.incidentId}, entity, coalesce(entity_name, entity), coalesce(entity_id, entity), entity_names,
      verb, connector, params, before, 'Undo: ' || coalesce(says, verb), 'debt', 'it is not known whether it took effect',
      coalesce((select v.plan->>'owner' from runs r join playbook_versions v on v.digest = r.plan_digest where r.id = ${id.runId}), 'admin'), now()
    from steps where run_id = ${id.runId} and key = ${id.key} and generation = ${id.generation} and risk = 'reversible'
      and entity is not null and before is not null and verb is not null and connector is not null
    on conflict (run_id, key, generation) do nothing`.execute(db);
}

function endHold(end: NonNullable<Ending['holdEnd']>): StatementPart {
  return {
    last: sql`unheld`,
    with: sql`unheld as (
      update holds set state = ${end.state}, ended_at = now(), ended_by = ${end.by},
        debt_reason = ${end.state === 'debt' ? (end.reason ?? null) : null}${
          end.state === 'debt' ? sql`, debt_since = coalesce(debt_since, now()), debt_owner = ${debtOwner}` : sql``
        }
      from ended where id = ${end.id} and state in ('active', 'releasing', 'debt') returning id
    )`,
  };
}

export interface WaitingStep {
  readonly identity: StepIdentity;
  readonly facts: StepFacts;
  readonly on: string;
  readonly untilMs: number;
  readonly approvalId?: string;
  readonly decision?: unknown;
}

/** Not its own doing: what waited long for these is looked at again before it is done. */
const HELD_BACK: readonly string[] = ['freeze', 'outage'];

/**
 * Of an undo it is the patience with its product (activities/outage.ts): a freeze, which people lift, ends the count; a turn for the lock does not.
 * Named as `steps`, before it is changed.
 */
export const heldStill = sql`case when steps.kind = 'undo' and steps.waiting_on = 'freeze' then null else steps.held_since end`;

/** The step waits and says on what; its run's working place is given back when `freePlace`. */
export async function recordWaiting(db: Db, wait: WaitingStep, freePlace: boolean): Promise<void> {
  const { identity: id, facts } = wait;
  const heldSince = HELD_BACK.includes(wait.on) ? sql`clock_timestamp()` : sql`null::timestamptz`;
  await sql`
    with waiting as (
      insert into steps (run_id, key, generation, step_id, kind, verb, risk, connector, params, why, entity, entity_name, entity_id, says, state,
                         waiting_on, waiting_until, held_since, approval_id, decision)
      values (${id.runId}, ${id.key}, ${id.generation}, ${id.stepId}, ${id.kind}, ${facts.verb ?? null}, ${facts.risk ?? null}, ${facts.connector ?? null},
        ${jsonText(facts.params ?? {})}, ${facts.why ?? null}, ${facts.entity ?? null}, ${facts.entityName ?? null}, ${facts.entityId ?? null},
        ${facts.says ?? null}, 'waiting', ${wait.on}, clock_timestamp() + ${wait.untilMs} * interval '1 millisecond', ${heldSince},
        ${wait.approvalId ?? null}, ${json(wait.decision)})
      on conflict (run_id, key, generation) do update set
        -- an open intent stays one: the wait is for its own lease
        state = case when steps.state = 'intent' then 'intent' else 'waiting' end,
        waiting_on = excluded.waiting_on, waiting_until = excluded.waiting_until,
        held_since = coalesce(case when steps.waiting_on = excluded.waiting_on then steps.held_since else ${heldStill} end, excluded.held_since),
        approval_id = coalesce(excluded.approval_id, steps.approval_id),
        says = coalesce(excluded.says, steps.says), decision = coalesce(excluded.decision, steps.decision)
      where steps.state <> 'ended'
    )
    update runs set progress_at = now(), state = case when ${freePlace} then 'waiting' else state end,
      place_until = case when ${freePlace} then null else place_until end
    where id = ${id.runId} and state in ('starting', 'running', 'waiting')`.execute(db);
}

/** For people who look: it is being tried, and `error` says how it failed last. What is known better already stays as it is. */
export async function recordTrying(db: Db, id: StepIdentity, facts: StepFacts, error: unknown): Promise<void> {
  await sql`
    insert into steps (run_id, key, generation, step_id, kind, verb, params, why, state, error)
    select ${id.runId}, ${id.key}, ${id.generation}, ${id.stepId}, ${id.kind}, ${facts.verb ?? null}, ${jsonText(facts.params ?? {})},
      ${facts.why ?? null}, 'reading', ${json(error)}
    where exists (select from runs where id = ${id.runId} and state in ('starting', 'running', 'waiting'))
    on conflict (run_id, key, generation) do update set error = coalesce(excluded.error, steps.error) where steps.state = 'reading'`.execute(
    db,
  );
}

/** A read's answer, for the timeline: one statement, no audit event, nothing to undo. */
export async function recordRead(db: Db, id: StepIdentity, facts: StepFacts, output: unknown): Promise<void> {
  await sql`
    insert into steps (run_id, key, generation, step_id, kind, verb, risk, connector, params, entity, entity_name, entity_id, says, state, outcome,
                       output, ended_at)
    values (${id.runId}, ${id.key}, ${id.generation}, ${id.stepId}, ${id.kind}, ${facts.verb ?? null}, 'read', ${facts.connector ?? null},
      ${jsonText(facts.params ?? {})}, ${facts.entity ?? null}, ${facts.entityName ?? null}, ${facts.entityId ?? null}, ${facts.says ?? null},
      'ended', 'read', ${json(output)}, clock_timestamp())
    on conflict (run_id, key, generation) do update set state = 'ended', outcome = 'read', risk = 'read', connector = excluded.connector,
      entity = excluded.entity, entity_name = excluded.entity_name, entity_id = excluded.entity_id, says = excluded.says,
      output = excluded.output, error = null, waiting_on = null, waiting_until = null, ended_at = excluded.ended_at
    where steps.state <> 'ended'`.execute(db);
}
