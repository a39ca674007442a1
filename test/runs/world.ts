// Everything from the outbox to the products, real but for the products: an in-memory store, Temporal, the practice range, dispatch, worker.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@temporalio/client';
import { type DataConverter, NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { createActivities } from '../../activities/create.ts';
import { type ActivityDeps, DEFAULT_TIMING, type Timing } from '../../activities/deps.ts';
import { entityKeys } from '../../alerts/entities.ts';
import { normalise } from '../../alerts/normalise.ts';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import type { DispatchDeps, DispatchTiming } from '../../dispatch/deps.ts';
import { startDispatch } from '../../dispatch/dispatch.ts';
import { watchPlaybooks } from '../../dispatch/playbook-folder.ts';
import { ENGINE_VERSION } from '../../engine/engine.ts';
import { parseEntities } from '../../language/inventory-text.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import { type Directory, NOBODY } from '../../policy/addressed.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { PRODUCT_NAMES } from '../../range/products.ts';
import { startRange } from '../../range/range.ts';
import type { RecordLine } from '../../range/record.ts';
import { rangeTokens } from '../../range/tokens.ts';
import { takeDeliveries } from '../../store/alerts.ts';
import { type DecideResult, decideApproval } from '../../store/approvals.ts';
import { DEFAULT_BOUNDS, takePlace } from '../../store/places.ts';
import { requestUndo } from '../../store/undo-scope.ts';
import { bundleOptions } from '../../worker/bundle.ts';
import { encryptionCodec } from '../../worker/codec.ts';
import { planReader } from '../../worker/plan-reader.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { installRuntime } from '../../worker/temporal-connection.ts';
import { startWorker } from '../../worker/temporal-worker.ts';
import { trialConnectors } from '../../worker/trial-form.ts';
import { workflowId } from '../../workflows/contract.ts';
import type { Violation } from '../invariants/evidence.ts';
import { sealOf } from '../invariants/seal.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { type Needs, type Notes, TRIAL_NEEDS, violationsIn } from './evidence.ts';
import { watchWorld } from './open-worlds.ts';
import { brokenOf, historiesOf } from './replays.ts';

export interface WorldOptions {
  readonly timing?: Partial<Timing>;
  readonly dispatchTiming?: Partial<DispatchTiming>;
  /** A folder of playbooks; default: the shipped ones. */
  readonly playbooks?: string;
  readonly policy?: string;
  /** Default: the server of the global set-up. */
  readonly temporalAddress?: string;
  /** Of what is contained without the playbook's asking. Default: as the trial's policy is meant; with another policy, nobody. */
  readonly needs?: Needs;
  /** False: the invariants are not looked at after each test. For a world whose products are not the range, or that is broken on purpose. */
  readonly watched?: boolean;
  /** How people hear of approvals. Default: not at all. */
  readonly notify?: DispatchDeps['notify'];
  /** How dispatch's pages reach people. They are kept in `pages` as well. Default: not at all. */
  readonly page?: DispatchDeps['page'];
  /** Groups and rotas that playbooks put questions to. Default: none. */
  readonly directory?: Directory;
  /** Of every request to a product; the lease is two seconds longer, ms. Default 10,000. */
  readonly requestTimeoutMs?: number;
}

/** For `beforeAll`: the first world of a schema makes its database, which takes a while on a busy machine. */
export const WORLD_WITHIN_MS = 120_000;

export type World = Awaited<ReturnType<typeof startWorld>>;

const address = (): string => {
  const value = process.env.CORDON_TEST_TEMPORAL;
  if (value === undefined) throw new Error('start these tests with the project "runs": its global set-up starts Temporal');
  return value;
};

/** Test keys: made up, for this process only. */
const TEST_CODEC = encryptionCodec({ current: 'made-up', keys: { 'made-up': Buffer.alloc(32, 7) } });
export const TEST_CONVERTER: DataConverter = { payloadCodecs: [TEST_CODEC], failureConverterPath: bundleOptions.failureConverterPath };

/** Once for each test file: the SDK's own words, which would drown what a test says, go to the same log. */
let runtimeInstalled = false;

export async function startWorld(options: WorldOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-world-'));
  const notes: Notes = { acknowledged: [], decisions: [], foreign: new Set(), said: [], unattended: false };
  const shown = process.env.CORDON_TEST_LOG;
  const log = pino(
    { level: shown ?? 'info' },
    {
      write: (line: string) => {
        notes.said.push(line);
        if (shown !== undefined) process.stdout.write(line);
      },
    },
  );
  if (!runtimeInstalled) installRuntime(log);
  runtimeInstalled = true;
  const store = await openMemoryStore();
  const tokens = rangeTokens(join(folder, 'secrets'), PRODUCT_NAMES);
  const range = await startRange({ port: 0, tokens });
  const guard = { addresses: { loopback: true }, plainHttp: true };
  const { requestTimeoutMs = DEFAULT_TIMING.requestTimeoutMs } = options;
  const opened = openConnectors(
    trialConnectors(range.port),
    ports({ guard, secrets: { env: {}, folder }, maxTimeoutMs: requestTimeoutMs }),
  );
  const connection = await NativeConnection.connect({ address: options.temporalAddress ?? address(), grpcCompression: { codec: 'none' } });
  // Test files run side by side on one server: a namespace of its own keeps each to itself.
  const namespace = `world-${randomUUID().slice(0, 8)}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
  const client = new Client({ connection, namespace, dataConverter: TEST_CONVERTER });
  const workerId = `test-${randomUUID().slice(0, 8)}`;
  const policy = parsePolicy(options.policy ?? readFileSync('worker/trial/policy.yaml', 'utf8'), 'policy.yaml');
  const inventory = inventoryOf(canonicalEntities(parseEntities(readFileSync('worker/trial/entities.yaml', 'utf8'), 'entities.yaml')));
  const state = { policy, ourselves: [] as readonly string[], connectors: opened, fail: (_point: string): void => {}, pausedMs: 0 };
  const pages: string[] = [];
  const deps: ActivityDeps = {
    store,
    connectors: {
      servers: (verb) => state.connectors.servers(verb),
      instance: (id) => state.connectors.instance(id),
      actionOf: (instance, verb) => state.connectors.actionOf(instance, verb),
    },
    policy: () => state.policy,
    inventory: () => inventory,
    directory: options.directory ?? NOBODY,
    ourselves: () => state.ourselves,
    plan: planReader(store.db),
    owner: workerId,
    place: async (runId) => await takePlace(store.db, runId, workerId, DEFAULT_BOUNDS),
    now: () => new Date(),
    // A process that was paused sees the clock jump.
    monotonicMs: () => performance.now() + state.pausedMs,
    timing: { ...DEFAULT_TIMING, requestTimeoutMs, leaseMs: requestTimeoutMs + 2_000, ...options.timing },
    log,
    fail: (point) => state.fail(point),
    page: (message) => void pages.push(message),
  };
  const worker = await startWorker({
    connection,
    namespace,
    dataConverter: TEST_CONVERTER,
    bundlePath: resolve(process.env.CORDON_TEST_BUNDLE ?? ''),
    activities: createActivities(deps),
    cachedRuns: 200,
    log,
  });
  const dispatch = startDispatch({
    store,
    client,
    workerId,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    log,
    fail: (point) => state.fail(point),
    page: async (page, within) => {
      pages.push(page.message);
      await options.page?.(page, within);
    },
    notify: options.notify ?? (async ({ payload }) => void notes.said.push(JSON.stringify(payload))),
    engineVersion: ENGINE_VERSION,
    consoleUrl: 'http://127.0.0.1:8080',
    timing: { sweepMs: 200, ...options.dispatchTiming },
  });
  const watched = await watchPlaybooks({
    folder: options.playbooks ?? 'playbooks',
    store,
    readPlaybook: readPlaybookBeside,
    watch: false,
    log,
    now: () => new Date(),
  });

  const needs = options.needs ?? (options.policy === undefined ? TRIAL_NEEDS : () => 0);
  const seal = sealOf();
  const violations = async () =>
    await violationsIn({
      store,
      record: async () => await record(range.url),
      notes: { ...notes, said: [...notes.said, ...pages] },
      needs,
      secrets: Object.values(tokens),
      seal,
    });
  const isWatched = options.watched !== false;
  const unwatch = isWatched ? watchWorld(async () => await expectNone(violations)) : () => undefined;

  const headers = { 'content-type': 'application/json' };
  return {
    notes,
    tokens,
    violations,
    store,
    range,
    client,
    connection,
    dispatch,
    pages,
    state,
    deps,
    guard,
    folder,
    /** Posts a plain alert as the intake stores it; returns the alert's id. */
    alert: async (body: Readonly<Record<string, unknown>>): Promise<string> => {
      const raw = Buffer.from(JSON.stringify({ id: randomUUID(), ...body }));
      const read = normalise('plain', 'plain', raw.toString());
      if (!read.ok) throw new Error(read.reason);
      const alerts = read.alerts.map((alert) => ({ alert, entities: entityKeys(alert) }));
      const delivery = { source: 'plain', deliveryId: randomUUID(), contentType: 'application/json', raw, alerts, quarantine: [] };
      const [landed] = await takeDeliveries(store.db, [delivery], new Date());
      for (const one of landed?.alerts ?? []) notes.acknowledged.push(one.id);
      store.wake('outbox');
      return landed?.alerts[0]?.id ?? '';
    },
    run: async (alertId: string, withinMs?: number) =>
      await eventually(
        async () => await store.db.selectFrom('runs').selectAll().where('alert_id', '=', alertId).executeTakeFirst(),
        'a run',
        withinMs,
      ),
    approval: async (runId: string, kind: 'approval' | 'question', state = 'open', withinMs?: number) =>
      await eventually(
        async () =>
          await store.db
            .selectFrom('approvals')
            .selectAll()
            .where('run_id', '=', runId)
            .where('kind', '=', kind)
            .where('state', '=', state)
            .orderBy('round', 'desc')
            .executeTakeFirst(),
        `an ${state} ${kind} of ${runId}`,
        withinMs,
      ),
    decide: async (
      approval: { id: string; digest: string },
      decision: 'approve' | 'deny' | 'answer',
      given: { answer?: unknown; who?: string; called?: string; role?: string; names?: readonly string[] } = {},
    ): Promise<DecideResult> => {
      const who = given.who ?? 'ana';
      const { called = who, role = 'responder', names = [] } = given;
      const person = { id: `per_${who}`, iss: 'local', sub: who, name: called, role, names };
      const answer = given.answer === undefined ? {} : { answer: given.answer };
      const atMs = Date.now();
      const result = await decideApproval(store.db, {
        approvalId: approval.id,
        person,
        decision,
        digest: approval.digest,
        reason: 'test',
        channel: 'test',
        useByMs: 3_600_000,
        now: new Date(),
        ...answer,
      });
      if (result.kind === 'recorded' && decision !== 'answer') {
        const row = await store.db.selectFrom('approvals').select('run_id').where('id', '=', approval.id).executeTakeFirstOrThrow();
        const mayApprove = ['responder', 'admin', 'owner'].includes(person.role);
        const made = { approval: approval.id, runId: row.run_id, decision, digest: approval.digest, atMs };
        notes.decisions.push({ ...made, who: person.id, names: [who, ...person.names], mayApprove });
      }
      store.wake('outbox');
      return result;
    },
    /** An approval that somebody has given by another way than `decide`: over the API, in a channel. */
    noteDecision: ({ id, ...made }: { id: string; runId: string; digest: string; who: string }): void =>
      void notes.decisions.push({ ...made, approval: id, decision: 'approve', atMs: Date.now(), names: [], mayApprove: true }),
    /** The run's row once it has ended. */
    ended: async (runId: string, withinMs = 15_000) =>
      await eventually(
        async () =>
          await store.db.selectFrom('runs').selectAll().where('id', '=', runId).where('ended_at', 'is not', null).executeTakeFirst(),
        `the end of ${runId}`,
        withinMs,
      ),
    steps: async (runId: string) =>
      await store.db.selectFrom('steps').selectAll().where('run_id', '=', runId).orderBy('started_at').execute(),
    handle: (runId: string) => client.workflow.getHandle(workflowId(runId)),
    /** Asks for the undo of all of a run; the undo run's id. */
    undo: async (runId: string): Promise<string> => {
      const [id] = await requestUndo(store.db, { run: runId }, { by: 'per_ana', reason: 'test' }, new Date());
      store.wake('outbox');
      return id ?? '';
    },
    /** Codes of the run's audit, oldest first. */
    audit: async (runId: string): Promise<string[]> =>
      (await store.db.selectFrom('audit_events').select('code').where('stream', '=', runId).orderBy('seq').execute()).map(
        (row) => row.code,
      ),
    namespace,
    /** Effects by the range's own record, oldest first. */
    effects: async (): Promise<string[]> =>
      (await record(range.url)).filter((line) => line.effect !== null).map((line) => `${line.effect} ${line.target}`),
    record: async () => await record(range.url),
    faults: async (faults: unknown): Promise<void> => {
      const answer = await fetch(`${range.url}/faults`, { method: 'PUT', headers, body: JSON.stringify(faults) });
      if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
    },
    close: async (): Promise<void> => {
      unwatch();
      const broken = isWatched ? await brokenOf(await historiesOf(store.db, client), TEST_CONVERTER) : [];
      await watched.stop();
      await dispatch.stop();
      await worker.stop();
      await connection.close();
      await opened.close();
      await range.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
      if (broken.length > 0) throw new Error(`I10: histories that do not replay:\n${broken.join('\n')}`);
    },
  };
}

/** What is under way may be half written for a moment; what stays so is a violation. */
const SETTLES_WITHIN_MS = 30_000;

async function expectNone(violations: () => Promise<readonly Violation[]>): Promise<void> {
  for (const until = performance.now() + SETTLES_WITHIN_MS; ; ) {
    const found = await violations();
    if (found.length === 0) return;
    if (performance.now() > until) throw new Error(`broken promises:\n${found.map(({ of, what }) => `${of}: ${what}`).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function record(url: string): Promise<RecordLine[]> {
  const text = await (await fetch(`${url}/record`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordLine); // the range writes nothing else
}

/** Asks until there is an answer; the limit makes a hang an error that says what was missing. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, withinMs = 40_000): Promise<T> {
  for (const until = performance.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
