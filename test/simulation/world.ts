// One case, lived through: real engine, workflow code, policy, activities, dispatch and store; the practice range; people; faults; a virtual clock.
import pino from 'pino';
import { createActivities } from '../../activities/create.ts';
import { type ActivityDeps, DEFAULT_TIMING } from '../../activities/deps.ts';
import { entityKeys } from '../../alerts/entities.ts';
import { normalise } from '../../alerts/normalise.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { type Dispatch, startDispatch } from '../../dispatch/dispatch.ts';
import { ENGINE_VERSION } from '../../engine/engine.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { parseEntities } from '../../language/inventory-text.ts';
import { readPlaybook } from '../../language/parse.ts';
import { NOBODY } from '../../policy/addressed.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { takeDeliveries } from '../../store/alerts.ts';
import { DEFAULT_BOUNDS, takePlace } from '../../store/places.ts';
import { publishPlaybook } from '../../store/playbook-versions.ts';
import { sha256 } from '../../store/sha256.ts';
import type { Store } from '../../store/store.ts';
import { planReader } from '../../worker/plan-reader.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { trialConnectors } from '../../worker/trial-form.ts';
import { runPlaybook } from '../../workflows/run-playbook.ts';
import { choices } from '../faults/seeded.ts';
import type { Worker } from './carried.ts';
import { type AlertShape, BYSTANDER, type Case, ENTITIES, HOSTS, PEOPLE, POLICY, playbookText, USERS } from './cases.ts';
import { resetClock, step } from './clock.ts';
import { type Journal, peopleAt, schedule } from './people.ts';
import { type SimulatedProducts, simulatedProducts } from './products.ts';
import type { Process, SimulatedDatabase } from './store.ts';
import { type SimulatedTemporal, simulatedTemporal } from './temporal.ts';

/** Everything that a case has left behind. */
export interface Lived {
  readonly store: Store;
  readonly products: SimulatedProducts;
  readonly temporal: SimulatedTemporal;
  readonly journal: Journal;
  /** Alerts that were acknowledged, by id. */
  readonly alerts: readonly string[];
  /** All that was written to the log and said to people. */
  readonly said: readonly string[];
  /** Time in which effects could not go on: no worker, no Temporal, ms. */
  readonly awayMs: number;
  /** False: the time was over and something had not ended. */
  readonly ended: boolean;
}

/** What a test of the simulation itself breaks, to see that it is noticed. */
export interface Plant {
  /** The dependencies of the worker's process, made wrong. */
  readonly deps?: (
    deps: ActivityDeps,
    world: { readonly log: (line: string) => void; readonly products: SimulatedProducts },
  ) => ActivityDeps;
  readonly products?: (products: SimulatedProducts) => void;
  readonly begin?: (store: Store) => Promise<void>;
  /** Called every two seconds of the case's time. */
  readonly meddle?: (store: Store, world: { readonly products: SimulatedProducts }) => Promise<void>;
  /** Called when all is over, before it is looked at. */
  readonly after?: (store: Store, world: { readonly temporal: SimulatedTemporal; readonly products: SimulatedProducts }) => Promise<void>;
}

const GUARD_MS = 40 * 60_000;
const DOWN_MS = 3_000;
const LONG_AFTER = 60;
const LOOK_EVERY_MS = 2_000;

