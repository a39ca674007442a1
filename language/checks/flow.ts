// Walks the steps as a run would, and knows at each of them what has happened before: for certain, perhaps, or not yet.

import type { Read } from '../cel.ts';
import { didYouMean } from '../nearest.ts';
import type { Step } from '../plan.ts';
import type { Use, Written } from '../steps/read-steps.ts';
import { choicesOf } from './comparisons.ts';
import { type Before, checkExpression, type Names, type Presence } from './expression.ts';
import { ofList } from './items.ts';
import { knownAfter } from './optional-inputs.ts';
import { allSteps, endsAlways, followUpsOf, goesOnOnlyWell } from './step-facts.ts';

export interface FlowContext {
  readonly names: Names;
  readonly written: ReadonlyMap<Step, Written>;
}

/** What a list has added to what was there before it; a list within sees both. */
interface Flow extends Before {
  readonly steps: Map<string, Presence>;
  readonly vars: Set<string>;
}

// A look upwards instead of a copy: thousands of branches would copy thousands of steps each.
function within(outer: Before | undefined, given: Iterable<string> = []): Flow {
  const steps = new Map<string, Presence>();
  const vars = new Set(given);
  return {
    steps,
    vars,
    presenceOf: (step) => steps.get(step) ?? outer?.presenceOf(step),
    isSet: (variable) => vars.has(variable) || outer?.isSet(variable) === true,
  };
}

/** `after`: expressions that are evaluated when the steps have ended. */
export function checkFlow(context: FlowContext, steps: readonly Step[], vars: Iterable<string>, after: readonly Use[] = []): void {
  const flow = within(undefined, vars);
  walkList(context, steps, flow, new Set());
  checkUses(context, after, flow, new Set());
}

/** Checks the list and adds to `flow` what it leaves behind. */
function walkList(context: FlowContext, steps: readonly Step[], flow: Flow, tested: ReadonlySet<string>): void {
  let known = tested;
  const stops = steps.findIndex(endsAlways);
  for (const [index, step] of steps.entries()) {
    if (stops >= 0 && index === stops + 1) {
      const path = context.written.get(step)?.path ?? [];
      context.names.report('STEP_UNREACHABLE', path, `the run has always ended on line ${steps[stops]?.line}, before this step`);
    }
    // What is not reached is checked all the same: whoever takes the stop away must not find faults that were there before.
    walkStep(context, step, flow, known);
    const given = knownAfter(context.written.get(step), step).map((name) => `inputs.${name}`);
    if (given.length > 0) known = new Set([...known, ...given]);
  }
}

function walkStep(context: FlowContext, step: Step, flow: Flow, around: ReadonlySet<string>): void {
  const uses = context.written.get(step)?.uses ?? [];
  const guarded = checkUses(
    context,
    uses.filter((use) => use.role === 'guard'),
    flow,
    around,
  );
  const decided = checkUses(
    context,
    uses.filter((use) => use.role === 'condition'),
    flow,
    guarded,
  );
  checkUses(
    context,
    uses.filter((use) => use.role === 'value' || use.role === 'unless'),
    flow,
    guarded,
  );
  walkInside(context, step, flow, { guarded, decided });
  const isCertain = step.when === undefined && goesOnOnlyWell(step);
  if (step.kind === 'set' && isCertain) for (const name of Object.keys(step.vars)) flow.vars.add(name);
  if (step.named) flow.steps.set(step.id, isCertain ? 'ran' : 'reached');
  for (const list of followUpsOf(step)) walkAside(context, list, flow, guarded);
}

function checkUses(context: FlowContext, uses: readonly Use[], before: Before, tested: ReadonlySet<string>): ReadonlySet<string> {
  let asked = tested;
  for (const use of uses) asked = checkExpression(context.names, use, before, asked);
  return asked;
}

interface Asked {
  readonly guarded: ReadonlySet<string>;
  readonly decided: ReadonlySet<string>;
}

function walkInside(context: FlowContext, step: Step, flow: Flow, { guarded, decided }: Asked): void {
  switch (step.kind) {
    case 'group': {
      if (step.when === undefined && goesOnOnlyWell(step)) walkList(context, step.steps, flow, guarded);
      else walkAside(context, step.steps, flow, guarded);
      return;
    }
    case 'if':
      walkAside(context, step.then, flow, decided);
      walkAside(context, step.else, flow, decided);
      return;
    case 'switch':
      checkCases(context, step);
      for (const one of step.cases) walkAside(context, one.steps, flow, decided);
      walkAside(context, step.else, flow, decided);
      return;
    case 'for_each':
      walkTurns(context, step, flow, guarded);
      return;
    case 'repeat':
      walkRepeat(context, step, flow, guarded);
      return;
    case 'parallel':
      walkBranches(context, step, flow, guarded);
      return;
    default:
      return;
  }
}

