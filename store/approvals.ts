// Approvals and questions. The store alone decides and expires: one row, its own clock, conditional updates.
import { type Kysely, sql } from 'kysely';
import {
  type Absent,
  type ApprovalState,
  approvers,
  type Decider,
  mayDecide,
  needsReason,
  type RecordedDecision,
  tally,
  whyNotProven,
} from '../policy/approval.ts';
import type { Requirement } from '../policy/policy.ts';
import { appendAudit, type NewAuditEvent } from './audit.ts';
import { decisionsOf } from './decisions-sql.ts';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { type LockedApproval, lockApproval, questionOf } from './lock-approval.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** One effect under an approval, as it was shown. */
export interface ApprovalItemRecord {
  readonly key: string;
  /** sha256 over the item's canonical bytes: a change of any parameter, target or connector gives another. */
  readonly digest: string;
  readonly says: string;
  readonly saysUndo?: string;
  readonly verb: string;
  readonly risk: string;
  readonly connector: string;
  readonly simulated: boolean;
  readonly entity?: string;
  readonly entityName?: string;
  readonly why?: string;
  readonly params: unknown;
  readonly before?: unknown;
  readonly owner?: string;
  readonly criticality?: string;
  readonly tags: readonly string[];
  readonly dependents: readonly string[];
  /** Of a person as the target, all exact names, lower case: who has one of them may not approve it. */
  readonly names?: readonly string[];
  /** What policy said of it, and in a group's approval also by which policy and from which facts. */
  readonly policy: {
    readonly effect: string;
    readonly rule: string;
    readonly reason: string;
    readonly policy?: string;
    readonly facts?: Readonly<Record<string, unknown>>;
  };
}

export interface ApprovalRecord {
  readonly id: string;
  readonly run_id: string;
  readonly key: string;
  readonly round: number;
  readonly kind: 'approval' | 'question';
  readonly state: ApprovalState;
  readonly digest: string;
  readonly items: readonly ApprovalItemRecord[];
  readonly requirement: Requirement;
  readonly answer: unknown;
  readonly silence: string | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  /** By the store's clock, ms; negative when over. */
  readonly left_ms: number;
  /** Of a granted one, ms until it is stale; null: none set. */
  readonly use_left_ms: number | null;
  readonly decisions: readonly RecordedDecision[];
}

/** The latest round of each key. With `lock` the rows are held until the end of the transaction. */
export async function latestApprovals(trx: Db, runId: string, keys: readonly string[], lock: boolean): Promise<ApprovalRecord[]> {
  // In a statement of its own, so that the next one sees all that was committed before the lock was given (see lock-approval.ts).
  if (lock)
    await sql`select id from approvals where run_id = ${runId} and key = any(${keys as string[]}) order by id for update`.execute(trx);
  const { rows } = await sql<ApprovalRecord>`
    select a.id, a.run_id, a.key, a.round, a.kind, a.state, a.digest, a.items, a.requirement, a.answer, a.silence, a.decided_by,
      to_json(a.decided_at)#>>'{}' as decided_at,
      (extract(epoch from a.expires_at - clock_timestamp()) * 1000)::float8 as left_ms,
      (extract(epoch from a.use_by - clock_timestamp()) * 1000)::float8 as use_left_ms,
      ${decisionsOf()} as decisions
    from approvals a
    where a.run_id = ${runId} and a.key = any(${keys as string[]})
      and a.round = (select max(b.round) from approvals b where b.run_id = a.run_id and b.key = a.key)
    order by a.id`.execute(trx);
  return rows;
}

export interface NewApproval {
  readonly runId: string;
  readonly incidentId: string;
  readonly key: string;
  readonly stepId: string;
  readonly round: number;
  readonly kind: 'approval' | 'question';
  readonly title: string;
  readonly items: readonly ApprovalItemRecord[];
  readonly canonical: string;
  readonly digest: string;
  readonly requirement: Requirement;
  readonly choices?: readonly string[];
  /** A question's form or rows, as they are shown. */
  readonly asked?: object;
  readonly silence?: string;
  readonly addressedTo: unknown;
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  /** Who else is asked, when. */
  readonly escalate?: readonly { readonly afterMs: number; readonly to: unknown }[];
}

