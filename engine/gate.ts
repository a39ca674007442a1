// One decision over everything in a group, parallel or for_each. What is asked about is fixed when the gate opens: guards and conditions inside are
// decided, every effect is rendered, and exactly these are done afterwards.
import type { Approve, Step } from '../language/plan.ts';
import type { ApproveWish, Outcome, PerformItem, StepResult } from './command.ts';
import { engineError } from './errors.ts';
import { idOf, keyOf } from './keys.ts';
import { isSpared, renderApprove } from './render.ts';
import type { NotReady, Run, Scope } from './run.ts';
import { endRun, failedWith, issue, keepAnswers, keysWithin, nextSteps, recordEnd, setFrame, takeAnswer, withdraw } from './settle.ts';
import { shownFault } from './size.ts';
import { enter } from './walk.ts';

/** open: wait · ended: the step has this result · pass: go on inside, under this scope. */
type Gate =
  | { readonly at: 'open' }
  | { readonly at: 'ended'; readonly result: StepResult }
  | { readonly at: 'pass'; readonly scope: Scope };

type Gated = Step & { readonly approve?: Approve };
/** Decides and gathers everything inside. */
type Freeze = (items: PerformItem[]) => NotReady | undefined;

/** The step's result, once its decision is made and `inside` has come to an end under it. */
export function underGate(
  run: Run,
  step: Gated,
  scope: Scope,
  freeze: Freeze,
  inside: (scope: Scope) => StepResult | undefined,
): StepResult | undefined {
  const key = keyOf(step.id, scope.suffix);
  const before = closeDenied(run, step, scope, key);
  if (before) return before.result;
  const gate = passGate(run, step, scope, key, freeze);
  if (gate.at === 'ended') return gate.result;
  if (gate.at === 'open') return undefined;
  const result = inside(gate.scope);
  const after = closeDenied(run, step, scope, key);
  return after ? after.result : result && namingWho(run, key, result);
}

function passGate(run: Run, step: Gated, scope: Scope, key: string, freeze: Freeze): Gate {
  const { approve } = step;
  if (!approve) return { at: 'pass', scope };
  const gate = run.frames[key]?.gate;
  if (!gate) return openGate(run, step, approve, scope, freeze);
  if (gate.state === 'spared') return { at: 'pass', scope };
  if (gate.state === 'empty') return { at: 'pass', scope: { ...scope, cover: { approve: gate.approve } } };
  if (gate.state === 'granted') return { at: 'pass', scope: { ...scope, cover: { approve: gate.approve, gate: key } } };
  if (gate.state === 'denied') return { at: 'ended', result: gate.result };
  const answer = takeAnswer(run, key);
  return answer ? hearGate(run, gate.approve, scope, key, answer) : { at: 'open' };
}

function openGate(run: Run, step: Gated, approve: Approve, scope: Scope, freeze: Freeze): Gate {
  if (scope.cover) return ended(failedWith(NESTED));
  const key = keyOf(step.id, scope.suffix);
  if (isSpared(run, scope, approve)) {
    setFrame(run, key, { gate: { state: 'spared' } });
    return { at: 'pass', scope };
  }
  const wish = renderApprove(run, scope, approve);
  if (!wish.ok) return ended(failedWith(wish.error));
  const items: PerformItem[] = [];
  const fault = freeze(items);
  if (fault) return refuse(run, scope, fault);
  const tooLarge = shownFault(items);
  if (tooLarge) return ended(failedWith(tooLarge));
  setFrame(run, key, { gate: { state: items.length === 0 ? 'empty' : 'asked', approve: wish.value } });
  if (items.length === 0) return { at: 'pass', scope: { ...scope, cover: { approve: wish.value } } };
  issue(run, key, { kind: 'gate', key, id: step.id, approve: wish.value, items });
  return { at: 'open' };
}

// Nobody is asked about what cannot be done.
function refuse(run: Run, scope: Scope, fault: NotReady): Gate {
  if (!fault.undo) return ended(failedWith(fault.error));
  endRun(run, scope, { state: 'failed', outcome: 'failed', error: fault.error }, true);
  return { at: 'open' };
}

