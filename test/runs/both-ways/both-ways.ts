// A shipped scenario on a real Temporal server with the practice range, and in simulated time, told in the same words.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { judgeBy } from '../../../cli/judge.ts';
import { startByAlert, startByHand as startedByHand } from '../../../cli/starting.ts';
import type { Given } from '../../../engine/engine.ts';
import { simulate } from '../../../engine/simulation/simulate.ts';
import type { Simulation } from '../../../engine/simulation/simulation.ts';
import { canonicalJson } from '../../../language/canonical.ts';
import { parseEntities } from '../../../language/inventory-text.ts';
import type { Plan } from '../../../language/plan.ts';
import type { Scenario } from '../../../language/scenario.ts';
import { canonicalEntities, inventoryOf } from '../../../policy/entities.ts';
import type { Policy } from '../../../policy/policy.ts';
import type { ServerDeps } from '../../../server/deps.ts';
import { startByHand } from '../../../server/start-by-hand.ts';
import { FOLDER_AUTHOR, publishPlaybook } from '../../../store/playbook-versions.ts';
import { parsePolicy } from '../../../worker/policy-file.ts';
import { eventually, type World } from '../world.ts';
import { scripted } from './answers.ts';
import { actOut, letSignIn, withPolicysApprovers } from './people.ts';
import { type Told, tellRun, tellSimulation, type Words } from './told.ts';

const inventory = inventoryOf(canonicalEntities(parseEntities(readFileSync('worker/trial/entities.yaml', 'utf8'), 'entities.yaml')));
const trialPolicy = readFileSync('worker/trial/policy.yaml', 'utf8');

/** What the scenario says that policy refuses, a rule of the real world's policy refuses; the simulated one has the scenario's word alone. */
function policyOf(scenario: Scenario, verbs: ReadonlyMap<string, string>): Policy {
  const denied = Object.entries(scenario.answers).flatMap(([name, { outcome }]) => (outcome === 'denied' ? [verbs.get(name) ?? name] : []));
  const rule = `rules:\n  - name: as-the-scenario-says\n    reason: The scenario says so.\n    match: { verbs: [${denied.join(', ')}] }\n    then: deny\n`;
  return parsePolicy(denied.length === 0 ? trialPolicy : trialPolicy.replace('rules:\n', rule), 'policy.yaml');
}

/** A step's verb by its id. */
const verbsOf = (plan: Plan): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  JSON.stringify(plan, (_, value) => {
    if (value?.kind === 'do') found.set(value.id, value.verb);
    return value;
  });
  return found;
};

interface Played {
  readonly given: Given;
  readonly simulation: Simulation;
}

function inSimulatedTime(plan: Plan, scenario: Scenario, policy: Policy | undefined): Played | undefined {
  const start = scenario.alert === undefined ? startedByHand(plan, scenario.inputs ?? {}) : startByAlert(plan, scenario.alert);
  if (start.kind !== 'started') return undefined;
  const judge = policy && judgeBy({ policy, inventory, mode: 'act', severityId: start.given.run.severity_id });
  return { given: start.given, simulation: simulate(plan, start.given, scenario, judge) };
}

export interface BothTold {
  readonly simulated: Told | 'starts nothing';
  readonly real: Told | 'starts nothing';
}

/** Plays it in both worlds. The plan must be published in the real one. */
export async function playBothWays(world: World, plan: Plan, written: Scenario, words: Words = { whole: false }): Promise<BothTold> {
  const policy = policyOf(written, verbsOf(plan));
  const trial = parsePolicy(trialPolicy, 'policy.yaml');
  const scenario = withPolicysApprovers(written, (one, isJudged) => inSimulatedTime(plan, one, isJudged ? trial : undefined)?.simulation);
  const played = inSimulatedTime(plan, scenario, trial);
  if (!played) return { simulated: 'starts nothing', real: await startsNothing(world, plan, scenario) };
  const { connectors, policy: before } = world.state;
  world.state.connectors = { ...connectors, actionOf: scripted(connectors.actionOf.bind(connectors), scenario.answers) };
  world.state.policy = policy;
  await letSignIn(world, scenario);
  let runId: string;
  let real: Told;
  try {
    runId = await begin(world, plan, scenario, played.given);
    await actOut(world, runId, { plan, scenario, simulation: played.simulation });
    real = await tellRun(world, plan, runId, words);
  } finally {
    world.state.connectors = connectors;
    world.state.policy = before;
  }
  await tidy(world, runId);
  return { simulated: tellSimulation(plan, played.simulation, words), real };
}

/** The only playbook in force from now on. */
export async function publishAlone(world: World, plan: Plan): Promise<void> {
  const { db } = world.store;
  await db.updateTable('playbook_versions').set({ state: 'superseded' }).where('state', '=', 'published').execute();
  const digest = createHash('sha256').update(canonicalJson(plan)).digest('hex');
  const publication = {
    plan,
    digest,
    source: '',
    path: plan.playbook,
    author: FOLDER_AUTHOR,
    firstMode: 'act',
    yieldToPeople: false,
  } as const;
  await publishPlaybook(db, publication, new Date());
}

async function begin(world: World, plan: Plan, scenario: Scenario, given: Given): Promise<string> {
  if (scenario.alert === undefined) return await byHand(world, plan, scenario);
  const { id: _id, source: _source, ...alert } = given.alert ?? {};
  return (await world.run(await world.alert(alert), 60_000)).id;
}

async function byHand(world: World, plan: Plan, scenario: Scenario): Promise<string> {
  // Of the server's parts a start by hand uses the store and the clock.
  const deps = { store: world.store, now: () => new Date() } as ServerDeps;
  const person = { id: 'per_starter', name: 'Starter' } as Parameters<typeof startByHand>[1];
  return await startByHand(deps, person, { playbook: plan.playbook, inputs: scenario.inputs ?? {}, reason: '' });
}

async function startsNothing(world: World, plan: Plan, scenario: Scenario): Promise<BothTold['real']> {
  if (typeof scenario.alert !== 'object') throw new Error(`${plan.playbook}: only an alert that starts nothing is played`);
  const id = await world.alert(scenario.alert);
  const { db } = world.store;
  const decision = async () => await db.selectFrom('trigger_decisions').select('run_id').where('alert_id', '=', id).executeTakeFirst();
  const { run_id } = await eventually(decision, `a decision about ${id}`);
  if (run_id !== null) throw new Error(`${plan.playbook}: the alert has started ${run_id}`);
  return 'starts nothing';
}

/** Hosts, addresses and messages are used by the next scenario too. */
async function tidy(world: World, runId: string): Promise<void> {
  const left = await world.store.db
    .selectFrom('holds')
    .select('id')
    .where('run_id', '=', runId)
    .where('state', 'in', ['active', 'debt'])
    .execute();
  if (left.length > 0) await world.ended(await world.undo(runId), 60_000);
}