/** A list that a run may pass by: what it does has happened only perhaps. */
function walkAside(context: FlowContext, steps: readonly Step[], flow: Flow, tested: ReadonlySet<string>): void {
  const inside = within(flow);
  walkList(context, steps, inside, tested);
  for (const step of allSteps(steps)) if (step.named) flow.steps.set(step.id, 'perhaps');
}

const WHOLE_READ = /^[\w.]+$/;

/** A case that never comes is a word that somebody misspelt. */
function checkCases({ names, written }: FlowContext, step: Step & { readonly kind: 'switch' }): void {
  const { path = [], uses = [] } = written.get(step) ?? {};
  const parsed = uses.find((use) => use.role === 'condition')?.parsed;
  const [read] = parsed?.ok && WHOLE_READ.test(step.value.trim()) ? parsed.expression.reads : [];
  const words = read && choicesOf(names, read);
  if (!words) return;
  for (const { is } of step.cases) {
    if (words.includes(is)) continue;
    const hint = () => didYouMean(is, words) ?? `it is one of ${words.join(', ')}`;
    names.report('CHOICE_UNKNOWN', [...path, 'cases', is], `\`${step.value.trim()}\` is never \`${is.slice(0, 60)}\``, {
      part: 'key',
      hint,
    });
  }
}

/** Only its own turn sees what it has done: outside there is no result, or many. */
function walkTurns(context: FlowContext, step: Step & { readonly kind: 'for_each' }, flow: Flow, tested: ReadonlySet<string>): void {
  const { names } = context;
  const path = context.written.get(step)?.path ?? [];
  if (names.roots.includes(step.name))
    names.report('LOOP_NAME', [...path, 'for_each', step.name], `\`${step.name}\` means something else here already`, { part: 'key' });
  const lists = new Map([...names.lists, ...listRead(context, step)]);
  const inside = { ...context, names: { ...names, lists, roots: [...names.roots, step.name] } };
  walkList(inside, step.steps, within(flow), tested);
}

/** The list, where it is read from a root as a whole. */
function listRead({ names, written }: FlowContext, step: Step & { readonly kind: 'for_each' }): readonly (readonly [string, Read])[] {
  const source = 'cel' in step.of && WHOLE_READ.test(step.of.cel) ? step.of.cel : undefined;
  const parsed = written.get(step)?.uses.find((use) => use.source === source)?.parsed;
  const [read] = parsed?.ok ? parsed.expression.reads : [];
  return read && source !== undefined ? [[step.name, ofList(names, read)]] : [];
}

/** At least one turn has run when it ends, and the last one's results stay. `until` is asked after a turn. */
function walkRepeat(context: FlowContext, step: Step & { readonly kind: 'repeat' }, flow: Flow, tested: ReadonlySet<string>): void {
  // With a fault in either there is nothing to compare.
  if (step.everyMs > step.forMs && !context.names.broken.has(step.id))
    context.names.report(
      'REPEAT_ONCE',
      [...(context.written.get(step)?.path ?? []), 'repeat', 'every'],
      '`every` is longer than `for`: there is never a second turn',
    );
  const isCertain = step.when === undefined && goesOnOnlyWell(step);
  const inside = isCertain ? flow : within(flow);
  walkList(context, step.steps, inside, tested);
  const uses = context.written.get(step)?.uses ?? [];
  checkUses(
    context,
    uses.filter((use) => use.role === 'until'),
    inside,
    tested,
  );
  if (!isCertain) for (const one of allSteps(step.steps)) if (one.named) flow.steps.set(one.id, 'perhaps');
}

/** It would win over the branches that do something. */
function checkSkipped({ names, written }: FlowContext, branch: readonly Step[]): void {
  const [first] = branch;
  if (!first || branch.some(({ when }) => when === undefined)) return;
  names.report(
    'BRANCH_SKIPPED',
    [...(written.get(first)?.path ?? []), 'when'],
    'where this is not true the branch has ended well at once: the others are stopped',
    {
      part: 'key',
    },
  );
}

/** Each branch sees what was before, never what its sisters do at the same time. */
function walkBranches(context: FlowContext, step: Step & { readonly kind: 'parallel' }, flow: Flow, tested: ReadonlySet<string>): void {
  if (step.join === 'any') for (const branch of step.branches) checkSkipped(context, branch);
  const isCertain = step.join === 'all' && step.when === undefined && goesOnOnlyWell(step);
  const after = step.branches.map((branch) => {
    const inside = within(flow);
    walkList(context, branch, inside, tested);
    return inside;
  });
  for (const [index, branch] of step.branches.entries()) {
    for (const one of allSteps(branch)) {
      const presence = after[index]?.presenceOf(one.id);
      if (one.named && presence !== undefined) flow.steps.set(one.id, isCertain ? presence : 'perhaps');
    }
    if (isCertain) for (const name of after[index]?.vars ?? []) flow.vars.add(name);
  }
}
