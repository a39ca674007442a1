// May this effect begin, now? Looked at in the same commit that records its intent: freeze, policy, and the stored decisions.
import type { Json } from '../connectors/connector.ts';
import type { ApproveWish, PerformItem } from '../engine/command.ts';
import { reachable } from '../policy/addressed.ts';
import { approvers } from '../policy/approval.ts';
import { decide, fullLimits, limitsOf, mergeRequirements } from '../policy/decide.ts';
import type { Limit, Requirement } from '../policy/policy.ts';
import { requirementOfWish } from '../policy/requirement.ts';
import {
  type ApprovalItemRecord,
  type ApprovalRecord,
  countChanges,
  latestApprovals,
  openApproval,
  raiseRequirement,
  voidApproval,
} from '../store/approvals.ts';
import { noteGateDenied } from '../store/denied.ts';
import { readGuards } from '../store/intent.ts';
import type { BoundRun } from '../store/runs.ts';
import type { Trx } from '../store/store.ts';
import { approvalDigest, approvalItem } from './approval-item.ts';
import { chainOf } from './asked-of.ts';
import { deniedBy } from './denied.ts';
import type { ActivityDeps } from './deps.ts';
import { type DecisionRecord, factsOf, recordOf } from './facts.ts';
import type { Resolved } from './resolve-target.ts';
import { sayFull } from './say-full.ts';

/** What is asked to be admitted. */
export interface Candidate {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly resolved: Resolved;
  readonly before: Json | undefined;
  /** The playbook's own requirement; absent when it asks nobody. */
  readonly wish?: ApproveWish;
  /** Key of the group gate that may cover it. */
  readonly gate?: string;
}

export type Admission =
  | { readonly kind: 'go'; readonly decision: DecisionRecord; readonly approvalId?: string; readonly by?: string }
  | {
      readonly kind: 'denied';
      readonly code: string;
      readonly message: string;
      readonly decision: DecisionRecord;
      readonly expired?: boolean;
      /** Id of the step whose decision was denied, where that is not this one: nothing more begins under it. */
      readonly step?: string;
    }
  | {
      readonly kind: 'wait';
      readonly on: 'approval' | 'freeze';
      readonly remainingMs: number;
      readonly detail: string;
      readonly approvalId?: string;
      readonly decision: DecisionRecord;
    };

/** After this many times of "something changed" nobody is asked again: the step is denied and people are paged. */
const MAX_CHANGES = 2;
const FROZEN_LOOK_AGAIN_MS = 60_000;

export async function admit(trx: Trx, deps: ActivityDeps, candidate: Candidate): Promise<Admission> {
  const { run, item, resolved, before } = candidate;
  const policy = deps.policy();
  const known = factsOf(deps, run, resolved);
  const claimant = { runId: run.id, key: item.key };
  // From here on the limits that it counts under are ours alone: a last place is taken by one effect only.
  const { freeze, used } = await readGuards(trx, claimant, { connector: resolved.instance.id, verb: item.verb }, limitsOf(policy, known));
  const facts = { ...known, used };
  const decided = decide(policy, facts);
  const decision = recordOf(decided, facts, policy.digest);
  if (freeze && (freeze.scoped || resolved.action.risk !== 'additive')) {
    const detail = `frozen by ${freeze.by}: ${freeze.reason}`;
    return { kind: 'wait', on: 'freeze', remainingMs: FROZEN_LOOK_AGAIN_MS, detail, decision };
  }
  const full = fullLimits(policy, facts);
  if (decided.effect === 'deny') {
    await sayFull(trx, deps, claimant, full);
    return { kind: 'denied', code: 'POLICY_DENIED', message: `refused by ${decided.rule}: ${decided.reason}`, decision };
  }
  const asked = mergeRequirements(requirementOfWish(candidate.wish), decided.effect === 'ask' ? decided.requirement : undefined);
  const requirement = mergeRequirements(asked, staleRequirement(deps, candidate));
  if (!requirement) return { kind: 'go', decision };
  const approvals = await latestApprovals(trx, run.id, candidate.gate === undefined ? [item.key] : [item.key, candidate.gate], true);
  const shown = approvalItem(run, item, resolved, before, decided);
  return await underApproval(trx, deps, { candidate, decision, requirement, shown, approvals, full });
}

/**
 * What a freeze, an outage or a full queue has held back is not fired late: after the time that an approval stays fresh, a person looks again.
 */
function staleRequirement(deps: ActivityDeps, { run, resolved }: Candidate): Requirement | undefined {
  const heldMs = Math.max(run.step?.held_ms ?? 0, run.kind === 'playbook' ? run.late_ms : 0);
  if (resolved.action.risk === 'additive' || heldMs <= deps.policy().approvalUseByMs) return undefined;
  // Only what never changes with time: reasons are compared, and whoever has decided must not be asked for the same again.
  return { count: 1, role: 'responder', reasons: [{ rule: 'stale', reason: 'it was held back for long, so a person looks at it again' }] };
}

interface Question {
  readonly candidate: Candidate;
  readonly decision: DecisionRecord;
  readonly requirement: Requirement;
  readonly shown: ApprovalItemRecord;
  readonly approvals: readonly ApprovalRecord[];
  readonly full: readonly Limit[];
}

