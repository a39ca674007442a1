// Golden histories: every run that began under an engine version must go on under today's code. Saved anew with CORDON_SAVE_HISTORIES=1, which
// is for a new engine version only: a saved history that no longer replays is a run that would get stuck.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { SAMPLES } from '../../alerts/samples.ts';
import { ENGINE_VERSION } from '../../engine/engine.ts';
import { workflowId } from '../../workflows/contract.ts';
import { startWorld, TEST_CONVERTER, WORLD_WITHIN_MS, type World } from './world.ts';

const FOLDER = resolve('test/histories');
mkdirSync(FOLDER, { recursive: true });
const saving = process.env.CORDON_SAVE_HISTORIES === '1';
const options: ReplayWorkerOptions = {
  workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') },
  dataConverter: TEST_CONVERTER,
};

interface Saved {
  readonly workflowId: string;
  /** As Temporal gives it to others: protobuf's JSON. Payloads are encrypted with the made-up test key. */
  readonly history: unknown;
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ requestTimeoutMs: 1_500 });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const saved = (): readonly { readonly name: string; readonly content: Saved }[] =>
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    // Written by this test.
    .map((name) => ({ name, content: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Saved }));

const replay = async ({ history, workflowId: id }: Saved) => await Worker.runReplayHistory(options, historyFromJSON(history), id);

async function historyOf(runId: string): Promise<Saved> {
  return { workflowId: workflowId(runId), history: JSON.parse(historyToJSON(await world.handle(runId).fetchHistory())) };
}

const answer = async (runId: string, given: 'true-positive' | 'false-positive') =>
  await world.decide(await world.approval(runId, 'question'), 'answer', { answer: given, role: 'analyst' });

let number = 400;
async function asked(sample: 'travel' | 'malware') {
  number += number % 4 === 3 ? 2 : 1;
  const hosts = [{ id: `wks-${number}` }];
  const users = sample === 'travel' ? { users: [{ id: `user-${number}` }] } : {};
  const run = await world.run(await world.alert({ ...SAMPLES[sample], hosts, ...users }));
  return { run, approval: await world.approval(run.id, 'approval'), host: `wks-${number}` };
}

/** Each takes another way through the driver. Answers the Temporal histories that it leaves behind. */
const WAYS: Record<string, () => Promise<string>> = {
  'contained-and-kept': async () => {
    const { run, approval } = await asked('travel');
    await world.decide(approval, 'approve');
    await answer(run.id, 'true-positive');
    await world.ended(run.id);
    return run.id;
  },
  'contained-and-undone': async () => {
    const { run, approval } = await asked('travel');
    await world.decide(approval, 'approve');
    await answer(run.id, 'false-positive');
    await world.ended(run.id);
    return run.id;
  },
  denied: async () => {
    const { run, approval } = await asked('travel');
    await world.decide(approval, 'deny');
    await world.ended(run.id);
    return run.id;
  },
  'taken-over-by-the-ordinary-lane': async () => {
    const { run, approval, host } = await asked('malware');
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, drop: 'after', count: 1 }]);
    await world.decide(approval, 'approve');
    await answer(run.id, 'true-positive');
    await world.ended(run.id);
    return run.id;
  },
  cancelled: async () => {
    const { run } = await asked('malware');
    await world.handle(run.id).cancel();
    await world.ended(run.id);
    return run.id;
  },
  'undo-run': async () => {
    const { run, approval } = await asked('malware');
    await world.decide(approval, 'approve');
    await answer(run.id, 'true-positive');
    await world.ended(run.id);
    const undo = await world.undo(run.id);
    await world.ended(undo);
    return undo;
  },
};

describe('a run of today', () => {
  it.each(Object.keys(WAYS))(
    'that was %s replays',
    async (name) => {
      const runId = (await WAYS[name]?.()) ?? '';
      await world
        .handle(runId)
        .result()
        .catch(() => undefined); // its last events are there
      const made = await historyOf(runId);
      await replay(made);
      if (!saving) return;
      const folder = join(FOLDER, `engine-${ENGINE_VERSION}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(made)}\n`);
    },
    60_000,
  );
});

describe('a saved history', () => {
  it('is there for this engine version, of every way', () => {
    const mine = saved().filter((one) => one.name.startsWith(`engine-${ENGINE_VERSION}/`));
    expect(mine.map((one) => one.name.replace(/^.*\/|\.json$/g, '')).sort()).toEqual(Object.keys(WAYS).sort());
  });

  it('of whatever engine version replays with the workflow of today', async () => {
    for (const { name, content } of saved()) await expect(replay(content).then(() => name)).resolves.toBe(name);
  }, 60_000);

  it('that was tampered with is refused: another input, or bytes that our keys have not made', async () => {
    const [kept, undone] = ['contained-and-kept', 'taken-over-by-the-ordinary-lane'].map((name) =>
      saved().find((one) => one.name === join(`engine-${ENGINE_VERSION}`, `${name}.json`)),
    );
    if (!kept || !undone) throw new Error('two histories are needed');
    const inputOf = (content: Saved) =>
      historyFromJSON(content.history).events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    const other = historyFromJSON(kept.content.history);
    const start = other.events?.[0]?.workflowExecutionStartedEventAttributes?.input;
    if (start) start.payloads = [inputOf(undone.content) ?? {}];
    await expect(Worker.runReplayHistory(options, other, kept.content.workflowId)).rejects.toThrow();

    const forged = historyFromJSON(kept.content.history);
    const data = forged.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
    if (!data) throw new Error('the input has no bytes');
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    await expect(Worker.runReplayHistory(options, forged, kept.content.workflowId)).rejects.toThrow();
  }, 60_000);
});
