// Loops and playbooks that are longer than one history: on a server that asks runs to continue as new early, they give what short ones give.
// `npm run scale` makes them 10,000 items and 1,000 steps, and has the server ask when it asks in production.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { temporal as proto } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/contract.ts';
import { ENGINE_VERSION } from '../../engine/engine.ts';
import { type ChildServer, startChildServer } from '../../worker/child-server.ts';
import { freePort } from '../../worker/ports.ts';
import { StartError } from '../../worker/start-error.ts';
import { serverArguments } from '../../worker/temporal-arguments.ts';
import { type RunInput, WAKE_SIGNAL } from '../../workflows/contract.ts';
import { disable, GIVEN, parallel, planOf, wait } from '../engine/plans.ts';
import { ALLOWING_POLICY } from './bare-playbooks.ts';
import { eventually, startWorld, TEST_CONVERTER, WORLD_WITHIN_MS, type World } from './world.ts';

const USERS = 120;
const ITEMS = Number(process.env.CORDON_SCALE_ITEMS ?? 300);
const STEPS = Number(process.env.CORDON_SCALE_STEPS ?? 100);
const isWhole = process.env.CORDON_SCALE_ITEMS !== undefined;
/** Real time of a long loop on a busy machine, ms. */
const WITHIN_MS = isWhole ? 3_600_000 : 300_000;

const longLoop = `playbook: long-loop
title: Disable many accounts
description: Each account once, then all of it back.
owner: tests
inputs: { users: { type: user, list: true } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) > 0
    with: { users: "\${{ alert.users }}" }
steps:
  - id: off
    for_each: { user: "\${{ inputs.users }}" }
    max: 500
    at_once: 10
    steps:
      - { id: one, do: user.disable, with: { user: "\${{ user }}" }, hold: until_released }
  - wait: 1s # here it may continue as new, however fast the machine is
  - when: steps.off.counts.changed == ${USERS} && steps.off.counts.items == ${USERS}
    undo: all
`;

/** Each address is looked up once; the end says whether all of them were. The waits are where a run may continue as new: see below. */
const lookUps = `playbook: look-ups
title: Look up many addresses
description: Reads only, so that nobody is asked.
owner: tests
triggers:
  - alert: { source: [plain] }
    when: get(alert, 'data.kind', '') == 'look-ups'
steps:
  - id: look
    for_each: { ip: "\${{ alert.data.ips }}" }
    max: 10000
    at_once: 100
    steps:
      - { id: one, do: ip.reputation, with: { ip: "\${{ ip }}" } }
      - wait: 1s
  - when: steps.look.counts.read == size(alert.data.ips) && steps.look.counts.items == size(alert.data.ips)
    stop: { outcome: all-read }
`;

/** Steps between two waits, at which a run may continue as new: what is answered locally goes on within one task. */
const REST_AFTER = 30;
const oneByOne = (name: string, steps: number): string => `playbook: ${name}
title: ${steps} steps in a row
description: Each looks up one address.
owner: tests
triggers:
  - alert: { source: [plain] }
    when: get(alert, 'data.kind', '') == '${name}'
steps:
${Array.from({ length: steps }, (_, index) => `  - { id: s${index}, do: ip.reputation, with: { ip: ${address(index)} } }\n${index % REST_AFTER === REST_AFTER - 1 ? '  - wait: 1s\n' : ''}`).join('')}  - when: steps.s0.outcome == 'read' && steps.s${steps - 1}.outcome == 'read'
    stop: { outcome: all-read }
`;

const UNHANDLED_COMMAND = proto.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

const address = (index: number): string => `10.9.${Math.floor(index / 250)}.${index % 250}`;

let temporal: ChildServer;
let world: World;
/** Production's own is 4,096 events. */
const early = isWhole ? [] : ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=50'];
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-long-'));
  const texts = {
    'long-loop': longLoop,
    'look-ups': lookUps,
    'few-steps': oneByOne('few-steps', 10),
    'many-steps': oneByOne('many-steps', STEPS),
  };
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(join(folder, 'playbooks', name), { recursive: true });
    writeFileSync(join(folder, 'playbooks', name, 'playbook.yaml'), text);
  }
  temporal = await startChildServer({
    title: 'Temporal',
    command: process.env.CORDON_TEMPORAL_CLI ?? '',
    args: (port) => [...serverArguments({ folder }, port), ...early],
    noteFile: join(folder, 'temporal.pid'),
    logFile: join(folder, 'temporal.log'),
    choosePort: () => freePort(undefined),
    portTaken: () => new StartError('PORT_TAKEN', 'taken', 'again'),
    code: 'TEMPORAL_START_FAILED',
    log: () => undefined,
  });
  world = await startWorld({
    playbooks: join(folder, 'playbooks'),
    policy: ALLOWING_POLICY,
    temporalAddress: `127.0.0.1:${temporal.port}`,
  });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  await temporal.stop();
});