export async function live(database: SimulatedDatabase, one: Case, plant: Plant = {}): Promise<Lived> {
  await database.empty();
  resetClock();
  const chosen = choices(String(one.luck));
  const products = simulatedProducts(one.faults, chosen);
  plant.products?.(products);
  const said: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void said.push(line) });
  const temporal = simulatedTemporal(() => runPlaybook as never, LONG_AFTER); // of the input that dispatch gives it
  const outside = database.process().store;
  await setUp(outside, one);
  await plant.begin?.(outside);
  const journal: Journal = { decisions: [], foreign: new Set(), tries: new Map(), kills: 0, awayMs: 0 };
  const alerts: string[] = [];
  const kills = [...one.kills];
  let statements = 0;
  let worker: (Worker & { readonly end: () => void }) | undefined;

  const begin = (): void => {
    const process: Process = database.process(() => {
      statements += 1;
      if (statements === kills[0]) die(process);
    });
    worker = startWorker(process, { products, temporal, said, log, luck: chosen, plant });
    temporal.setWorker(worker);
  };
  const die = (process: Process): void => {
    kills.shift();
    statements = 0;
    journal.kills += 1;
    journal.awayMs += DOWN_MS + 6_000;
    process.kill();
    const dead = worker;
    // What runs now is in the middle of a statement: everything else hears of it a moment later.
    setTimeout(() => {
      dead?.end();
      temporal.setWorker(undefined);
    }, 0);
    setTimeout(begin, DOWN_MS);
  };

  begin();
  for (const alert of one.alerts) scheduleAlert(outside, alert, one, alerts);
  setTimeout(
    () => void post(outside, { id: 'bystander', title: 'bystander', ips: ['203.0.113.9'], data: { play: 'bystander' } }, alerts),
    9_000,
  );
  schedule({ store: outside, one, products, temporal, journal });
  const people = setInterval(() => void peopleAt(outside, one, journal), LOOK_EVERY_MS);
  const meddling = setInterval(() => void plant.meddle?.(outside, { products }), LOOK_EVERY_MS);
  const begun = Date.now();
  const busy = () => database.busy() + products.busy();
  let ended = false;
  for (let at = 0; await step(busy, begun + GUARD_MS); at++) {
    if (at % 40 !== 39 || Date.now() - begun < 130_000) continue;
    ended = await isOver(outside);
    if (ended) break;
  }
  clearInterval(people);
  clearInterval(meddling);
  worker?.end();
  await plant.after?.(outside, { temporal, products });
  return { store: outside, products, temporal, journal, alerts, said, awayMs: journal.awayMs, ended };
}

interface WorkerParts {
  readonly products: SimulatedProducts;
  readonly temporal: SimulatedTemporal;
  readonly said: string[];
  readonly log: pino.Logger;
  readonly luck: { readonly number: (below: number) => number };
  readonly plant: Plant;
}

function startWorker(
  { store, isDead }: Process,
  { products, temporal, said, log, luck, plant }: WorkerParts,
): Worker & { readonly end: () => void } {
  const opened = openConnectors(trialConnectors(1), products.ports(isDead));
  const policy = parsePolicy(POLICY, 'policy.yaml');
  const inventory = inventoryOf(canonicalEntities(parseEntities(ENTITIES, 'entities.yaml')));
  const owner = `worker-${luck.number(1_000_000)}`;
  const plain: ActivityDeps = {
    store,
    connectors: opened,
    policy: () => policy,
    inventory: () => inventory,
    directory: NOBODY,
    ourselves: () => [],
    plan: planReader(store.db),
    owner,
    place: async (runId) => await takePlace(store.db, runId, 'worker', DEFAULT_BOUNDS),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    timing: DEFAULT_TIMING,
    log,
    fail: () => undefined,
    page: (message) => void said.push(message),
  };
  const deps = plant.deps?.(plain, { log: (line) => void said.push(line), products }) ?? plain;
  const dispatch: Dispatch = startDispatch({
    store,
    client: temporal.client,
    workerId: 'worker',
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    log,
    fail: () => undefined,
    page: (page) => void said.push(page.message),
    notify: async ({ payload }) => void said.push(JSON.stringify(payload)),
    engineVersion: ENGINE_VERSION,
    consoleUrl: 'http://127.0.0.1:8080',
    random: () => luck.number(1_000) / 1_000,
    timing: { sweepMs: 5_000, reconcileMs: 15_000, schedulesMs: 86_400_000 },
  });
  const activities = createActivities(deps) as unknown as Worker['activities']; // called by name, with what the workflow gives
  return { activities, isDead, end: () => void dispatch.stop() };
}

