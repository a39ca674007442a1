// undo: takes back effects of this run, last first. What cannot be taken back is a failure of this step.
import type { UndoStep } from '../../language/plan.ts';
import { issue, takeAnswer } from '../settle.ts';
import { effectKeys, idsOfSteps } from '../undo-keys.ts';
import type { StepKind } from './step-kind.ts';

export const undoKind: StepKind<UndoStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return answer;
    if (run.open[key]) return undefined;
    const steps = step.scope === 'all' ? step.scope : effectKeys(run, step.id, idsOfSteps(run, step.scope), scope);
    if (steps.length === 0) return { outcome: 'done' }; // none of the named steps has done anything
    issue(run, key, { kind: 'undo', key, id: step.id, steps });
    return undefined;
  },
};
