// A shipped scenario on a real Temporal server with the practice range, and in simulated time, told in the same words.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SAMPLES } from '../../alerts/samples.ts';
import { judgeBy } from '../../cli/judge.ts';
import { startByAlert, startByHand as startedByHand } from '../../cli/starting.ts';
import { ConnectorFailure, type OpenAction } from '../../connectors/connector.ts';
import type { Given } from '../../engine/engine.ts';
import { allSteps } from '../../engine/simulation/outline.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Simulation } from '../../engine/simulation/simulation.ts';
import { parseEntities } from '../../language/inventory-text.ts';
import type { Json, Plan } from '../../language/plan.ts';
import { type Rows, rowsByName } from '../../language/rows.ts';
import type { Scenario, ScenarioAct, ScenarioAnswer } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { PEOPLE } from '../../range/people.ts';
import type { ServerDeps } from '../../server/deps.ts';
import { startByHand } from '../../server/start-by-hand.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { eventually, type World } from './world.ts';

/** What must be the same: which verb on which target with which outcome, how the run ends, what stays and what was taken back. */
export interface Told {
  readonly effects: readonly string[];
  /** The same in the order of their ends, without what runs side by side. */
  readonly inOrder: readonly string[];
  readonly asked: readonly string[];
  readonly outcome: string;
  readonly held: readonly string[];
  readonly undone: readonly string[];
}

/** Why a scenario is not compared. Each is a thing that only one of the two worlds can have. */
type LeftOut =
  | 'starts nothing'
  | 'the range does not know the target as one thing'
  | 'the person who is asked does not sign in here'
  | 'waiting is the point'
  | 'a product cannot be made to answer so'
  | 'a person cancels or signals';

export function whyLeftOut(plan: Plan, scenario: Scenario, simulation: Simulation | undefined): LeftOut | undefined {
  if (!simulation) return 'starts nothing';
  const isSilent = ({ what, by }: { what: string; by?: string }) => what === 'answered' && by === undefined;
  const waits = ['expired', 'reminded', 'escalated', 'waits', 'ignored'];
  if (simulation.happenings.some((one) => waits.includes(one.what) || isSilent(one) || one.error?.code === 'APPROVAL_EXPIRED'))
    return 'waiting is the point';
  if (simulation.happenings.some((one) => one.what === 'denied' && one.verb === undefined && one.by === undefined))
    return 'waiting is the point';
  if (scenario.people.some((act) => act.does === 'cancel' || act.does === 'signal')) return 'a person cancels or signals';
  const verbs = verbsOf(plan);
  const isAlone = (name: string) =>
    Object.hasOwn(VERBS, name) || [...verbs.values()].filter((verb) => verb === verbs.get(name)).length === 1;
  return Object.entries(scenario.answers).every(([name, answer]) => isAlone(name) && canBeMade(name, answer))
    ? undefined
    : 'a product cannot be made to answer so';
}

/** A product answers by verb, so one turn of a loop, or one of two steps with the same verb, cannot be answered apart. Failures and what reads answer can be put before the range's own actions; the outcomes of effects are the range's. */
const canBeMade = (name: string, { outcome, undo, takesMs, output }: ScenarioAnswer): boolean =>
  (outcome === undefined || outcome === 'failed' || outcome === 'read') &&
  undo === 'works' &&
  takesMs === 0 &&
  (Object.keys(output).length === 0 || VERBS[name]?.risk === 'read');

/** Policy asks before effects that the playbook asks nobody for; in both worlds somebody agrees to them. */
export function withPolicysApprover(plan: Plan, scenario: Scenario): Scenario {
  const isNamed = (step: string) => scenario.people.some((act) => act.step === step);
  const unasked = plan.steps.flatMap((step) =>
    step.kind === 'do' && step.approve === undefined && isContainment(step.verb) && !isNamed(step.id) ? [step.id] : [],
  );
  return { ...scenario, people: [...scenario.people, ...unasked.map((step) => ({ does: 'approve' as const, step, by: 'A responder' }))] };
}

const isContainment = (verb: string): boolean => VERBS[verb]?.risk === 'reversible' || VERBS[verb]?.risk === 'destructive';

/** Sessions once ended stay so: each scenario is about people of its own. */
let next = 100;
export function withOwnPeople(scenario: Scenario): Scenario {
  const { alert } = scenario;
  const isSample = typeof alert === 'string' && Object.hasOwn(SAMPLES, alert);
  let text = JSON.stringify(isSample ? { ...scenario, alert: SAMPLES[alert as keyof typeof SAMPLES] } : scenario); // looked up just before
  for (const id of [...new Set(text.match(/user-\d{3}/g))].toSorted()) {
    const was = PEOPLE.find((one) => one.id === id);
    const now = PEOPLE.slice(next).find((one) => one.sessions > 0);
    next = now ? PEOPLE.indexOf(now) + 1 : PEOPLE.length;
    if (!was || !now) throw new Error(`the range has no ${id}, or nobody is left`);
    text = text.replaceAll(was.id, `${now.id}#`).replaceAll(was.name, now.name).replaceAll(was.email, now.email);
  }
  return JSON.parse(text.replaceAll('#', '')) as Scenario; // a scenario as text, with other people
}