/** Opens it and owes people a notification, in the caller's transaction. The same key and round a second time changes nothing. */
export async function openApproval(trx: Db, wanted: NewApproval, now: Date): Promise<string> {
  const id = newId('apr', now);
  const expires = sql`now() + ${wanted.withinMs} * interval '1 millisecond'`;
  const { rows } = await sql<{ id: string; fresh: boolean }>`
    with made as (
      insert into approvals (state, id, run_id, incident_id, key, step_id, round, kind, title, items, canonical, digest, requirement, choices, asked, silence,
                             addressed_to, expires_at, remind_at)
      -- What was withdrawn while somebody still looked at it (withdrawStep) is put to nobody.
      values (case when exists (select from steps where run_id = ${wanted.runId} and key = ${wanted.key} and generation = 0 and state = 'ended')
          then 'withdrawn' else 'open' end,
        ${id}, ${wanted.runId}, ${wanted.incidentId}, ${wanted.key}, ${wanted.stepId}, ${wanted.round}, ${wanted.kind}, ${wanted.title},
              ${jsonText(wanted.items)}, ${wanted.canonical}, ${wanted.digest}, ${jsonText(wanted.requirement)},
              ${wanted.choices ? [...wanted.choices] : null}, ${wanted.asked ? jsonText(wanted.asked) : null}::jsonb, ${wanted.silence ?? null}, ${jsonText(wanted.addressedTo)}, ${expires},
              (select coalesce(array_agg(now() + ms * interval '1 millisecond'), '{}') from unnest(${[...wanted.remindMs]}::float8[]) ms))
      on conflict (run_id, key, round) do nothing
      returning id, state
    ), chain as (
      insert into escalations (approval_id, step, at, addressed_to)
      select made.id, e.step, now() + e."afterMs" * interval '1 millisecond', e."to"
      from made, jsonb_to_recordset(${jsonText(chainOf(wanted))}::jsonb) as e (step int, "afterMs" float8, "to" jsonb) where made.state = 'open'
    ), owed as (
      insert into outbox (kind, about, dedupe, payload, priority)
      select 'notify', ${wanted.runId}, 'notify:' || id || ':opened', jsonb_build_object('approvalId', id, 'about', 'opened'), 6 from made where state = 'open'
    )
    select id, state = 'open' as fresh from made
    union all select id, false from approvals where run_id = ${wanted.runId} and key = ${wanted.key} and round = ${wanted.round}`.execute(
    trx,
  );
  const found = rows[0];
  if (!found) throw new Error(`the approval of ${wanted.runId} ${wanted.key} was neither made nor found`);
  if (found.fresh) {
    const body = {
      approval: found.id,
      key: wanted.key,
      digest: wanted.digest,
      kind: wanted.kind,
      count: wanted.requirement.count,
      role: wanted.requirement.role,
    };
    await appendAudit(trx, wanted.runId, [{ at: now, code: 'approval.opened', actor: 'cordon', body }]);
  }
  return found.id;
}

const chainOf = ({ escalate = [] }: Pick<NewApproval, 'escalate'>) => escalate.map((one, step) => ({ step, ...one }));

/** Why an approval is void, as it is kept and shown. */
const VOID_REASONS = {
  changed: 'what it would do has changed since it was shown',
  full: 'a limit has become full since it was approved',
  stale: 'it was approved too long ago',
} as const;

/** Rounds of it that are void because of a change; one that became old or met a full limit is none. */
export async function countChanges(trx: Db, of: { readonly runId: string; readonly key: string }): Promise<number> {
  const { rows } = await sql<{ changes: number }>`select count(*)::int as changes from approvals
    where run_id = ${of.runId} and key = ${of.key} and state = 'void' and void_reason = ${VOID_REASONS.changed}`.execute(trx);
  return rows[0]?.changes ?? 0;
}

/** What it says no longer holds: nothing under it may happen. A further round may be opened. */
export async function voidApproval(
  trx: Db,
  approval: { id: string; runId: string },
  why: keyof typeof VOID_REASONS,
  now: Date,
): Promise<void> {
  const reason = VOID_REASONS[why];
  await sql`update approvals set state = 'void', void_reason = ${reason}, decided_at = now() where id = ${approval.id} and state in ('open', 'granted')`.execute(
    trx,
  );
  await appendAudit(trx, approval.runId, [{ at: now, code: 'approval.void', actor: 'cordon', body: { approval: approval.id, reason } }]);
}