function hearGate(run: Run, approve: ApproveWish, scope: Scope, key: string, answer: StepResult): Gate {
  const { by, at } = answer;
  const who = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
  if (GRANTED.has(answer.outcome)) {
    setFrame(run, key, { gate: { state: 'granted', approve, ...who } });
    return { at: 'pass', scope: { ...scope, cover: { approve, gate: key } } };
  }
  if (answer.outcome === 'denied') return ended({ outcome: 'denied', error: answer.error ?? DENIED, ...who });
  if (answer.outcome === 'expired') return ended({ outcome: 'denied', error: answer.error ?? EXPIRED, ...who });
  return ended({ outcome: 'failed', error: answer.error ?? engineError('NOT_DONE', `the approval ended as ${answer.outcome}`) });
}

/** would: in observe mode nobody is asked, and nothing will be done. */
const GRANTED: ReadonlySet<Outcome> = new Set(['answered', 'done', 'would']);
const NESTED = engineError('APPROVE_NESTED', 'approve: stands inside another approval');
const DENIED = engineError('APPROVAL_DENIED', 'the approval was denied');
const EXPIRED = engineError('APPROVAL_EXPIRED', 'nobody decided in time, and silence is a no');

const ended = (result: StepResult): Gate => ({ at: 'ended', result });

/** Whoever granted the one decision stays named on the result of the step that asked for it. */
function namingWho(run: Run, key: string, result: StepResult): StepResult {
  const gate = run.frames[key]?.gate;
  if (gate?.state !== 'granted') return result;
  return { ...result, ...(gate.by === undefined ? {} : { by: gate.by }), ...(gate.at === undefined ? {} : { at: gate.at }) };
}

/** An effect found the decision over it taken back: `error.step` names the gate. From now on nothing new begins under it (isEnding). */
export function hearDenied(run: Run, scope: Scope, answer: StepResult): void {
  const key = scope.cover?.gate;
  if (key === undefined || answer.outcome !== 'denied' || answer.error?.step !== idOf(key)) return;
  const { outcome, error, by, at } = answer;
  const result = { outcome, error, ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
  if (run.frames[key]?.gate?.state === 'granted') setFrame(run, key, { gate: { state: 'denied', result } });
}

/** Denied after all: what still waits is withdrawn, and the step ends as one that was denied at once. No result yet: something is under way. */
function closeDenied(run: Run, step: Step, scope: Scope, key: string): { readonly result: StepResult | undefined } | undefined {
  const gate = run.frames[key]?.gate;
  if (gate?.state !== 'denied') return undefined;
  const { open, answered } = keysWithin(run, (run.kindOf(step).inside?.(step) ?? []).flat(), scope);
  for (const one of open) withdraw(run, one);
  keepAnswers(run, answered);
  return { result: open.some((one) => run.open[one]) ? undefined : gate.result };
}

/** Decides now what would be decided later in these lists, and gathers what would be done. Gives why the gate cannot be opened. */
export function freezeList(run: Run, steps: readonly Step[], scope: Scope, items: PerformItem[]): NotReady | undefined {
  for (const step of steps) {
    const fault = freezeStep(run, step, scope, items);
    if (fault) return fault;
  }
  return undefined;
}

function freezeStep(run: Run, step: Step, scope: Scope, items: PerformItem[]): NotReady | undefined {
  const key = keyOf(step.id, scope.suffix);
  const before = items.length;
  const result = enter(run, step, scope, key);
  const fault = result ? undefined : freezeInside(run, step, scope, items);
  if (!result && !fault) return undefined;
  if (fault) items.length = before; // the step will not run, so nothing of it is asked about
  const final = recordEnd(run, step, scope, result ?? failedWith(fault ? fault.error : NESTED));
  return notReady(step, final, fault?.undo ?? false);
}

function freezeInside(run: Run, step: Step, scope: Scope, items: PerformItem[]): NotReady | undefined {
  if ('approve' in step && step.approve) return { error: NESTED, undo: false };
  return run.kindOf(step).freeze?.(run, step, scope, items);
}

function notReady(step: Step, result: StepResult, undo: boolean): NotReady | undefined {
  const next = nextSteps(step, result);
  if (undo || next === 'undo') return { error: { step: step.id, ...(result.error ?? NESTED) }, undo: true };
  return next === 'stop' ? { error: { step: step.id, ...(result.error ?? NESTED) }, undo: false } : undefined;
}
