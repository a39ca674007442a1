// What no scenario reaches: steps that never ran, ways that were never taken, and effects that nothing says on whom.
import type { Approve, Plan, Step } from '../../language/plan.ts';
import type { Scenario } from '../../language/scenario.ts';
import type { StepResult } from '../command.ts';
import { idOf } from '../keys.ts';
import { STANDING, type Standing } from '../outcome.ts';
import { kindOf } from '../steps/table.ts';
import { allSteps } from './outline.ts';
import type { Happening, Simulation } from './simulation.ts';
import { measureTargets } from './targets.ts';

interface Gap {
  readonly step: string;
  readonly line: number;
  /** In words, after the step's name: "never runs". */
  readonly what: string;
}

export interface Coverage {
  readonly steps: { readonly reached: number; readonly all: number };
  readonly branches: { readonly reached: number; readonly all: number };
  /** Effects that a scenario says on whom. */
  readonly targets: { readonly reached: number; readonly all: number };
  readonly gaps: readonly Gap[];
}

/** What all scenarios together did with one step. */
interface Seen {
  readonly happenings: readonly Happening[];
  readonly results: readonly StepResult[];
  /** A step of the list began: an `if` whose way ends the run never ends itself. */
  readonly entered: (list: readonly Step[]) => boolean;
}

interface Branch {
  /** What is to be said where it was not taken. */
  readonly what: string;
  readonly taken: boolean;
}

type Ways = { readonly [K in Step['kind']]: (step: Extract<Step, { readonly kind: K }>, seen: Seen) => readonly Branch[] };

/** The ways of each kind beside those that any step may have. One row for each kind; a kind that always goes on the same way has none. */
const WAYS: Ways = {
  do: () => [],
  ask: (step, { happenings }) => [
    ...(step.choices ?? []).map((choice) => ({
      what: `is never answered with ${choice}`,
      taken: happenings.some((one) => one.answer === choice),
    })),
    ...(step.rows?.choices ?? []).map((choice) => ({
      what: `never has a row with ${choice}`,
      taken: happenings.some((one) => one.rows?.some((row) => row.answer === choice)),
    })),
    ...(step.form
      ? [{ what: 'is never filled in', taken: happenings.some((one) => one.what === 'answered' && one.by !== undefined) }]
      : []),
  ],
  group: () => [],
  if: (step, seen) => [took(seen, 'then', step.then), took(seen, 'else', step.else)],
  switch: (step, seen) => [...step.cases.map((one) => took(seen, one.is, one.steps)), took(seen, 'else', step.else)],
  // A loop is wrong at its ends first: with nothing, with one, with several.
  for_each: (_, { results }) => {
    const turns = results.flatMap((result) =>
      result.counts?.items === undefined || result.outcome === 'skipped' ? [] : [result.counts.items],
    );
    return [
      { what: 'never has an empty list', taken: turns.includes(0) },
      { what: 'never has one item alone', taken: turns.includes(1) },
      { what: 'never has several items', taken: turns.some((count) => count > 1) },
    ];
  },
  repeat: (_, { results }) => [
    { what: 'is never done with one turn', taken: results.some((one) => one.counts?.turns === 1 && one.outcome === 'done') },
    { what: 'never needs a second turn', taken: results.some((one) => (one.counts?.turns ?? 0) > 1) },
    { what: 'never runs out of time', taken: results.some((one) => one.error?.code === 'REPEAT_OVER') },
  ],
  wait: (step, { happenings }) =>
    'event' in step.on
      ? [
          { what: 'never sees its event', taken: happenings.some((one) => one.what === 'answered') },
          { what: 'never waits in vain', taken: happenings.some((one) => one.what === 'expired') },
        ]
      : [],
  // Its own scenarios cover what is in it; here it is one step.
  call: () => [],
  parallel: () => [],
  undo: () => [],
  stop: () => [],
  set: () => [],
};

const took = ({ results, entered }: Seen, branch: string, steps: readonly Step[]): Branch => ({
  what: `never takes \`${branch}\``,
  taken: results.some((result) => result.output?.branch === branch) || entered(steps),
});

/** `scenarios`: what the simulations were held to. */
export function measureCoverage(plan: Plan, simulations: readonly Simulation[], scenarios: readonly Scenario[]): Coverage {
  const seen = seenBy(simulations);
  // What a called playbook holds is covered by scenarios of its own.
  const own = allSteps(plan).filter(({ id }) => !id.includes('.'));
  const steps = own.map((step) => coverStep(step, seen(step.id)));
  const branches = steps.flatMap((one) => one.branches);
  const targets = measureTargets(plan, scenarios);
  return {
    steps: { reached: steps.filter((one) => one.runs).length, all: steps.length },
    branches: { reached: branches.filter((one) => one.taken).length, all: branches.length },
    targets: { reached: targets.reached, all: targets.all },
    gaps: steps.flatMap((one) => gapsOf(one, targets.open.has(one.step.id))),
  };
}