describe('a loop longer than one history', () => {
  it(
    'continues as new, does each item once, and its undo takes each back once',
    async () => {
      const users = Array.from({ length: USERS }, (_, index) => ({ id: `user-${String(index).padStart(3, '0')}` }));
      const run = await world.run(await world.alert({ title: 'Many accounts', severity: 'high', users }));
      expect(await world.ended(run.id, WITHIN_MS)).toMatchObject({ state: 'completed' });
      const last = await world.handle(run.id).describe();
      // A server that asks as late as production's finds this one short.
      if (!isWhole) expect(await historiesOf(run.id)).toBeGreaterThan(1);
      if (!isWhole) expect(last.historyLength).toBeLessThan(1000);
      const effects = await world.effects();
      expect(effects.slice(0, USERS).toSorted()).toEqual(users.map(({ id }) => `disable ${id}`));
      expect(effects.slice(USERS).toSorted()).toEqual(users.map(({ id }) => `enable ${id}`));
    },
    WITHIN_MS,
  );
});

interface Looked {
  readonly outcome: string | null;
  /** Addresses by the range's own record. */
  readonly addresses: readonly string[];
  readonly histories: number;
}

/** Runs it and says how it ended, what the product was asked, and over how many histories it went. */
async function lookUp(data: Readonly<Record<string, unknown>>): Promise<Looked> {
  const before = (await world.record()).length;
  const began = performance.now();
  const run = await world.run(await world.alert({ title: 'Addresses', severity: 'low', data }));
  const { outcome } = await world.ended(run.id, WITHIN_MS);
  const took = performance.now() - began;
  const record = (await world.record()).slice(before);
  const addresses = record.flatMap(({ path }) => /10\.9\.\d+\.\d+/.exec(path) ?? []);
  const histories = await historiesOf(run.id);
  if (isWhole) process.stderr.write(`${data.kind}: ${addresses.length} reads in ${(took / 1000).toFixed(1)} s, ${histories} histories\n`);
  return { outcome, addresses: addresses.toSorted(), histories };
}

/** What a server lists is behind what it does: until the last of them is there. */
async function historiesOf(runId: string): Promise<number> {
  const last = (await world.handle(runId).describe()).runId;
  return await eventually(async () => {
    const found: string[] = [];
    for await (const one of world.client.workflow.list({ query: `WorkflowId = 'run/${runId}'` })) found.push(one.runId);
    return found.includes(last) ? found.length : undefined;
  }, `the histories of ${runId}`);
}

const addresses = (count: number): string[] => Array.from({ length: count }, (_, index) => address(index));

/**
 * Short waits beside one for an event that somebody posts, with made-up activities: what arrives does so while the run says that it continues as new,
 * within its task (`local`: the server has it and cannot hand it over yet) or between two of them.
 */
async function turning(lane: 'local' | 'remote', arrives: (run: WorkflowHandle) => Promise<unknown>) {
  const { client } = world;
  const name = `turning-${randomUUID()}`;
  let announced = 0;
  let hasCome = false;
  const over = { kind: 'ended', result: { outcome: 'answered', answer: {} } } as const;
  const activities: Partial<Activities> = {
    pause: async () => undefined,
    resume: async () => undefined,
    withdraw: async () => ({ intent: false }),
    endRun: async () => undefined,
    awaitEvent: async () => (hasCome ? over : { kind: 'wait', on: 'event', remainingMs: 3_600_000, detail: 'made up' }),
    announceContinue: async () => {
      if (lane === 'remote' && Context.current().info.isLocal) throw ApplicationFailure.retryable('made up: the store is slow');
      announced += 1;
      if (announced > 1) return;
      hasCome = true;
      await arrives(client.workflow.getHandle(name));
    },
  };
  const worker = await Worker.create({
    connection: world.connection,
    namespace: client.options.namespace,
    taskQueue: name,
    workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') },
    activities,
    dataConverter: TEST_CONVERTER,
  });
  const shorts = Array.from({ length: 12 }, (_, index) => wait(`w${index}`, { forMs: 20 }));
  const plan = planOf([parallel('both', 'all', [shorts, [wait('posted', { event: 'posted', withinMs: 3_600_000 })]])]);
  const input: RunInput = { runId: 'run_1', engine: ENGINE_VERSION, planDigest: '', plan, given: GIVEN };
  const handle = await client.workflow.start('runPlaybook', { workflowId: name, taskQueue: name, args: [input] });
  const finish: unknown = await worker.runUntil(handle.result());
  const history = await client.workflow.getHandle(name, handle.firstExecutionRunId).fetchHistory();
  const unhandled = history.events?.some((event) => event.workflowTaskFailedEventAttributes?.cause === UNHANDLED_COMMAND) ?? false;
  return { finish, announced, unhandled };
}

