// A plan as a flat list of its steps, in the order of the file.
import type { Plan, Step } from '../../language/plan.ts';
import type { LoopAround, ScenarioNames } from '../../language/scenario/names.ts';
import { followUps } from '../keys.ts';
import { kindOf } from '../steps/table.ts';

export function allSteps(plan: Plan): readonly Step[] {
  return [...within(plan.steps, [])].map(({ step }) => step);
}

/** What a scenario may name: steps by id, with their verbs and the loops around them. */
export function namesOf(plan: Plan): ScenarioNames {
  return Object.fromEntries(
    [...within(plan.steps, [])].map(({ step, loops }) => [
      step.id,
      { kind: step.kind, ...(step.kind === 'do' ? { verb: step.verb } : {}), ...(loops.length === 0 ? {} : { loops }) },
    ]),
  );
}

interface Found {
  readonly step: Step;
  readonly loops: readonly LoopAround[];
}

function* within(steps: readonly Step[], loops: readonly LoopAround[]): Generator<Found> {
  for (const step of steps) {
    yield { step, loops };
    const kind = kindOf(step);
    const around = kind.isLoop ? [...loops, { id: step.id, ...(step.kind === 'for_each' ? { max: step.max } : {}) }] : loops;
    for (const list of kind.inside?.(step) ?? []) yield* within(list, around);
    for (const list of followUps(step)) yield* within(list, loops);
  }
}
