// Everything that makes runs go: the connection to Temporal, the worker with the activities, and dispatch between store and Temporal.
import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/create.ts';
import { DEFAULT_TIMING } from '../activities/deps.ts';
import { startMessenger } from '../channels/messenger.ts';
import { oweApprovalMessages } from '../channels/owe.ts';
import type { OpenConnectors } from '../connectors/registry.ts';
import { startDispatch } from '../dispatch/dispatch.ts';
import { ENGINE_VERSION } from '../engine/engine.ts';
import type { Inventory } from '../policy/inventory.ts';
import type { Policy } from '../policy/policy.ts';
import { takePlace } from '../store/places.ts';
import type { Store, Trx } from '../store/store.ts';
import { bundleOptions } from './bundle.ts';
import { encryptionCodec } from './codec.ts';
import type { Config } from './config.ts';
import type { FailPoint } from './failpoint.ts';
import { watchHolds } from './hold-watch.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { PagePeople } from './page-people.ts';
import { planReader } from './plan-reader.ts';
import { payloadKeyring } from './secrets.ts';
import { connectionOptions, connectTemporal } from './temporal-connection.ts';
import { startWorker } from './temporal-worker.ts';

export interface RunsOptions {
  readonly config: Config;
  readonly life: Lifecycle;
  readonly store: Store;
  readonly log: Logger;
  readonly fail: FailPoint;
  readonly connectors: OpenConnectors;
  readonly policy: () => Policy;
  readonly inventory: () => Inventory;
  /** Never a target: names and addresses of the machine, accounts at the products. */
  readonly ourselves: () => readonly string[];
  readonly page: PagePeople;
  /** Of the embedded server. */
  readonly temporalAddress: string | undefined;
  readonly bundlePath: string;
  /** Without a final slash. */
  readonly consoleUrl: string;
  /** Hears why Temporal cannot be reached, now and then. */
  readonly waiting: (reason: string) => void;
}

export interface Runs {
  /** What does not work now, in a word. */
  readonly notReady: () => Promise<string | undefined>;
}

const CHECK_WITHIN_MS = 2_000;
/** Between the last moment that a request may go out and the end of the lease. */
const LEASE_MARGIN_MS = 2_000;

export async function startRuns(options: RunsOptions): Promise<Runs> {
  const { config, life, store, log, fail, connectors, page } = options;
  const { settings } = config;
  const namespace = settings.temporalNamespace;
  const codec = encryptionCodec(payloadKeyring(config.dataFolder), (reason) => log.warn({ reason }, 'a payload from Temporal was refused'));
  const dataConverter = { payloadCodecs: [codec], failureConverterPath: bundleOptions.failureConverterPath };
  const connection = await life.own(
    'the connection to Temporal',
    () => connectTemporal(connectionOptions(settings, options.temporalAddress), life.stopping, options.waiting),
    (opened) => opened.close(),
  );
  const client = new Client({ connection, namespace, dataConverter });
  const workerId = workerIdOf(config.dataFolder);
  const bounds = { places: settings.places, criticalPlaces: Math.min(settings.criticalPlaces, settings.places) };
  const now = () => new Date();
  const deps = {
    store,
    connectors,
    policy: options.policy,
    inventory: options.inventory,
    directory: config.directory,
    ourselves: options.ourselves,
    plan: planReader(store.db),
    // In a container each start has the same pid.
    owner: `${workerId}.${process.pid}.${randomUUID().slice(0, 8)}`,
    place: (runId: string) => takePlace(store.db, runId, workerId, bounds),
    now,
    monotonicMs: () => performance.now(),
    timing: { ...DEFAULT_TIMING, requestTimeoutMs: settings.requestTimeoutMs, leaseMs: settings.requestTimeoutMs + LEASE_MARGIN_MS },
    log,
    fail,
    page: (message: string, about: { runId: string; key: string }, within?: Trx) =>
      page({ key: `${about.runId}.${about.key}`, code: 'EFFECT', message, runId: about.runId }, within),
  };
  const activities = createActivities(deps);
  const worker = await life.own(
    'the worker',
    () =>
      startWorker({
        connection,
        namespace,
        dataConverter,
        bundlePath: options.bundlePath,
        activities,
        cachedRuns: settings.cachedRuns,
        log,
      }),
    (opened) => opened.stop(),
    10_000,
  );
  await life.own(
    'the look at what is held',
    async () => watchHolds(deps),
    (watching) => watching.stop(),
  );
  const channels = {
    store,
    connectors,
    channels: config.channels,
    directory: deps.directory,
    consoleUrl: options.consoleUrl,
    owner: deps.owner,
    log,
    random: Math.random,
    now,
    pages: config.pages,
  };
  await life.own(
    'the messenger',
    () => startMessenger(channels),
    (opened) => opened.stop(),
  );
  await life.own(
    'dispatch',
    () =>
      startDispatch({
        store,
        client,
        workerId,
        bounds,
        now,
        monotonicMs: deps.monotonicMs,
        log,
        fail,
        page: ({ key, alertId, ...needed }, within) =>
          page({ ...needed, key: `${needed.code}.${key ?? needed.runId ?? alertId ?? ''}` }, within),
        notify: ({ payload }) => oweApprovalMessages(channels, payload),
        engineVersion: ENGINE_VERSION,
        consoleUrl: options.consoleUrl,
      }),
    (opened) => opened.stop(),
  );
  return { notReady: async () => ((await answersNow(connection)) ? (worker.working() ? undefined : 'worker') : 'temporal') };
}

async function answersNow(connection: NativeConnection): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + CHECK_WITHIN_MS, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}

/** The same after a restart, so that what the killed process had in hand is ours again at once; the data folder's lock makes it unique. */
const workerIdOf = (dataFolder: string) =>
  `${hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 40)}-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)}`;
