// group: steps in order, with one decision over all of them where it has `approve`.
import type { GroupStep } from '../../language/plan.ts';
import { freezeList, passGate } from '../gate.ts';
import { failedInside } from '../settle.ts';
import { walk } from '../walk.ts';
import { gatedEnd } from './gated-end.ts';
import type { StepKind } from './step-kind.ts';

export const groupKind: StepKind<GroupStep> = {
  inside: (step) => [step.steps],
  advance(run, step, scope, key) {
    const gate = passGate(run, step, scope, (items) => freezeList(run, step.steps, scope, items));
    if (gate.at === 'ended') return gate.result;
    if (gate.at === 'open') return undefined;
    const progress = walk(run, step.steps, gate.scope);
    if (progress.at === 'open') return undefined;
    return gatedEnd(run, key, progress.at === 'well' ? { outcome: 'done' } : failedInside(progress));
  },
  freeze: (run, step, scope, items) => freezeList(run, step.steps, scope, items),
};