async function setUp(store: Store, one: Case): Promise<void> {
  for (const [id, { role, login }] of Object.entries(PEOPLE)) {
    await store.db
      .insertInto('people')
      .values({ id: `per_${id}`, iss: 'local', sub: `per_${id}`, login, name: id, email: null, password_hash: null, role })
      .execute();
  }
  for (const [name, text] of [
    ...one.playbooks.map((play, index) => [`p${index}`, playbookText(`p${index}`, play)] as const),
    ['bystander', BYSTANDER] as const,
  ]) {
    const { plan, diagnostics, digestInput } = readPlaybook(text, `${name}.yaml`);
    if (!plan)
      throw new Error(`the simulation wrote a wrong playbook:\n${text}\n${formatDiagnostics(diagnostics, text, { color: false })}`);
    const version = {
      plan,
      digest: sha256(digestInput),
      source: text,
      path: `${name}.yaml`,
      author: 'folder',
      firstMode: 'act',
      yieldToPeople: false,
    } as const;
    await publishPlaybook(store.db, version, new Date());
  }
}

function scheduleAlert(store: Store, alert: AlertShape, one: Case, alerts: string[]): void {
  const host = HOSTS[alert.host] ?? HOSTS[0];
  const user = USERS[alert.user] ?? USERS[0];
  const id = `${one.alerts.indexOf(alert)}-${host}-${user}`;
  const body = {
    id,
    title: id,
    severity: 'high',
    hosts: [{ id: host }],
    users: [{ id: user }],
    data: { play: `p${alert.playbook % one.playbooks.length}` },
  };
  setTimeout(() => void post(store, body, alerts), alert.atMs);
  if (alert.again) setTimeout(() => void post(store, body, alerts), alert.atMs + 1_500);
  if (alert.resolvedAfterMs > 0)
    setTimeout(() => void post(store, { ...body, status: 'resolved' }, alerts), alert.atMs + alert.resolvedAfterMs);
}

/** As the server takes it in: acknowledged once it is committed. */
async function post(store: Store, body: Readonly<Record<string, unknown>>, acknowledged: string[]): Promise<void> {
  const raw = Buffer.from(JSON.stringify(body));
  const read = normalise('plain', 'plain', raw.toString());
  if (!read.ok) throw new Error(read.reason);
  const alerts = read.alerts.map((alert) => ({ alert, entities: entityKeys(alert) }));
  const delivery = {
    source: 'plain',
    deliveryId: `${String(body.id)}-${String(body.status)}`,
    contentType: 'application/json',
    raw,
    alerts,
    quarantine: [],
  };
  const landed = await takeDeliveries(store.db, [delivery], new Date());
  for (const one of landed) for (const alert of one.alerts) if (!acknowledged.includes(alert.id)) acknowledged.push(alert.id);
  store.wake('outbox');
}

/** Nothing is under way any more, and nothing is due in the next hour but what people are asked a day later. */
async function isOver(store: Store): Promise<boolean> {
  // Whether something is still to be held is asked for hours: such a run waits, visibly. What it does after an answer is under way as all else is.
  const asked = store.db.selectFrom('approvals').select('run_id').where('state', '=', 'open');
  const open = await store.db
    .selectFrom('runs')
    .select('id')
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('kind', '<>', 'hold'), where('id', 'not in', asked)]))
    .limit(1)
    .execute();
  const owed = await store.db.selectFrom('outbox').select('id').where('state', '=', 'ready').limit(1).execute();
  const due = await store.db
    .selectFrom('holds')
    .select('id')
    .where('state', '=', 'active')
    .where('expires_at', '<', new Date(Date.now() + 3_600_000))
    .limit(1)
    .execute();
  const frozen = await store.db.selectFrom('freezes').select('since').limit(1).execute();
  return open.length + owed.length + due.length + frozen.length === 0;
}
