// Two processes at one thing: what was read before the lock was had is not what is decided by.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { PerformInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { transferHold } from '../../store/hold-changes.ts';
import { undoInside } from '../../store/undo.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';
import { pausedAfter } from './paused.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const holdOf = async (runId: string) => await store.db.selectFrom('holds').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();

/** One attempt of a process, as Temporal calls it. */
async function attempt(deps: ActivityDeps, input: PerformInput) {
  const { perform } = createActivities(deps);
  const temporal = new MockActivityEnvironment(
    { attempt: 1, workflowExecution: { workflowId: `run/${input.runId}`, runId: `temporal-${input.runId}` } },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  return await (temporal.run((given: PerformInput) => perform(given), input) as ReturnType<typeof perform>);
}

describe('two undos of one device that two runs hold', () => {
  async function heldTwice(host: string) {
    const made = limited(() => store, 'rules: []');
    const [first, second] = [await made.effect(host), await made.effect(host)];
    const undo = async (runId: string, given = store) => {
      const wish = { runId, by: 'per_ana', reason: 'test' };
      const undoRun = (await given.db.transaction().execute(async (trx) => await undoInside(trx, wish, new Date()))) ?? '';
      const { id } = await holdOf(runId);
      const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host } };
      return { again: async (by = given) => await attempt({ ...made.deps(), store: by }, { runId: undoRun, item, undo: id, attempts: 4, lane: 'remote' }) };
    };
    return { ...made, runs: [first.runId, second.runId] as const, undo };
  }

  it('that both begin at once give it back: the second sees that the first has ended', async () => {
    const { runs, undo, isolated } = await heldTwice('wks-both');
    const paused = pausedAfter(store, 'others');
    const [one, two] = [await undo(runs[0]), await undo(runs[1])];
    const late = two.again(paused.store);
    await paused.reached;
    expect(await one.again()).toMatchObject({ result: { outcome: 'already' } });
    expect(isolated.has('wks-both')).toBe(true);
    paused.goOn();
    expect(await late).toMatchObject({ result: { outcome: 'changed' } });
    expect(isolated.has('wks-both')).toBe(false);
    for (const run of runs) expect(await holdOf(run)).toMatchObject({ state: 'released' });
  });

  it('leave what was handed over meanwhile to its new owner', async () => {
    const { effect, deps, isolated } = limited(() => store, 'rules: []');
    const [first, other] = [await effect('wks-given'), await effect('wks-other')];
    const { id } = await holdOf(first.runId);
    const paused = pausedAfter(store, 'others');
    const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host: 'wks-given' } };
    const own = { runId: first.runId, item, undo: id, attempts: 4, lane: 'remote' } as const;
    const late = attempt({ ...deps(), store: paused.store }, own).catch((error: Error) => error.message);
    await paused.reached;
    expect(await transferHold(store.db, { id, to: other.runId, by: 'per_ana', reason: 'test' }, new Date())).toBeUndefined();
    paused.goOn();
    expect(await late).toContain('may not undo');
    expect(isolated.has('wks-given')).toBe(true);
    expect(await store.db.selectFrom('holds').select('state').where('id', '=', id).executeTakeFirst()).toEqual({ state: 'active' });
  });
});
