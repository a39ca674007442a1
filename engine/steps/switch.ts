// switch: one of several lists, by a word. The choice is made once, when the step is reached (or when the gate around it opens);
// its output `branch` is the case's word, or `else`.
import { evaluate } from '../../language/cel.ts';
import type { Step, SwitchStep } from '../../language/plan.ts';
import type { StepResult } from '../command.ts';
import { freezeList } from '../gate.ts';
import { keyOf } from '../keys.ts';
import type { Rendered } from '../render.ts';
import { rootsOf } from '../roots.ts';
import type { Run, Scope } from '../run.ts';
import { failedInside, failedWith, setFrame } from '../settle.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const switchKind: StepKind<SwitchStep> = {
  inside: (step) => [...step.cases.map((one) => one.steps), step.else],
  advance(run, step, scope, key) {
    const list = choose(run, step, scope);
    if (!list.ok) return failedWith(list.error);
    const progress = walk(run, list.value, scope);
    if (progress.at === 'open') return undefined;
    const result: StepResult = progress.at === 'well' ? { outcome: 'done' } : failedInside(progress);
    return { ...result, output: { branch: step.cases[run.frames[key]?.way ?? -1]?.is ?? 'else' } };
  },
  freeze(run, step, scope, items) {
    const list = choose(run, step, scope);
    if (!list.ok) return { error: { ...list.error, step: step.id }, undo: step.onError === 'undo' };
    return freezeList(run, list.value, scope, items);
  },
};

function choose(run: Run, step: SwitchStep, scope: Scope): Rendered<readonly Step[]> {
  const key = keyOf(step.id, scope.suffix);
  let way = run.frames[key]?.way;
  if (way === undefined) {
    const given = evaluate(step.value, rootsOf(run, scope));
    if (!given.ok) return { ok: false, error: { code: given.error.code, message: `switch: ${given.error.message}` } };
    const word = typeof given.value === 'string' ? given.value : JSON.stringify(given.value);
    way = step.cases.findIndex((one) => one.is === word);
    setFrame(run, key, { way });
  }
  return { ok: true, value: step.cases[way]?.steps ?? step.else };
}
