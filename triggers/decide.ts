// An alert and the published playbooks to decisions. Pure: the store's open runs and the time come in as data.
import type { Alert } from '../alerts/alert.ts';
import { checkInputs, type InputsChecked } from '../language/inputs.ts';
import type { AlertTrigger, Json, Plan } from '../language/plan.ts';
import type { Candidate, Decision, OpenRun } from './decision.ts';
import { type Filled, fillInputs } from './fill.ts';
import { matchTrigger } from './match.ts';

export type { Candidate, Decision, OpenRun } from './decision.ts';

/** One decision for each candidate, in their order. The first of a playbook's triggers that takes the alert counts. */
export function decideTriggers(
  alert: Alert,
  candidates: readonly Candidate[],
  nowMs: number,
  open: readonly OpenRun[],
): readonly Decision[] {
  return candidates.map((candidate) => decideOne(alert, candidate, nowMs, open));
}

function decideOne(alert: Alert, candidate: Candidate, nowMs: number, open: readonly OpenRun[]): Decision {
  const { playbook } = candidate;
  const missed: string[] = [];
  let broken: string | undefined;
  for (const trigger of candidate.plan.triggers) {
    if (trigger.kind !== 'alert') continue;
    const match = matchTrigger(trigger, alert);
    if (match.kind === 'yes') return decideMatched(alert, candidate, { trigger, why: match.reason }, { nowMs, open });
    if (match.kind === 'error') broken ??= match.reason;
    else missed.push(match.reason);
  }
  if (broken !== undefined) return { kind: 'error', playbook, code: 'TRIGGER_EXPRESSION', reason: broken };
  return {
    kind: 'no_match',
    playbook,
    reason: missed.length > 0 ? `not matched: ${missed.join('; ')}` : 'not matched: only people start it',
  };
}

interface Matched {
  readonly trigger: AlertTrigger;
  readonly why: string;
}

interface World {
  readonly nowMs: number;
  readonly open: readonly OpenRun[];
}

function decideMatched(alert: Alert, candidate: Candidate, { trigger, why }: Matched, world: World): Decision {
  const { playbook, digest, mode, plan } = candidate;
  const filling = fillInputs(plan, trigger, alert);
  if (!filling.ok) return { kind: 'error', playbook, code: filling.code, reason: `matched: ${why}; but ${filling.reason}` };
  const { inputs, dedupeKey, keyless } = filling.filled;
  const same = findSame(playbook, filling.filled, world);
  if (alert.status === 'resolved') return decideResolved(playbook, trigger, filling.filled, same);
  const key = dedupeKey === undefined || !trigger.dedupe ? {} : { dedupeKey, dedupeWithinMs: trigger.dedupe.withinMs };
  const start = { playbook, digest, mode, inputs, ...key };
  const run = same.find((one) => one.untilMs === undefined || world.nowMs < one.untilMs);
  if (run) return { ...start, kind: 'join', runId: run.runId, reason: `matched: ${why}; joined, because a run with the same key is open` };
  const alone = keyless === undefined ? '' : `; the dedupe key ${keyless}, so it joins nothing`;
  return { ...start, kind: 'start', reason: `matched: ${why}${alone}` };
}

const findSame = (playbook: string, filled: Filled, world: World): readonly OpenRun[] =>
  filled.dedupeKey === undefined ? [] : world.open.filter((run) => run.playbook === playbook && run.dedupeKey === filled.dedupeKey);

const RESOLVED_TEXT: Readonly<Record<AlertTrigger['whenResolved'], string>> = {
  note: 'only noted',
  ask: 'people are asked whether to release',
  undo: 'what its runs hold is undone',
};

// A resolution never starts a run. Whether our own isolation may have caused it, the ledger knows, not the trigger.
function decideResolved(playbook: string, trigger: AlertTrigger, filled: Filled, same: readonly OpenRun[]): Decision {
  const action = trigger.whenResolved;
  const key = filled.dedupeKey === undefined ? {} : { dedupeKey: filled.dedupeKey };
  const reason = `resolved by its source: ${RESOLVED_TEXT[action]} (when_resolved: ${action})`;
  return { kind: 'resolved', playbook, action, reason, runIds: same.map((run) => run.runId), ...key };
}

/** The inputs of a start by hand, checked as a trigger's are. Whether people may start it at all is `isManual`. */
export const manualInputs = (plan: Plan, given: Readonly<Record<string, Json>>): InputsChecked => checkInputs(plan.inputs, given);

export const isManual = (plan: Plan): boolean => plan.triggers.some((trigger) => trigger.kind === 'manual');