/** The lowest of the shares, whole percent, rounded down: 100 only where nothing is missing. */
export function coveragePercent({ steps, branches, targets }: Coverage): number {
  const share = ({ reached, all }: { readonly reached: number; readonly all: number }) => (all === 0 ? 1 : reached / all);
  return Math.floor(100 * Math.min(share(steps), share(branches), share(targets)));
}

function seenBy(simulations: readonly Simulation[]): (step: string) => Seen {
  const happenings = new Map<string, Happening[]>();
  const results = new Map<string, StepResult[]>();
  const add = <T>(map: Map<string, T[]>, step: string, one: T) => {
    const list = map.get(step);
    if (list) list.push(one);
    else map.set(step, [one]);
  };
  for (const [index, simulation] of simulations.entries()) {
    // The same key in another run is another matter: asked there is not asked here.
    for (const one of simulation.happenings) add(happenings, one.step, { ...one, key: `${index}/${one.key}` });
    for (const [key, result] of Object.entries(simulation.results)) add(results, idOf(key), result);
  }
  const entered = (list: readonly Step[]) => list.some((step) => happenings.has(step.id));
  return (step) => ({ happenings: happenings.get(step) ?? [], results: results.get(step) ?? [], entered });
}

interface Covered {
  readonly step: Step;
  readonly runs: boolean;
  readonly branches: readonly Branch[];
}

function coverStep(step: Step, seen: Seen): Covered {
  // The row of a step's own kind takes that step; the type system cannot follow a lookup by `kind`.
  const ways = WAYS[step.kind] as (step: Step, seen: Seen) => readonly Branch[];
  const branches = [...guardWays(step, seen), ...ways(step, seen), ...approvalWays(step, seen), ...endWays(step, seen)];
  const inside = kindOf(step).inside?.(step) ?? [];
  return { step, runs: seen.happenings.some((one) => one.what !== 'skipped') || inside.some(seen.entered), branches };
}

const guardWays = (step: Step, { happenings }: Seen): readonly Branch[] =>
  step.when === undefined ? [] : [{ what: 'is never skipped by its `when`', taken: happenings.some((one) => one.what === 'skipped') }];

function approvalWays(step: Step, { happenings }: Seen): readonly Branch[] {
  const approve: Approve | undefined = 'approve' in step ? step.approve : undefined;
  if (!approve) return [];
  const isAsked = (key: string) => happenings.some((one) => one.key === key && one.what === 'asked');
  return [
    { what: 'is never approved', taken: happenings.some((one) => one.what === 'approved') },
    { what: 'is never denied', taken: happenings.some((one) => standingOf(one) === 'denied') },
    ...(approve.unless === undefined
      ? []
      : [
          {
            what: 'is never spared the approval by its `unless`',
            taken: happenings.some((one) => standingOf(one) === 'well' && !isAsked(one.key)),
          },
        ]),
  ];
}

/** What an author has written for a failure or a denial is a way; the default, which ends the run, is none. */
function endWays(step: Step, { happenings }: Seen): readonly Branch[] {
  // An approval has its own way for a denial.
  const asks = 'approve' in step && step.approve !== undefined;
  const ended = (standing: Standing) => happenings.some((one) => standingOf(one) === standing);
  return [
    ...(step.onError === 'stop' ? [] : [{ what: 'never fails, though it has an `on_error`', taken: ended('failed') }]),
    ...(step.onDenied === 'stop' || asks ? [] : [{ what: 'is never denied, though it has an `on_denied`', taken: ended('denied') }]),
  ];
}

/** A skipped step has not gone well: it has not gone at all. */
const standingOf = ({ what }: Happening): Standing | undefined =>
  what === 'skipped' ? undefined : Object.entries(STANDING).find(([outcome]) => outcome === what)?.[1];

function gapsOf({ step, runs, branches }: Covered, isOpen: boolean): readonly Gap[] {
  const ways = branches.filter((branch) => !branch.taken).map((branch) => branch.what);
  // A step that never runs says enough.
  const texts = runs ? [...new Set(ways), ...(isOpen ? ['may act on anything: no scenario says `on`'] : [])] : ['never runs'];
  return texts.map((what) => ({ step: step.id, line: step.line, what }));
}
