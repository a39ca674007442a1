// Which decision of the playbook stands before a step. The engine and the worker both ask here, so that neither asks people where the other does not.
import { approveOf, calledSteps, followUpsOf, listsOf } from './checks/step-facts.ts';
import { own } from './own.ts';
import type { Approve, Step } from './plan.ts';
import { VERBS } from './verbs.ts';

export interface Placed {
  readonly step: Step;
  /** The decision that must be made before it; absent where the playbook asks nobody. */
  readonly over?: {
    readonly approve: Approve;
    /** Id of the step that carries it. */
    readonly at: string;
  };
}

interface Around {
  readonly approve: Approve;
  readonly at: string;
  /** In a follow-up: what is done there was not shown to who decided. */
  readonly isFollowUp: boolean;
}

/**
 * An `approve` stands before its own step and, on a group, parallel or loop, before the steps in it; never before that step's on_error and
 * on_denied. A follow-up of a step in it was not shown: where it changes something, the same people are asked again; where it only tells, nobody.
 */
export function placedStep(steps: readonly Step[], id: string, around?: Around): Placed | undefined {
  for (const step of steps) {
    const approve = approveOf(step);
    const within = approve ? { approve, at: step.id, isFollowUp: false } : around;
    if (step.id === id) return isAsked(step, within) ? { step, over: { approve: within.approve, at: within.at } } : { step };
    const found =
      inAny([...listsOf(step), calledSteps(step)], id, within) ?? inAny(followUpsOf(step), id, around && { ...around, isFollowUp: true });
    if (found) return found;
  }
  return undefined;
}

function inAny(lists: readonly (readonly Step[])[], id: string, around: Around | undefined): Placed | undefined {
  for (const list of lists) {
    const found = placedStep(list, id, around);
    if (found) return found;
  }
  return undefined;
}

/** What this version does not know is taken for a change. */
function isAsked(step: Step, around: Around | undefined): around is Around {
  if (!around?.isFollowUp || step.kind !== 'do') return around !== undefined;
  const risk = own(VERBS, step.verb)?.risk;
  return risk !== 'read' && risk !== 'additive';
}
