// One decision over everything in a group: each effect is resolved, read and judged by policy, shown, and bound by its digest.
import { Context } from '@temporalio/activity';
import { reachable } from '../policy/addressed.ts';
import { decide, fullLimits, limitsOf, mergeRequirements } from '../policy/decide.ts';
import type { Requirement } from '../policy/policy.ts';
import { requirementOfWish } from '../policy/requirement.ts';
import { type ApprovalItemRecord, type ApprovalRecord, latestApprovals, openApproval } from '../store/approvals.ts';
import { endStep, recordWaiting } from '../store/effects.ts';
import { readPlaces } from '../store/limits.ts';
import { type BoundRun, bindRun } from '../store/runs.ts';
import { approvalDigest, approvalItem } from './approval-item.ts';
import { chainOf, wishOf } from './asked-of.ts';
import type { Breakers } from './breaker.ts';
import type { GateAnswer, GateInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { factsOf, recordOf } from './facts.ts';
import { notInPlan, runNotOurs } from './failure.ts';
import { type Look, lookAtAll, type Seen } from './gate-look.ts';
import type { LocalLanes } from './local-lane.ts';
import { failed, waiting } from './outcome.ts';
import { plannedApprove } from './plan-step.ts';
import { sayFull } from './say-full.ts';

export function gateKeeper(deps: ActivityDeps, outages: Breakers, lanes: LocalLanes): (input: GateInput) => Promise<GateAnswer> {
  return async (input) => {
    const temporalRunId = Context.current().info.workflowExecution?.runId ?? '';
    const run = await bindRun(deps.store.db, input.runId, temporalRunId, { key: input.key, generation: 0 });
    if (!run) throw runNotOurs(input.runId);
    const [existing] = await latestApprovals(deps.store.db, run.id, [input.key], false);
    if (existing) return await answerOf(deps, run, input, existing);
    // Nothing will be done, so nobody is asked.
    if (run.mode === 'observe') return await end(deps, run, input, { outcome: 'done' });
    // Whom it is put to, for how long and who else hears of it is the stored plan's to say: what was sent for the run comes through Temporal.
    const plan = await deps.plan(run.id, run.plan_digest);
    const approve = plan && plannedApprove(plan, input.id);
    if (!approve) throw notInPlan(run.id, input.id);
    const asked = { ...input, approve: wishOf(approve, input.approve) };
    const looks = await lookAtAll({ deps, outages, lanes, run, input: asked });
    return (await waitForAway(deps, run, asked, looks)) ?? (await open(deps, run, asked, looks));
  };
}

/** What a stored approval means for the group. */
async function answerOf(deps: ActivityDeps, run: BoundRun, input: GateInput, approval: ApprovalRecord): Promise<GateAnswer> {
  if (approval.state === 'open') return waiting('approval', approval.left_ms, 'waits for an approval', approval.id);
  if (approval.state === 'granted') return await end(deps, run, input, { outcome: 'done', ...byOf(approval) }, { approvalId: approval.id });
  if (approval.state === 'expired') {
    const result = failed('APPROVAL_EXPIRED', 'nobody approved in time; silence means no', 'expired');
    return await end(deps, run, input, result, { approvalId: approval.id });
  }
  const who = approval.decided_by === null ? '' : ` by ${approval.decided_by}`;
  const result = { ...failed('APPROVAL_DENIED', `${approval.state}${who}`, 'denied'), ...byOf(approval) };
  return await end(deps, run, input, result, { approvalId: approval.id });
}

const byOf = (approval: ApprovalRecord) => ({
  ...(approval.decided_by === null ? {} : { by: approval.decided_by }),
  ...(approval.decided_at === null ? {} : { at: approval.decided_at }),
});

type GateResult = Extract<GateAnswer, { readonly kind: 'ended' }>['result'];

interface EndedBy {
  readonly approvalId?: string;
  /** What policy decided, with its facts: nothing of the group gets as far as to be decided by itself. */
  readonly decision?: unknown;
}

async function end(deps: ActivityDeps, run: BoundRun, input: GateInput, result: GateResult, by: EndedBy = {}): Promise<GateAnswer> {
  const { approvalId, decision } = by;
  const identity = identityOf(input);
  const error = result.error === undefined ? {} : { error: result.error };
  const facts = approvalId === undefined ? {} : { params: { approval: approvalId } };
  const ending = { identity, facts, incidentId: run.incident_id, outcome: result.outcome, recovered: false, decision, ...error };
  await deps.store.db.transaction().execute(async (trx) => await endStep(trx, ending, deps.now()));
  deps.store.wake('runs');
  return { kind: 'ended', result };
}

interface Shown {
  readonly items: readonly ApprovalItemRecord[];
  readonly requirement: Requirement | undefined;
  readonly denied: readonly ApprovalItemRecord[];
  /** Effects whose target cannot be found; they are not among the items. */
  readonly missing: number;
  /** Those whose product refuses us, or did not answer. */
  readonly unseen: number;
}

async function open(deps: ActivityDeps, run: BoundRun, input: GateInput, looks: readonly Look[]): Promise<GateAnswer> {
  const shown = await show(deps, run, input, looks);
  if ('failed' in shown) return await end(deps, run, input, shown.failed);
  if (shown.items.length > 0 && shown.denied.length === shown.items.length) {
    // Nobody is asked for what policy refuses anyway.
    const first = shown.denied[0]?.policy;
    const result = failed('POLICY_DENIED', `refused by ${first?.rule}: ${first?.reason}`, 'denied');
    const decision = { ...first, items: shown.denied.map(({ key, policy }) => ({ key, ...policy })) };
    return await end(deps, run, input, result, { decision });
  }
  if (!shown.requirement || shown.items.length === 0) return await end(deps, run, input, { outcome: 'done' });
  const requirement = shown.requirement;
  const title = `${sentence(shown.items.filter((item) => item.policy.effect !== 'deny'))}${leftOut(shown)}`;
  const approvalId = await deps.store.db.transaction().execute(
    async (trx) =>
      await openApproval(
        trx,
        {
          runId: run.id,
          incidentId: run.incident_id,
          key: input.key,
          stepId: input.id,
          round: 0,
          kind: 'approval',
          title,
          items: shown.items,
          ...approvalDigest(shown.items),
          requirement,
          addressedTo: reachable(deps.directory, input.approve.by, requirement.role).to,
          withinMs: input.approve.withinMs,
          remindMs: input.approve.remindMs,
          escalate: chainOf(deps.directory, input.approve, requirement.role),
        },
        deps.now(),
      ),
  );
  const wait = { identity: identityOf(input), facts: { says: title }, on: 'approval', untilMs: input.approve.withinMs, approvalId };
  await recordWaiting(deps.store.db, wait, true);
  deps.store.wake('approvals');
  deps.store.wake('outbox');
  return waiting('approval', input.approve.withinMs, `waits for an approval: ${title}`, approvalId);
}

/** After the first look that got no answer; then twice as long each time, ms. */
const FIRST_AGAIN_MS = 1_000;
/** Effects that a title names; the approval shows them all. */
const NAMED = 5;

function leftOut({ missing, unseen }: Shown): string {
  const parts = [
    ...(missing === 0 ? [] : [`${missing} not found, and left out`]),
    ...(unseen === 0 ? [] : [`${unseen} asked for later: no answer`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/**
 * Every effect as a person will see it. Nobody approves what nobody can name, and nobody waits for it for long: what cannot be found, or whose product
 * refuses us or does not answer, is left out and counted. It fails by itself when its turn comes; were it found by then, it would ask for an approval
 * of its own.
 */
async function show(
  deps: ActivityDeps,
  run: BoundRun,
  input: GateInput,
  looks: readonly Look[],
): Promise<Shown | { readonly failed: GateResult }> {
  const items: ApprovalItemRecord[] = [];
  const missing: GateResult[] = [];
  const unseen: GateResult[] = [];
  let requirement = requirementOfWish(input.approve);
  // What comes before it in the group takes its places first.
  const taken: Record<string, number> = {};
  for (const look of looks) {
    if ('failed' in look) missing.push(look.failed);
    else if ('refused' in look) unseen.push(look.refused);
    else if ('away' in look) unseen.push(look.away);
    else {
      const one = await judge(deps, run, look, taken);
      items.push(one.item);
      requirement = mergeRequirements(requirement, one.requirement);
    }
  }
  const first = missing[0] ?? unseen[0];
  if (first && items.length === 0) return { failed: first };
  const denied = items.filter((item) => item.policy.effect === 'deny');
  return { items, requirement, denied, missing: missing.length, unseen: unseen.length };
}

/** Products that do not answer get a while to come back: the question is better asked once, about everything. Undefined: it has passed. */
async function waitForAway(deps: ActivityDeps, run: BoundRun, input: GateInput, looks: readonly Look[]): Promise<GateAnswer | undefined> {
  const away = looks.flatMap((look) => ('away' in look ? [look] : []));
  const [first] = away;
  if (!first) return undefined;
  const { askAfterMs, patienceMs, probeMs } = deps.timing.outage;
  const heldMs = run.step?.held_ms ?? 0;
  const leftMs = (looks.some((look) => 'resolved' in look) ? askAfterMs : patienceMs) - heldMs;
  if (leftMs <= 0) return undefined;
  const backOffMs = Math.min(Math.max(heldMs, FIRST_AGAIN_MS), probeMs);
  const untilMs = Math.min(Math.max(backOffMs, ...away.map(({ againMs }) => againMs)), leftMs);
  const says = `Look at what is to be approved (${away.length} of ${looks.length} cannot be seen: ${first.away.error?.message ?? 'no answer'})`;
  await recordWaiting(deps.store.db, { identity: identityOf(input), facts: { says }, on: 'outage', untilMs }, true);
  deps.store.wake('runs');
  deps.store.wake('outbox');
  return waiting('outage', untilMs, says);
}

async function judge(
  deps: ActivityDeps,
  run: BoundRun,
  { item, resolved, before }: Seen,
  taken: Record<string, number>,
): Promise<{ readonly item: ApprovalItemRecord; readonly requirement: Requirement | undefined }> {
  const policy = deps.policy();
  const claimant = { runId: run.id, key: item.key };
  const known = factsOf(deps, run, resolved);
  const limits = limitsOf(policy, known);
  const places = await readPlaces(deps.store.db, claimant, limits);
  const used = Object.fromEntries(limits.map(({ name }) => [name, (places[name] ?? 0) + (taken[name] ?? 0)]));
  const facts = { ...known, used };
  const decision = decide(policy, facts);
  if (decision.effect !== 'deny') for (const { name } of limits) taken[name] = (taken[name] ?? 0) + 1;
  const full = fullLimits(policy, facts);
  if (full.length > 0) await deps.store.db.transaction().execute((trx) => sayFull(trx, deps, claimant, full));
  return {
    item: { ...approvalItem(run, item, resolved, before, decision), policy: recordOf(decision, facts, policy.digest) },
    requirement: decision.effect === 'ask' ? decision.requirement : undefined,
  };
}

/** "Disable Eve Adams (user-007), end 3 sessions, isolate wks-007": whom it is about is said once. */
function sentence(items: readonly ApprovalItemRecord[]): string {
  const said = new Set<string>();
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  const named = items
    .slice(0, NAMED)
    .map((item, index) => {
      const again = item.entity !== undefined && said.has(item.entity);
      if (item.entity !== undefined) said.add(item.entity);
      const about = again ? item.says.indexOf(` of ${item.entityName}`) : -1;
      const says = about > 0 ? item.says.slice(0, about) : item.says;
      return index === 0 ? says : `${says.charAt(0).toLowerCase()}${says.slice(1)}`;
    })
    .join(', ');
  return `${named}${more}`;
}

const identityOf = (input: GateInput) => ({ runId: input.runId, key: input.key, generation: 0, stepId: input.id, kind: 'gate' as const });