const policy = parsePolicy(readFileSync('worker/trial/policy.yaml', 'utf8'), 'policy.yaml');
const inventory = inventoryOf(canonicalEntities(parseEntities(readFileSync('worker/trial/entities.yaml', 'utf8'), 'entities.yaml')));

export function inSimulatedTime(plan: Plan, scenario: Scenario): { readonly given: Given; readonly simulation: Simulation } | undefined {
  const start = scenario.alert === undefined ? startedByHand(plan, scenario.inputs ?? {}) : startByAlert(plan, scenario.alert);
  if (start.kind !== 'started') return undefined;
  const judge = judgeBy({ policy, inventory, mode: 'act', severityId: start.given.run.severity_id });
  return { given: start.given, simulation: simulate(plan, start.given, scenario, judge) };
}

export function tellSimulation(plan: Plan, simulation: Simulation): Told {
  const verbs = verbsOf(plan);
  const ended = simulation.happenings.filter((one) => one.verb !== undefined && verbs.has(one.step) && ENDS.has(one.what));
  const ordered = inOrderSteps(plan);
  const say = (one: (typeof ended)[number]) => `${one.key}: ${one.verb} ${one.target ?? ''} ${one.what}`;
  return {
    effects: ended.map(say).toSorted(),
    inOrder: ended.filter((one) => ordered.has(one.step)).map(say),
    asked: [...new Set(simulation.happenings.filter((one) => one.what === 'asked').map((one) => one.key))].toSorted(),
    outcome: simulation.finish?.outcome ?? '',
    held: simulation.held.toSorted(),
    undone: undoneInOrder(plan, simulation.undone),
  };
}

const ENDS: ReadonlySet<string> = new Set([
  'read',
  'changed',
  'already',
  'would',
  'unverified',
  'failed',
  'unknown',
  'denied',
  'cancelled',
]);

const verbsOf = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(allSteps(plan).flatMap((step) => (step.kind === 'do' ? [[step.id, step.verb] as const] : [])));

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

/** Codes of an effect whose target no product knows, or knows twice. */
const UNKNOWN_TARGET = /"code":"(?:TARGET_[A-Z]+|EMPTY_REFERENCE)"/;

/** Runs it and does what its people do, as soon as they are asked. */
export async function onTemporal(world: World, plan: Plan, scenario: Scenario, given: Given): Promise<Told | LeftOut> {
  const original = world.state.connectors;
  world.state.connectors = { ...original, actionOf: scripted(original.actionOf, plan, scenario.answers) };
  try {
    const runId = await begin(world, plan, scenario, given);
    await actOut(world, runId, scenario.people);
    await world.ended(runId, 60_000);
    const steps = await world.steps(runId);
    if (steps.some((row) => UNKNOWN_TARGET.test(JSON.stringify(row.error) ?? ''))) return 'the range does not know the target as one thing';
    // Nobody to ask is how a question fails, and its row has no code.
    if (steps.some((row) => row.kind === 'ask' && row.outcome === 'failed')) return 'the person who is asked does not sign in here';
    const told = await tellRun(world, plan, runId);
    await tidy(world, runId);
    return told;
  } finally {
    world.state.connectors = original;
  }
}

async function begin(world: World, plan: Plan, scenario: Scenario, given: Given): Promise<string> {
  if (scenario.alert !== undefined) {
    const { id: _id, source: _source, ...alert } = given.alert ?? {};
    return (await world.run(await world.alert(alert), 60_000)).id;
  }
  // Of the server's parts a start by hand uses the store and the clock.
  const deps = { store: world.store, now: () => new Date() } as ServerDeps;
  const person = { id: 'per_starter', name: 'Starter' } as Parameters<typeof startByHand>[1];
  return await startByHand(deps, person, { playbook: plan.playbook, inputs: scenario.inputs ?? {}, reason: '' });
}

/** Verb or step: the same answer as in the scenario, put before the range's own. */
function scripted(actionOf: World['state']['connectors']['actionOf'], plan: Plan, answers: Scenario['answers']): typeof actionOf {
  const verbs = verbsOf(plan);
  const byVerb = new Map(Object.entries(answers).map(([name, answer]) => [verbs.get(name) ?? name, { answer, left: answer.fails }]));
  return (instance, verb) => {
    const action = actionOf(instance, verb);
    const script = byVerb.get(verb);
    return action && script ? withAnswer(action, script) : action;
  };
}