async function underApproval(trx: Trx, deps: ActivityDeps, question: Question): Promise<Admission> {
  const { candidate, decision, approvals, shown } = question;
  const gate = candidate.gate === undefined ? undefined : approvals.find((one) => one.key === candidate.gate);
  // A denial wins until something under it has begun, also where the gate had let the run pass: nobody is asked a second time.
  if (gate?.state === 'denied') {
    await noteGateDenied(trx, candidate.run.id, gate, candidate.item.key);
    return { kind: 'denied', ...deniedBy(gate, candidate.item.key), decision };
  }
  const covered = gate && covers(gate, shown) && usable(gate, question);
  if (gate && covered) return { kind: 'go', decision, approvalId: gate.id, ...by(gate) };
  const own = approvals.find((one) => one.key === candidate.item.key);
  if (!own) return await ask(trx, deps, question, 0);
  if (own.state === 'denied') return { kind: 'denied', ...deniedBy(own, own.key), decision };
  if (own.state === 'expired') {
    return { kind: 'denied', code: 'APPROVAL_EXPIRED', message: 'nobody approved in time; silence means no', decision, expired: true };
  }
  if (own.state === 'withdrawn') return { kind: 'denied', code: 'APPROVAL_WITHDRAWN', message: 'the approval was withdrawn', decision };
  if (own.state === 'void') return await askAgain(trx, deps, question, own);
  if (!covers(own, shown)) {
    await voidApproval(trx, { id: own.id, runId: candidate.run.id }, 'changed', deps.now());
    return await askAgain(trx, deps, question, own);
  }
  if (own.state === 'open') return pending(own, decision);
  if (!isEnough(own, question)) {
    const { run, item } = candidate;
    await sayFull(trx, deps, { runId: run.id, key: item.key }, question.full);
    const asked = { runId: run.id, requirement: question.requirement, ...timesOf(deps, question) };
    await raiseRequirement(trx, own.id, asked, deps.now());
    return pending({ ...own, left_ms: asked.withinMs }, decision);
  }
  if (!knewOf(own, question.full)) {
    await voidApproval(trx, { id: own.id, runId: candidate.run.id }, 'full', deps.now());
    return await ask(trx, deps, question, own.round + 1);
  }
  if (own.use_left_ms !== null && own.use_left_ms <= 0) {
    await voidApproval(trx, { id: own.id, runId: candidate.run.id }, 'stale', deps.now());
    return await ask(trx, deps, question, own.round + 1);
  }
  return { kind: 'go', decision, approvalId: own.id, ...by(own) };
}

const by = (approval: ApprovalRecord): { by?: string } => (approval.decided_by === null ? {} : { by: approval.decided_by });

/** Was exactly this shown? */
const covers = (approval: ApprovalRecord, shown: ApprovalItemRecord): boolean =>
  approval.items.some((item) => item.key === shown.key && item.digest === shown.digest);

const usable = (gate: ApprovalRecord, question: Question): boolean =>
  gate.state === 'granted' &&
  (gate.use_left_ms === null || gate.use_left_ms > 0) &&
  isEnough(gate, question) &&
  knewOf(gate, question.full);

/** Nobody approves what is done to themselves, and nobody whose own account was contained since has approved anything. */
function isEnough(approval: ApprovalRecord, { requirement, candidate }: Question): boolean {
  const { target } = candidate.resolved;
  const names = target?.entity.kind === 'user' ? target.names : [];
  const others = approval.decisions.filter((one) => one.contained !== true && !one.names?.some((name) => names.includes(name)));
  return approvers(requirement, others) >= requirement.count;
}

/** Did those who approved it see that these limits are full? */
const knewOf = (approval: ApprovalRecord, full: readonly Limit[]): boolean =>
  full.every((limit) => approval.requirement.reasons.some((reason) => reason.rule === limit.name));

const pending = (approval: ApprovalRecord, decision: DecisionRecord): Admission => ({
  kind: 'wait',
  on: 'approval',
  remainingMs: approval.left_ms,
  detail: 'waits for an approval',
  approvalId: approval.id,
  decision,
});

async function askAgain(trx: Trx, deps: ActivityDeps, question: Question, own: ApprovalRecord): Promise<Admission> {
  const changes = await countChanges(trx, { runId: question.candidate.run.id, key: own.key });
  if (changes >= MAX_CHANGES) {
    const message = `it changed ${changes} times while it was asked for; nobody is asked again`;
    await deps.page(message, { runId: question.candidate.run.id, key: `${question.candidate.item.key}.void` }, trx);
    return { kind: 'denied', code: 'APPROVAL_VOID', message, decision: question.decision };
  }
  return await ask(trx, deps, question, own.round + 1);
}

/** How long it is open, and who hears of it when. */
function timesOf(deps: ActivityDeps, { candidate: { wish }, requirement }: Question) {
  return {
    withinMs: wish?.withinMs ?? deps.policy().approvalWithinMs,
    remindMs: wish?.remindMs ?? [],
    ...(wish ? { escalate: chainOf(deps.directory, wish, requirement.role) } : {}),
  };
}

async function ask(trx: Trx, deps: ActivityDeps, question: Question, round: number): Promise<Admission> {
  const { candidate, decision, requirement, shown } = question;
  const { run, item, wish } = candidate;
  await sayFull(trx, deps, { runId: run.id, key: item.key }, question.full);
  const times = timesOf(deps, question);
  const approvalId = await openApproval(
    trx,
    {
      runId: run.id,
      incidentId: run.incident_id,
      key: item.key,
      stepId: item.id,
      round,
      kind: 'approval',
      title: shown.says,
      items: [shown],
      ...approvalDigest([shown]),
      requirement,
      addressedTo: wish ? reachable(deps.directory, wish.by, requirement.role).to : { role: requirement.role },
      ...times,
    },
    deps.now(),
  );
  return {
    kind: 'wait',
    on: 'approval',
    remainingMs: times.withinMs,
    detail: `waits for an approval: ${shown.says}`,
    approvalId,
    decision,
  };
}
