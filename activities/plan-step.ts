// What the plan says of a step: looked up in the store's plan, never taken from what the run sent.
import type { PerformItem } from '../engine/command.ts';
import type { Approve, DoStep, Plan, Step } from '../language/plan.ts';

export interface PlannedStep {
  readonly step: DoStep;
  /** The nearest `approve` on the step or around it. */
  readonly approve?: Approve;
  /** Step id that carries it. */
  readonly approveAt?: string;
}

/** The step that does this by the plan; undefined when the plan has no such step with that verb. */
export function plannedStep(plan: Plan, item: PerformItem): PlannedStep | undefined {
  const found = find(plan.steps, item.id, undefined);
  if (!found || found.step.verb !== item.verb || found.step.via !== item.via) return undefined;
  return found;
}

/** What people are asked by the plan before this step; undefined when the plan has no such step, or it asks nobody. */
export function plannedApprove(plan: Plan, id: string): Approve | undefined {
  const search = (steps: readonly Step[]): Approve | undefined => {
    for (const step of steps) {
      if (step.id === id && 'approve' in step && step.approve) return step.approve;
      for (const list of childLists(step)) {
        const found = search(list);
        if (found) return found;
      }
    }
    return undefined;
  };
  return search(plan.steps);
}

interface Around {
  readonly approve: Approve;
  readonly at: string;
}

function find(steps: readonly Step[], id: string, around: Around | undefined): PlannedStep | undefined {
  for (const step of steps) {
    const own = 'approve' in step && step.approve ? { approve: step.approve, at: step.id } : around;
    if (step.id === id && step.kind === 'do') return { step, ...(own ? { approve: own.approve, approveAt: own.at } : {}) };
    for (const list of childLists(step)) {
      const found = find(list, id, own);
      if (found) return found;
    }
  }
  return undefined;
}

/** Every list of steps inside a step, whatever its kind. */
function childLists(step: Step): readonly (readonly Step[])[] {
  const handlers = [step.onError, step.onDenied].filter((then) => typeof then !== 'string');
  switch (step.kind) {
    case 'group':
      return [step.steps, ...handlers];
    case 'if':
      return [step.then, step.else, ...handlers];
    case 'switch':
      return [...step.cases.map((one) => one.steps), step.else, ...handlers];
    case 'for_each':
    case 'repeat':
      return [step.steps, ...handlers];
    case 'call':
      return [step.callee.steps, ...handlers];
    case 'parallel':
      return [...step.branches, ...handlers];
    case 'do':
    case 'ask':
    case 'wait':
    case 'undo':
    case 'stop':
    case 'set':
      return handlers;
    default:
      return unreachable(step);
  }
}

const unreachable = (step: never): never => {
  throw new Error(`a step kind that nobody knows: ${JSON.stringify(step)}`);
};
