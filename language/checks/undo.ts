// What is undone: that there is such a step, and that it leaves something that can be undone.

import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Plan, Step } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import { allSteps, followUpsOf, isLoop, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
  /** Ids of steps with a fault of their shape. */
  readonly broken: ReadonlySet<string>;
}

export function checkUndo(context: Context, plan: Plan): void {
  const all = [...allSteps(plan.steps)];
  const named = new Map(all.filter((step) => step.named).map((step) => [step.id, step]));
  const places = placesOf(plan.steps);
  for (const step of all) {
    const path = context.written.get(step)?.path ?? [];
    if (step.onError === 'undo') checkSomething(context, all, [...path, 'on_error']);
    if (step.kind !== 'undo') continue;
    if (step.scope === 'all') checkSomething(context, all, [...path, 'undo']);
    else {
      for (const [index, id] of step.scope.entries()) {
        const at = [...path, 'undo', index];
        checkOne(context, named, id, at);
        const other = named.get(id);
        if (other && comesLater(places, step, other))
          context.report('STEP_NOT_YET', at, `the step \`${id}\` (line ${other.line}) has done nothing yet when this is reached`, {
            hint: 'move the undo behind it',
          });
      }
    }
  }
  if (plan.onFailure === 'undo') checkSomething(context, all, ['on_failure']);
  for (const [index, trigger] of plan.triggers.entries()) {
    if (trigger.kind === 'alert' && trigger.whenResolved === 'undo') checkSomething(context, all, ['triggers', index, 'when_resolved']);
  }
}

interface Place {
  readonly order: number;
  /** Loops and parallel branches around it: what is written later in them may have run before. */
  readonly around: readonly Step[];
}

function placesOf(steps: readonly Step[], around: readonly Step[] = [], places: Map<Step, Place> = new Map()): ReadonlyMap<Step, Place> {
  for (const step of steps) {
    places.set(step, { order: places.size, around });
    const inside = isLoop(step) || step.kind === 'parallel' ? [...around, step] : around;
    for (const list of listsOf(step)) placesOf(list, inside, places);
    for (const list of followUpsOf(step)) placesOf(list, around, places);
  }
  return places;
}

function comesLater(places: ReadonlyMap<Step, Place>, undo: Step, other: Step): boolean {
  const [one, two] = [places.get(undo), places.get(other)];
  return one !== undefined && two !== undefined && two.order > one.order && !one.around.some((step) => two.around.includes(step));
}

function checkOne(context: Context, named: ReadonlyMap<string, Step>, id: string, path: readonly (string | number)[]): void {
  const step = named.get(id);
  if (!step) {
    if (context.broken.has(id)) return;
    context.report('STEP_UNKNOWN', path, `there is no step \`${id}\``, { hint: () => didYouMean(id, named.keys()) });
    return;
  }
  const within = [...allSteps([step])];
  if (within.some(mayBeUndone)) return;
  const effect = within.find((one) => one.kind === 'do' && riskOf(one) === 'destructive');
  const why = effect?.kind === 'do' ? `does \`${effect.verb}\`, which cannot be undone` : 'leaves nothing in place that could be undone';
  context.report('UNDO_IRREVERSIBLE', path, `the step \`${id}\` ${why}`);
}

/** Only where there is an effect at all, and none of them can be undone: that is a mistake about the verb. */
function checkSomething(context: Context, all: readonly Step[], path: readonly (string | number)[]): void {
  if (all.some(mayBeUndone)) return;
  const effect = all.find((one) => riskOf(one) === 'destructive');
  if (effect?.kind === 'do')
    context.report('UNDO_IRREVERSIBLE', path, `nothing that this playbook does can be undone: \`${effect.verb}\` cannot be taken back`);
}

const riskOf = (step: Step): string | undefined => (step.kind === 'do' ? own(VERBS, step.verb)?.risk : undefined);

/** What a kind that holds no steps of its own does elsewhere (a called playbook) is not known here. */
function mayBeUndone(step: Step): boolean {
  if (step.kind === 'do') return !Object.hasOwn(VERBS, step.verb) || riskOf(step) === 'reversible';
  return !KNOWN_INSIDE.has(step.kind) && listsOf(step).length === 0 && followUpsOf(step).length === 0;
}

const KNOWN_INSIDE: ReadonlySet<string> = new Set([
  'ask',
  'group',
  'if',
  'switch',
  'parallel',
  'for_each',
  'repeat',
  'wait',
  'undo',
  'stop',
  'set',
]);