function withAnswer(action: OpenAction, script: { readonly answer: ScenarioAnswer; left: number }): OpenAction {
  const fail = () => {
    if (script.answer.outcome === 'failed') throw new ConnectorFailure('permanent', 'REFUSED', 'as the scenario says');
    if (script.left <= 0) return;
    script.left -= 1;
    throw new ConnectorFailure('retryable', 'UNREACHABLE', 'as the scenario says');
  };
  const { output } = script.answer;
  const run = async (...all: readonly never[]) => {
    fail();
    // The range's own answer, with what the scenario says of it.
    const own = await (action.run as (...args: readonly never[]) => Promise<Readonly<Record<string, Json>> | undefined>)(...all);
    return action.risk === 'read' ? { ...own, ...output } : own;
  };
  // The wrapped function takes and gives what the action's own does.
  return { ...action, run } as OpenAction;
}

async function actOut(world: World, runId: string, people: readonly ScenarioAct[]): Promise<void> {
  const left = [...people];
  const done = new Set<string>();
  await eventually(
    async () => {
      const run = await world.store.db.selectFrom('runs').select('ended_at').where('id', '=', runId).executeTakeFirst();
      if (run?.ended_at) return true;
      const open = await world.store.db
        .selectFrom('approvals')
        .selectAll()
        .where('run_id', '=', runId)
        .where('state', '=', 'open')
        .execute();
      for (const approval of open) {
        const at = left.findIndex((act) => act.step === approval.step_id && !done.has(`${approval.id} ${act.by}`));
        const act = left[at];
        if (!act) continue;
        left.splice(at, 1);
        done.add(`${approval.id} ${act.by}`);
        await decideAs(world, approval, act);
      }
      return undefined;
    },
    `the end of ${runId} under ${JSON.stringify(people)}`,
    60_000,
  );
}

/** A scenario names rows as people do, and may answer all others at once; the server takes every row by its id. */
function answerTo(asked: unknown, given: NonNullable<ScenarioAct['with']>): ScenarioAct['with'] {
  const { rows } = (asked ?? {}) as { readonly rows?: Rows }; // written by activities/ask.ts
  if (!rows) return given;
  const named = rowsByName(rows, typeof given === 'string' ? { '*': given } : (given as Readonly<Record<string, string>>)); // words, of rows
  if (!named.ok) throw new Error(JSON.stringify(named.faults));
  return named.value;
}

async function decideAs(world: World, approval: { id: string; digest: string; asked: unknown }, act: ScenarioAct): Promise<void> {
  const who = { who: `person-${createHash('sha256').update(act.by).digest('hex').slice(0, 8)}`, role: 'admin' };
  const { does } = act;
  if (does === 'cancel' || does === 'signal') throw new Error(`${does} is left out`);
  const answer = act.with === undefined ? {} : { answer: answerTo(approval.asked, act.with) };
  const result = await world.decide(approval, does, { ...who, ...answer });
  if (result.kind !== 'recorded') throw new Error(`${act.does} ${act.step}: ${JSON.stringify(result)}`);
}

async function tellRun(world: World, plan: Plan, runId: string): Promise<Told> {
  const steps = (await world.steps(runId)).filter((row) => row.kind === 'do' && row.generation === 0 && row.state === 'ended');
  const ordered = inOrderSteps(plan);
  const byEnd = steps.toSorted((a, b) => Number(a.ended_at ?? 0) - Number(b.ended_at ?? 0));
  const say = (row: (typeof steps)[number]) => `${row.key}: ${row.verb} ${targetWords(row.verb ?? '', row.params)} ${row.outcome}`;
  const approvals = await world.store.db.selectFrom('approvals').select(['key']).where('run_id', '=', runId).execute();
  const holds = await world.store.db
    .selectFrom('holds')
    .select(['step_id', 'state', 'ended_at'])
    .where('run_id', '=', runId)
    .orderBy('ended_at')
    .execute();
  const run = await world.store.db.selectFrom('runs').select('outcome').where('id', '=', runId).executeTakeFirst();
  return {
    effects: steps.map(say).toSorted(),
    inOrder: byEnd.filter((row) => ordered.has(row.step_id)).map(say),
    asked: [...new Set(approvals.map((one) => one.key))].toSorted(),
    outcome: run?.outcome ?? '',
    held: holds
      .filter((one) => one.state === 'active')
      .map((one) => one.step_id)
      .toSorted(),
    undone: undoneInOrder(
      plan,
      holds.filter((one) => one.state === 'released').map((one) => one.step_id),
    ),
  };
}

/** As the simulation calls a target: by what the playbook has given, not by what the product knows. */
function targetWords(verb: string, params: unknown): string {
  const name = VERBS[verb]?.target;
  const value = typeof params === 'object' && params !== null && name !== undefined ? new Map(Object.entries(params)).get(name) : undefined;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const members = new Map(Object.entries(value));
  return String(
    ['name', 'subject', 'email', 'id', 'sha256'].map((key) => members.get(key)).find((text) => typeof text === 'string' && text !== '') ??
      '',
  );
}

/** Hosts, addresses and messages are used by the next scenario too. */
async function tidy(world: World, runId: string): Promise<void> {
  const active = await world.store.db.selectFrom('holds').select('id').where('run_id', '=', runId).where('state', '=', 'active').execute();
  if (active.length > 0) await world.ended(await world.undo(runId), 60_000);
}
