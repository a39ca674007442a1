// Works lists of steps in order, as far as they go. Steps that have ended are passed by; their results say how the list goes on.
import type { Step } from '../language/plan.ts';
import type { StepResult } from './command.ts';
import { engineError } from './errors.ts';
import { keyOf } from './keys.ts';
import { STANDING } from './outcome.ts';
import { renderCondition } from './render.ts';
import type { Progress, Run, Scope } from './run.ts';
import { endRun, failedWith, isEnding, nextSteps, recordEnd, setFrame } from './settle.ts';

const OPEN: Progress = { at: 'open' };
const WELL: Progress = { at: 'well' };

export function walk(run: Run, steps: readonly Step[], scope: Scope): Progress {
  for (const step of steps) {
    const progress = visit(run, step, scope);
    if (progress.at !== 'well') return progress;
  }
  return WELL;
}

function visit(run: Run, step: Step, scope: Scope): Progress {
  const key = keyOf(step.id, scope.suffix);
  const result = run.results[key] ?? advance(run, step, scope, key);
  if (!result || isEnding(run, scope)) return OPEN;
  return follow(run, step, scope, result);
}

function advance(run: Run, step: Step, scope: Scope, key: string): StepResult | undefined {
  const result = enter(run, step, scope, key) ?? run.kindOf(step).advance(run, step, scope, key);
  return result && recordEnd(run, step, scope, result);
}

/** The guard is asked once. Gives the result of a step that is not entered. */
export function enter(run: Run, step: Step, scope: Scope, key: string): StepResult | undefined {
  if (run.frames[key]) return undefined;
  if (step.when !== undefined) {
    const guard = renderCondition(run, scope, step.when, 'when');
    if (!guard.ok) return failedWith(guard.error);
    if (!guard.value) return { outcome: 'skipped' };
  }
  setFrame(run, key, {});
  return undefined;
}

function follow(run: Run, step: Step, scope: Scope, result: StepResult): Progress {
  const next = nextSteps(step, result);
  if (next === undefined || next === 'continue') return WELL;
  if (typeof next !== 'string') return walk(run, next, scope);
  const error = result.error ?? engineError('NOT_DONE', `ended as ${result.outcome}`);
  const origin = error.step ?? step.id;
  if (next === 'undo') {
    endRun(run, scope, { state: 'failed', outcome: 'failed', error: { ...error, step: origin } }, true);
    return OPEN;
  }
  return { at: STANDING[result.outcome] === 'denied' ? 'denied' : 'failed', error, step: origin };
}
