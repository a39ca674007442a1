// group: steps in order, with one decision over all of them where it has `approve`.
import type { GroupStep } from '../../language/plan.ts';
import type { PerformItem } from '../command.ts';
import { freezeList, underGate } from '../gate.ts';
import { failedInside } from '../settle.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const groupKind: StepKind<GroupStep> = {
  inside: (step) => [step.steps],
  advance(run, step, scope) {
    const freeze = (items: PerformItem[]) => freezeList(run, step.steps, scope, items);
    return underGate(run, step, scope, freeze, (inner) => {
      const progress = walk(run, step.steps, inner);
      if (progress.at === 'open') return undefined;
      return progress.at === 'well' ? { outcome: 'done' } : failedInside(progress);
    });
  },
  freeze: (run, step, scope, items) => freezeList(run, step.steps, scope, items),
};
