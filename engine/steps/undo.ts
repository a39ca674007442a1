// undo: takes back effects of this run, last first. What cannot be taken back is a failure of this step.
import type { Step, UndoStep } from '../../language/plan.ts';
import { encloses, followUps, idOf, suffixOf } from '../keys.ts';
import type { Run, Scope } from '../run.ts';
import { idsWithin, issue, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const undoKind: StepKind<UndoStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return answer;
    if (run.open[key]) return undefined;
    const steps = step.scope === 'all' ? step.scope : keysOf(run, step.scope, scope);
    if (steps.length === 0) return { outcome: 'done' }; // none of the named steps has done anything
    issue(run, key, { kind: 'undo', key, id: step.id, steps });
    return undefined;
  },
};

/** What the named steps did: their own effects and those of the steps they hold. Within a loop: those of the same turn, and outside it. */
function keysOf(run: Run, named: readonly string[], scope: Scope): readonly string[] {
  const ids = new Set<string>();
  for (const step of stepsWithin(run, run.plan.steps)) if (named.includes(step.id)) idsWithin(run, [step], ids);
  return Object.entries(run.results)
    .filter(([key, result]) => ids.has(idOf(key)) && isNear(suffixOf(key), scope.suffix) && result.outcome !== 'skipped')
    .map(([key]) => key);
}

const isNear = (suffix: string, place: string): boolean => encloses(suffix, place) || encloses(place, suffix);

function* stepsWithin(run: Run, steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const list of [...(run.kindOf(step).inside?.(step) ?? []), ...followUps(step)]) yield* stepsWithin(run, list);
  }
}
