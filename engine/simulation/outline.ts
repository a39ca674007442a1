// A plan as a flat list of its steps, in the order of the file.
import type { Plan, Step } from '../../language/plan.ts';
import type { ScenarioNames } from '../../language/scenario/effects.ts';
import { followUps } from '../keys.ts';
import { kindOf } from '../steps/table.ts';

export function allSteps(plan: Plan): readonly Step[] {
  return [...within(plan.steps)];
}

/** Step ids with their verbs: what a scenario may name. */
export function namesOf(plan: Plan): ScenarioNames {
  return Object.fromEntries(
    allSteps(plan).map((step) => [step.id, { kind: step.kind, ...(step.kind === 'do' ? { verb: step.verb } : {}) }]),
  );
}

function* within(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const list of [...(kindOf(step).inside?.(step) ?? []), ...followUps(step)]) yield* within(list);
  }
}
