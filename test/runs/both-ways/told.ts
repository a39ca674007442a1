// A run, told in the same words whichever world it ran in: which verb with which parameters and outcome, how it ends, what stays, what was taken back.
import { allSteps } from '../../../engine/simulation/outline.ts';
import type { Simulation } from '../../../engine/simulation/simulation.ts';
import { canonicalJson } from '../../../language/canonical.ts';
import { DO_OUTCOMES } from '../../../language/outcomes.ts';
import type { Json, Plan } from '../../../language/plan.ts';
import type { World } from '../world.ts';

export interface Told {
  /** Of every step outside loops, whatever its kind, also where it was skipped: what a `when` would read. */
  readonly outcomes: readonly string[];
  /** Each effect and read, as often as it was done. */
  readonly effects: readonly string[];
  /** The same in the order of their ends, without what runs side by side. */
  readonly inOrder: readonly string[];
  readonly asked: readonly string[];
  readonly outcome: string;
  readonly held: readonly string[];
  readonly undone: readonly string[];
}

/** Texts are the author's words with what products and people have said in them: `whole` tells them too. */
export interface Words {
  readonly whole: boolean;
}

export function tellSimulation(plan: Plan, simulation: Simulation, { whole }: Words): Told {
  const verbs = verbsOf(plan);
  const ended = simulation.happenings.filter((one) => one.verb !== undefined && verbs.has(one.step) && ENDS.has(one.what));
  const ordered = inOrderSteps(plan);
  const keyOf = keysOf(plan);
  const say = (one: (typeof ended)[number]) => `${keyOf(one.step, one.key)}: ${one.verb} ${parametersOf(one.params, whole)} ${one.what}`;
  return {
    outcomes: outcomesOf(Object.fromEntries(Object.entries(simulation.results).map(([key, { outcome }]) => [key, outcome]))),
    effects: onceInTurns(ended.map(say)),
    inOrder: ended.filter((one) => ordered.has(one.step)).map(say),
    asked: [...new Set(simulation.happenings.filter((one) => one.what === 'asked').map((one) => one.key))].toSorted(),
    outcome: simulation.finish?.outcome ?? '',
    held: simulation.held.map(({ step }) => step).toSorted(),
    undone: undoneInOrder(
      plan,
      simulation.undone.map(({ step }) => step),
    ),
  };
}

const ENDS: ReadonlySet<string> = new Set(DO_OUTCOMES);

export async function tellRun(world: World, plan: Plan, runId: string, { whole }: Words): Promise<Told> {
  const steps = (await world.steps(runId)).filter((row) => row.kind === 'do' && row.generation === 0 && row.state === 'ended');
  const ordered = inOrderSteps(plan);
  const byEnd = steps.toSorted((a, b) => Number(a.ended_at ?? 0) - Number(b.ended_at ?? 0));
  const keyOf = keysOf(plan);
  const run = await world.store.db.selectFrom('runs').select(['outcome', 'outcomes']).where('id', '=', runId).executeTakeFirst();
  const outcomes = (run?.outcomes ?? {}) as Readonly<Record<string, string>>; // written by the run's last act
  const say = (row: (typeof steps)[number]) =>
    `${keyOf(row.step_id, row.key)}: ${row.verb} ${parametersOf(row.params, whole)} ${outcomes[row.key] ?? row.outcome}`;
  const approvals = await world.store.db.selectFrom('approvals').select(['key']).where('run_id', '=', runId).execute();
  const holds = await world.store.db
    .selectFrom('holds')
    .select(['step_id', 'state', 'ended_at'])
    .where('run_id', '=', runId)
    .orderBy('ended_at')
    .execute();
  return {
    outcomes: outcomesOf(outcomes),
    effects: onceInTurns(steps.map(say)),
    inOrder: byEnd.filter((row) => ordered.has(row.step_id)).map(say),
    asked: [...new Set(approvals.map((one) => one.key))].toSorted(),
    outcome: run?.outcome ?? '',
    // A debt is still in place: what undoes it failed, and a person owes the rest.
    held: holds
      .filter((one) => one.state === 'active' || one.state === 'debt')
      .map((one) => one.step_id)
      .toSorted(),
    undone: undoneInOrder(
      plan,
      holds.filter((one) => one.state === 'released').map((one) => one.step_id),
    ),
  };
}

const verbsOf = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(allSteps(plan).flatMap((step) => (step.kind === 'do' ? [[step.id, step.verb] as const] : [])));

/** Turns of loops are forgotten when they have ended; their effects are told by themselves. */
const outcomesOf = (outcomes: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(outcomes)
    .flatMap(([key, outcome]) => (key.includes('#') ? [] : [`${key} ${outcome}`]))
    .toSorted();

const IN_TURNS = ' in turns';

/** How many turns a `repeat` has is the clock's: what is done in them counts once for each outcome. */
const onceInTurns = (said: readonly string[]): readonly string[] =>
  said.filter((line, at) => !line.includes(`${IN_TURNS}:`) || said.indexOf(line) === at).toSorted();

function keysOf(plan: Plan): (step: string, key: string) => string {
  const repeats = allSteps(plan).filter((step) => step.kind === 'repeat');
  const repeated = new Set(repeats.flatMap((step) => allSteps({ ...plan, steps: step.steps }).map(({ id }) => id)));
  return (step, key) => (repeated.has(step) ? `${step}${IN_TURNS}` : key);
}

/** The last effect is undone first; effects that were done side by side have no last. */
function undoneInOrder(plan: Plan, undone: readonly string[]): readonly string[] {
  const together = new Set(
    allSteps(plan).flatMap((step) => {
      if (step.kind === 'parallel') return step.branches.flat().flatMap((one) => allSteps({ ...plan, steps: [one] }));
      return step.kind === 'for_each' ? allSteps({ ...plan, steps: step.steps }) : [];
    }),
  );
  const ids = new Set([...together].map((step) => step.id));
  return [...undone.filter((id) => !ids.has(id)), ...undone.filter((id) => ids.has(id)).toSorted()];
}

/** Steps of the top list alone: what stands in groups, loops and branches may end in another order. */
const inOrderSteps = (plan: Plan): ReadonlySet<string> => new Set(plan.steps.map((step) => step.id));

/** What tells of a run's address, and of what products and people have said in their own words, is another in each world. */
const OWN_WORDS: ReadonlySet<string> = new Set(['body', 'text']);

function parametersOf(params: unknown, whole: boolean): string {
  const given = typeof params === 'object' && params !== null ? Object.entries(params) : [];
  const told = given.flatMap(([name, value]) => (!whole && OWN_WORDS.has(name) ? [] : [[name, nameOf(value)] as const]));
  return canonicalJson(Object.fromEntries(told) as Readonly<Record<string, Json>>); // JSON in both worlds
}

/** A start by hand names a host by its name; the server puts the entity there that is called so. */
function nameOf(value: unknown): unknown {
  const members = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return members.size === 2 && members.get('id') === members.get('name') ? members.get('id') : value;
}
