// if: one of two lists. The choice is made once, when the step is reached (or when the gate around it opens);
// its output `branch` says which list it was.
import type { IfStep, Step } from '../../language/plan.ts';
import type { StepResult } from '../command.ts';
import { freezeList } from '../gate.ts';
import { keyOf } from '../keys.ts';
import { type Rendered, renderCondition } from '../render.ts';
import type { Run, Scope } from '../run.ts';
import { failedInside, failedWith, setFrame } from '../settle.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const ifKind: StepKind<IfStep> = {
  inside: (step) => [step.then, step.else],
  advance(run, step, scope, key) {
    const list = choose(run, step, scope);
    if (!list.ok) return failedWith(list.error);
    const progress = walk(run, list.value, scope);
    if (progress.at === 'open') return undefined;
    const result: StepResult = progress.at === 'well' ? { outcome: 'done' } : failedInside(progress);
    return { ...result, output: { branch: run.frames[key]?.chosen ?? null } };
  },
  freeze(run, step, scope, items) {
    const list = choose(run, step, scope);
    if (!list.ok) return { error: { ...list.error, step: step.id }, undo: step.onError === 'undo' };
    return freezeList(run, list.value, scope, items);
  },
};

function choose(run: Run, step: IfStep, scope: Scope): Rendered<readonly Step[]> {
  const key = keyOf(step.id, scope.suffix);
  let chosen = run.frames[key]?.chosen;
  if (!chosen) {
    const condition = renderCondition(run, scope, step.condition, 'if');
    if (!condition.ok) return condition;
    chosen = condition.value ? 'then' : 'else';
    setFrame(run, key, { chosen });
  }
  return { ok: true, value: step[chosen] };
}
