// repeat: the steps until an expression is true, resting between turns. Two timers of its own: one for the whole, one for each rest.
// When it ends, the results of its last turn stay readable, as if the steps had run once.
import type { RepeatStep } from '../../language/plan.ts';
import type { StepResult } from '../command.ts';
import { engineError } from '../errors.ts';
import type { RepeatFrame } from '../frame.ts';
import { keyOf, timerKey } from '../keys.ts';
import { renderCondition } from '../render.ts';
import type { Run, Scope } from '../run.ts';
import { failedInside, failedWith, forgetStep, idsInside, isEnding, issue, moveResult, setFrame, takeAnswer, withdraw } from '../settle.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const repeatKind: StepKind<RepeatStep> = {
  isLoop: true,
  keepsLastTurn: true,
  inside: (step) => [step.steps],
  always: () => ({ counts: { turns: 0 } }),
  advance(run, step, scope, key) {
    const at = begin(run, step, key);
    const ending = at.ending ?? turn(run, step, scope, key, at);
    if (!ending) return undefined;
    return close(run, step, scope, key, ending);
  },
};

const wholeKey = (key: string): string => timerKey(key, 'for');
const restKey = (key: string, turn: number): string => timerKey(key, String(turn));

function begin(run: Run, step: RepeatStep, key: string): RepeatFrame {
  const known = run.frames[key]?.repeat;
  if (!known) issueTimer(run, step, wholeKey(key), { own: 'whole', forMs: step.forMs });
  const over = takeAnswer(run, wholeKey(key)) !== undefined;
  const at = known ?? { turn: 0, over: false, resting: false };
  return keep(run, key, over ? { ...at, over } : at);
}

function keep(run: Run, key: string, repeat: RepeatFrame): RepeatFrame {
  setFrame(run, key, { repeat });
  return repeat;
}

const issueTimer = (run: Run, step: RepeatStep, key: string, { own, forMs }: { own: 'whole' | 'rest'; forMs: number }): void =>
  issue(run, key, { kind: 'wait', key, id: step.id, on: { forMs }, own });

/** One turn, or the rest before it; its result when the loop has ended. */
function turn(run: Run, step: RepeatStep, scope: Scope, key: string, before: RepeatFrame): StepResult | undefined {
  let at = before;
  if (at.resting) {
    const rested = takeAnswer(run, restKey(key, at.turn)) !== undefined;
    if (!rested) return at.over ? tooLong(step) : undefined;
    forgetTurn(run, step, scope, at.turn);
    at = keep(run, key, { ...at, turn: at.turn + 1, resting: false });
  }
  const here = { ...scope, suffix: `${scope.suffix}#${at.turn}` };
  const progress = walk(run, step.steps, here);
  if (progress.at === 'open' || isEnding(run, scope)) return undefined;
  if (progress.at !== 'well') return failedInside(progress);
  const until = renderCondition(run, here, step.until, 'repeat.until');
  if (!until.ok) return failedWith(until.error);
  if (until.value) return { outcome: 'done' };
  if (at.over) return tooLong(step);
  keep(run, key, { ...at, resting: true });
  issueTimer(run, step, restKey(key, at.turn), { own: 'rest', forMs: step.everyMs });
  return undefined;
}

const tooLong = (step: RepeatStep): StepResult =>
  failedWith(engineError('REPEAT_OVER', `repeat: \`${step.until.slice(0, 80)}\` was not true within ${step.forMs / 1000} s`));

/** Its timers are taken back and their ends awaited; then the last turn's results take the place of the steps' own. */
function close(run: Run, step: RepeatStep, scope: Scope, key: string, ending: StepResult): StepResult | undefined {
  const at = keep(run, key, { ...(run.frames[key]?.repeat ?? { turn: 0, over: false, resting: false }), ending });
  const timers = [wholeKey(key), restKey(key, at.turn)];
  for (const timer of timers) {
    withdraw(run, timer);
    takeAnswer(run, timer);
  }
  if (timers.some((timer) => run.open[timer])) return undefined;
  keepTurn(run, step, scope, at.turn);
  return { ...ending, counts: { turns: at.turn + 1 } };
}

function keepTurn(run: Run, step: RepeatStep, scope: Scope, last: number): void {
  for (const id of idsInside(run, step)) moveResult(run, keyOf(id, `${scope.suffix}#${last}`), keyOf(id, scope.suffix));
}

function forgetTurn(run: Run, step: RepeatStep, scope: Scope, turn: number): void {
  for (const id of idsInside(run, step)) forgetStep(run, keyOf(id, `${scope.suffix}#${turn}`));
}