describe('while a run says that it continues as new', () => {
  it.each([
    ['local', true],
    ['remote', false],
  ] as const)(
    'a cancel that comes is not lost (%s lane)',
    async (lane, isHeldBack) => {
      const { finish, unhandled } = await turning(lane, async (run) => await run.cancel());
      expect(finish).toMatchObject({ state: 'cancelled' });
      expect(unhandled).toBe(isHeldBack);
    },
    WITHIN_MS,
  );

  it(
    'a wake that comes is not lost: the step that it is for asks again',
    async () => {
      const { finish, announced } = await turning('local', async (run) => await run.signal(WAKE_SIGNAL));
      expect(finish).toMatchObject({ state: 'completed' });
      expect(announced).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );
});

/** Of what waits for a lock, made up, ms; its timer is told from that of the time-out by it. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

it(
  'the time-out of a step goes on where it stood when the run continues as new',
  async () => {
    const { client } = world;
    const name = `timed-${randomUUID()}`;
    const activities: Partial<Activities> = {
      pause: async () => undefined,
      resume: async () => undefined,
      perform: async () => ({ kind: 'wait', on: 'lock', remainingMs: DAY_MS, detail: 'made up' }),
      withdraw: async () => ({ intent: false }),
      announceContinue: async () => undefined,
      endRun: async () => undefined,
    };
    const worker = await Worker.create({
      connection: world.connection,
      namespace: client.options.namespace,
      taskQueue: name,
      workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') },
      activities,
      dataConverter: TEST_CONVERTER,
    });
    const shorts = Array.from({ length: 12 }, (_, index) => wait(`w${index}`, { forMs: 20 }));
    const plan = planOf([parallel('both', 'any', [shorts, [disable('slow', { timeoutMs: HOUR_MS })]])]);
    const input: RunInput = { runId: 'run_1', engine: ENGINE_VERSION, planDigest: '', plan, given: GIVEN };
    const handle = await client.workflow.start('runPlaybook', { workflowId: name, taskQueue: name, args: [input] });
    expect(await worker.runUntil(handle.result())).toMatchObject({ state: 'completed' });
    const { runId: last } = await client.workflow.getHandle(name).describe();
    const [first, then] = [await timersOf(name, handle.firstExecutionRunId), await timersOf(name, last)];
    expect(first).toContain(HOUR_MS);
    expect(then).not.toContain(HOUR_MS);
    expect(then.filter((ms) => ms > HOUR_MS / 2 && ms < HOUR_MS)).toHaveLength(1);
  },
  WITHIN_MS,
);

/** ms. */
async function timersOf(name: string, runId: string): Promise<readonly number[]> {
  const { events } = await world.client.workflow.getHandle(name, runId).fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => (timer ? [optionalTsToMs(timer.startToFireTimeout) ?? 0] : []));
}

describe('many give what ten give', () => {
  it(
    'items of a loop: each is done once, over several histories',
    async () => {
      const few = await lookUp({ kind: 'look-ups', ips: addresses(10) });
      expect(few).toEqual({ outcome: 'all-read', addresses: addresses(10).toSorted(), histories: expect.any(Number) });
      const many = await lookUp({ kind: 'look-ups', ips: addresses(ITEMS) });
      expect(many).toEqual({ outcome: few.outcome, addresses: addresses(ITEMS).toSorted(), histories: expect.any(Number) });
      expect(many.histories).toBeGreaterThan(isWhole ? 1 : 2);
    },
    WITHIN_MS,
  );

  it(
    'steps of a playbook: each is done once, over several histories',
    async () => {
      const few = await lookUp({ kind: 'few-steps' });
      expect(few).toEqual({ outcome: 'all-read', addresses: addresses(10).toSorted(), histories: expect.any(Number) });
      const many = await lookUp({ kind: 'many-steps' });
      expect(many).toEqual({ outcome: few.outcome, addresses: addresses(STEPS).toSorted(), histories: expect.any(Number) });
      if (!isWhole) expect(many.histories).toBeGreaterThan(1);
    },
    WITHIN_MS,
  );
});
