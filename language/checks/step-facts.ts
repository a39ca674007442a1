// What a step of each kind leaves behind, and what it holds.
import { own } from '../own.ts';
import type { Approve, Step } from '../plan.ts';
import { VERBS } from '../verbs.ts';

/** Always there once the step was reached, perhaps null. */
export const RESERVED_RESULTS: readonly string[] = ['outcome', 'error', 'answer', 'by', 'at'];

/** The names of a step's own results beside the reserved ones. */
export function outputsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'do':
      return Object.keys(own(VERBS, step.verb)?.outputs ?? {});
    case 'if':
    case 'switch':
      return ['branch'];
    case 'for_each':
      return ['counts', 'left'];
    case 'ask':
      return step.rows ? ['rows'] : [];
    case 'repeat':
      return ['counts'];
    case 'call':
      return [...Object.keys(step.callee.outputs), 'ended'];
    default:
      return [];
  }
}

/** The declared type of one of them. */
export function outputOf(step: Step, name: string): { readonly type: string; readonly list?: boolean } | undefined {
  if (step.kind === 'do') return own(own(VERBS, step.verb)?.outputs ?? {}, name);
  return step.kind === 'call' ? own(step.callee.outputs, name) : undefined;
}

/** Whichever way a run takes through it, the run ends in it. */
export function endsAlways(step: Step): boolean {
  if (step.when !== undefined) return false;
  const ends = (steps: readonly Step[]): boolean => goesOnOnlyWell(step) && steps.some(endsAlways);
  switch (step.kind) {
    case 'stop':
      return true;
    case 'group':
      return ends(step.steps);
    case 'if':
      return ends(step.then) && ends(step.else);
    case 'switch':
      return step.cases.every((one) => ends(one.steps)) && ends(step.else);
    default:
      return false;
  }
}

/** What follows it has seen it end well: after a failure or a denial the run ends. */
export const goesOnOnlyWell = (step: Step): boolean =>
  [step.onError, step.onDenied].every((then) => (typeof then === 'string' ? then !== 'continue' : then.some(endsAlways)));

/** What is known of a question by whatever goes on after the step: its guard, where it ends the run; its condition, where one side of it does. */
export function goesPast(step: Step): { readonly role: 'guard' | 'condition'; readonly holds: boolean } | undefined {
  const { when, ...bare } = step;
  if (when !== undefined) return endsAlways(bare) ? { role: 'guard', holds: false } : undefined;
  if (step.kind !== 'if') return undefined;
  if (step.else.some(endsAlways)) return { role: 'condition', holds: true };
  return step.then.some(endsAlways) ? { role: 'condition', holds: false } : undefined;
}

/** Lists of steps that belong to the step's own work. */
export function listsOf(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'group':
      return [step.steps];
    case 'if':
      return [step.then, step.else];
    case 'switch':
      return [...step.cases.map((one) => one.steps), step.else];
    case 'parallel':
      return step.branches;
    case 'for_each':
    case 'repeat':
      return [step.steps];
    default:
      return [];
  }
}

/** Lists that follow a failure or a denial. */
export function followUpsOf(step: Step): readonly (readonly Step[])[] {
  return [step.onError, step.onDenied].filter((next) => typeof next !== 'string');
}

/** Every step, those within others too. */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const list of [...listsOf(step), ...followUpsOf(step)]) yield* allSteps(list);
  }
}

/** Those of called playbooks, too. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of allSteps(steps)) {
    yield step;
    yield* everyStep(calledSteps(step));
  }
}

export function approveOf(step: Step): Approve | undefined {
  return 'approve' in step ? step.approve : undefined;
}

/** The steps of the playbook that it calls; checked where they are written. */
export const calledSteps = (step: Step): readonly Step[] => (step.kind === 'call' ? step.callee.steps : []);

/** Its steps run more than once. */
export const isLoop = (step: Step): boolean => step.kind === 'for_each' || step.kind === 'repeat';