/** What is needed from now on, for how long, and who hears of it when. */
export type Raise = Pick<NewApproval, 'runId' | 'requirement' | 'withinMs' | 'remindMs' | 'escalate'>;

/**
 * A stricter policy asks only for the difference: what was decided stays, the requirement grows, it is open again. People hear of it as of a new
 * one: by a message, reminders, escalations (numbered on from those that were told) and, if they want, one more "I have it".
 */
export async function raiseRequirement(trx: Trx, id: string, raise: Raise, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with before as (
      select id, decided_at from approvals where id = ${id} and state = 'granted'
    ), raised as (
      update approvals a set state = 'open', requirement = ${jsonText(raise.requirement)}, decided_at = null, decided_by = null, use_by = null,
        acked_by = null, acked_at = null, acked_until = null, expires_at = now() + ${raise.withinMs} * interval '1 millisecond',
        remind_at = (select coalesce(array_agg(now() + ms * interval '1 millisecond'), '{}') from unnest(${[...raise.remindMs]}::float8[]) ms)
      from before where a.id = before.id returning a.id
    ), untold as (
      delete from escalations e using raised where e.approval_id = raised.id and not e.told
    ), chain as (
      insert into escalations (approval_id, step, at, addressed_to)
      select raised.id, e.step + 1 + coalesce((select max(step) from escalations where approval_id = raised.id), -1),
        now() + e."afterMs" * interval '1 millisecond', e."to"
      from raised, jsonb_to_recordset(${jsonText(chainOf(raise))}::jsonb) as e (step int, "afterMs" float8, "to" jsonb)
    ), owed as (
      insert into outbox (kind, about, dedupe, payload, priority)
      select 'notify', ${raise.runId}, 'notify:' || id || ':raised:' || decided_at,
        jsonb_build_object('approvalId', id, 'about', 'raised', 'due', decided_at::text), 6 from before
    )
    select id from raised`.execute(trx);
  if (rows.length === 0) return;
  const { count, role, reasons } = raise.requirement;
  const body = { approval: id, count, role, reason: reasons.map(({ rule, reason }) => `${rule}: ${reason}`).join('; ') };
  await appendAudit(trx, raise.runId, [{ at: now, code: 'approval.raised', actor: 'cordon', body }]);
}

export interface DecideInput {
  readonly approvalId: string;
  readonly person: Decider & { readonly name: string };
  /** Policy lets authors approve what their playbooks ask for. Default: it does not. */
  readonly authorMay?: boolean;
  readonly decision: 'approve' | 'deny' | 'answer';
  /** A choice; or a form's values or a row's answers, checked against what was asked: the digest says that it was this question. */
  readonly answer?: unknown;
  /** As shown to the person. */
  readonly digest: string;
  readonly reason: string;
  readonly channel: string;
  /** How long a grant stays fresh, ms. */
  readonly useByMs: number;
  readonly now: Date;
}

export type DecideResult =
  | { readonly kind: 'recorded'; readonly state: ApprovalState; readonly given: number; readonly needed: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

const refused = (code: string, message: string): DecideResult => ({ kind: 'refused', code, message });

/** Records one person's decision and what follows from it; the run is woken by the same commit. Call `store.wake('outbox')` after it. */
export async function decideApproval(db: Kysely<Database>, input: DecideInput): Promise<DecideResult> {
  return await db.transaction().execute(async (trx) => {
    const approval = await lockApproval(trx, input.approvalId, input.person);
    if (!approval) return refused('APPROVAL_NOT_FOUND', `there is no approval ${input.approvalId}`);
    const permission = mayDecide(questionOf(approval, input.authorMay ?? false), input.person, input.decision);
    if (!permission.ok) return refused(permission.code, permission.reason);
    if (input.digest !== approval.digest) {
      return refused('APPROVAL_CHANGED', 'what was shown is no longer what is asked: load it again and read it anew');
    }
    if (input.decision === 'answer' && !isAnswer(approval, input.answer)) {
      return refused(
        'APPROVAL_CHOICE',
        approval.is_form ? 'answer what is asked' : `answer with one of: ${(approval.choices ?? []).join(', ')}`,
      );
    }
    const missing = input.decision === 'approve' ? whatIsMissing(approval, input) : undefined;
    return missing ?? (await record(trx, approval, input, permission.standsInFor));
  });
}

/** An approval may need more than a yes: a reason where it cannot be taken back, a fresh proof of who says it. */
function whatIsMissing(approval: LockedApproval, { person, reason }: DecideInput): DecideResult | undefined {
  if (needsReason(approval.items) && reason.trim() === '')
    return refused('APPROVAL_REASON', 'part of it cannot be taken back: say why it is right, and it is kept with the approval');
  const unproven = whyNotProven(approval.requirement, person);
  return unproven && refused(unproven.code, unproven.reason);
}

const isAnswer = (approval: LockedApproval, answer: unknown): boolean =>
  approval.is_form
    ? typeof answer === 'object' && answer !== null
    : typeof answer === 'string' && approval.choices?.includes(answer) === true;

const ENDING_CODES = {
  granted: 'approval.granted',
  denied: 'approval.denied',
  answered: 'approval.answered',
  expired: 'approval.expired',
  void: 'approval.void',
  withdrawn: 'approval.withdrawn',
} as const;

async function record(trx: Trx, approval: LockedApproval, input: DecideInput, absent: Absent | undefined): Promise<DecideResult> {
  const { person, decision, now } = input;
  const proven = person.provenAgoMs ?? null;
  await sql`insert into decisions (approval_id, person_id, iss, sub, role, decision, answer, reason, channel, proven_ago_ms, for_person_id)
    values (${approval.id}, ${person.id}, ${person.iss}, ${person.sub}, ${person.role}, ${decision}, ${typeof input.answer === 'string' ? input.answer : null}, ${input.reason}, ${input.channel}, ${proven}, ${absent?.id ?? null})
    on conflict (approval_id, iss, sub) do update set decision = excluded.decision, reason = excluded.reason, at = now(), role = excluded.role,
      channel = excluded.channel, proven_ago_ms = excluded.proven_ago_ms, for_person_id = excluded.for_person_id`.execute(trx);
  const mine: RecordedDecision = {
    iss: person.iss,
    sub: person.sub,
    role: person.role,
    decision,
    provenAgoMs: proven,
    for: absent ?? null,
  };
  const said = { approval: approval.id, digest: approval.digest, decision, channel: input.channel, ...(absent ? { for: absent.id } : {}) };
  const decisions = [...approval.decisions.filter((one) => one.iss !== person.iss || one.sub !== person.sub), mine];
  const state: ApprovalState = decision === 'answer' ? 'answered' : tally(approval.requirement, decisions);
  const audit: NewAuditEvent[] = [
    {
      at: now,
      code: 'approval.decision',
      actor: person.id,
      body: said,
    },
  ];
  if (state !== 'open') {
    await sql`
      with ended as (
        update approvals set state = ${state}, decided_at = now(), decided_by = ${absent ? `${person.name} for ${absent.name}` : person.name},
          answer = ${input.answer === undefined ? null : jsonText(input.answer)}, use_by = now() + ${input.useByMs} * interval '1 millisecond'
        where id = ${approval.id} returning run_id
      )
      ${armWakes(sql`ended`)}`.execute(trx);
    audit.push({
      at: now,
      code: ENDING_CODES[state],
      actor: person.id,
      body: said,
    });
  }
  await appendAudit(trx, approval.run_id, audit);
  return { kind: 'recorded', state, given: approvers(approval.requirement, decisions), needed: approval.requirement.count };
}

/** Expires what is due, by the store's clock, and wakes the runs. Returns the ids. */
export async function expireDue(db: Kysely<Database>, now: Date): Promise<string[]> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string; run_id: string }>`
      with due as (
        select id from approvals where state = 'open' and expires_at <= clock_timestamp() order by id limit 100 for update skip locked
      ), ended as (
        update approvals set state = 'expired', decided_at = now() where id in (select id from due) returning id, run_id
      ), runs_of as (
        select distinct run_id from ended
      ), owed as (
        ${armWakes(sql`runs_of`)}
      )
      select id, run_id from ended order by run_id`.execute(trx);
    for (const row of rows) {
      await appendAudit(trx, row.run_id, [{ at: now, code: 'approval.expired', actor: 'cordon', body: { approval: row.id } }]);
    }
    return rows.map((row) => row.id);
  });
}
