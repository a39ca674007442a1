// A called playbook as a part of its caller's plan: its steps under ids that begin with the call's own, so that no two steps of a run are alike.
import type { Callee, Plan, Step, Then } from './plan.ts';

/** Where there is none to call: the fault has been told. */
export const NO_CALLEE: Callee = { inputs: {}, outputs: {}, vars: {}, onFailure: 'keep', steps: [] };

export const calleeOf = ({ inputs, outputs = {}, vars, onFailure, steps }: Plan, call: string): Callee => ({
  inputs,
  outputs,
  vars,
  onFailure,
  steps: under(
    steps,
    `${call}.`,
    steps.map(({ id }) => id),
  ),
});

/** `all`: what an undo of all means in there, which is no more than its own. */
function under(steps: readonly Step[], prefix: string, all: readonly string[]): readonly Step[] {
  return steps.map((step) => renamed(step, prefix, all));
}

function renamed(step: Step, prefix: string, all: readonly string[]): Step {
  const list = (steps: readonly Step[]): readonly Step[] => under(steps, prefix, all);
  const then = <T extends Then>(next: T): T => (typeof next === 'string' ? next : (list(next) as T)); // a list stays a list
  const own = { ...step, id: prefix + step.id, onError: then(step.onError), onDenied: then(step.onDenied) };
  switch (own.kind) {
    case 'group':
    case 'for_each':
    case 'repeat':
      return { ...own, steps: list(own.steps) };
    case 'if':
      return { ...own, then: list(own.then), else: list(own.else) };
    case 'switch':
      return { ...own, cases: own.cases.map((one) => ({ ...one, steps: list(one.steps) })), else: list(own.else) };
    case 'parallel':
      return { ...own, branches: own.branches.map(list) };
    case 'call':
      return { ...own, callee: { ...own.callee, steps: list(own.callee.steps) } };
    case 'undo':
      return { ...own, scope: (own.scope === 'all' ? all : own.scope).map((id) => prefix + id) };
    default:
      return own;
  }
}
