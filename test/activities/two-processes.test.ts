// Two processes at one thing: what was read before the lock was had is not what is decided by.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { z } from 'zod';
import type { PerformInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { type OpenAction, sent } from '../../connectors/connector.ts';
import type { Plan } from '../../language/plan.ts';
import { transferHold } from '../../store/hold-changes.ts';
import { recordIntent } from '../../store/intent.ts';
import { takeLock } from '../../store/locks.ts';
import { undoInside } from '../../store/undo.ts';
import { makeRun } from '../server/rows.ts';
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

const holdOf = async (runId: string) =>
  await store.db.selectFrom('holds').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();

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
      return {
        again: async (by = given) =>
          await attempt({ ...made.deps(), store: by }, { runId: undoRun, item, undo: id, attempts: 4, lane: 'remote' }),
      };
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
    const late = attempt({ ...deps(), store: paused.store }, own);
    await paused.reached;
    expect(await transferHold(store.db, { id, to: other.runId, by: 'per_ana', reason: 'test' }, new Date())).toBeUndefined();
    paused.goOn();
    expect(await late).toMatchObject({ result: { outcome: 'already', output: { state: 'transferred' } } });
    // Asked for once more, it is the same: the rest of the undo goes on.
    expect(await attempt(deps(), own)).toMatchObject({ result: { outcome: 'already' } });
    expect(isolated.has('wks-given')).toBe(true);
    expect(await store.db.selectFrom('holds').select('state').where('id', '=', id).executeTakeFirst()).toEqual({ state: 'active' });
  });
});

/** A step whose first process is at it when the second one begins, having looked before the first had recorded anything. */
async function overlapping(
  made: Pick<ReturnType<typeof limited>, 'deps'>,
  step: { readonly verb: string; readonly params: PerformInput['item']['params'] },
) {
  const runId = await makeRun(store);
  const plan = { steps: [{ kind: 'do', id: 'it', verb: step.verb, with: {} }] } as unknown as Plan; // no more of it is looked at
  const item = { key: 'it', id: 'it', ...step };
  const input: PerformInput = { runId, item, attempts: 4, lane: 'remote' };
  const process = (owner: string, given = store): ActivityDeps => ({ ...made.deps(), plan: async () => plan, owner, store: given });
  const paused = pausedAfter(store, 'late_ms');
  const late = attempt(process('second', paused.store), input);
  await paused.reached;
  const first = attempt(process('first'), input);
  const again = async () => await attempt(process('second'), input);
  const goOn = async () => {
    paused.goOn();
    return await late;
  };
  return { runId, first, second: goOn, again };
}

/** Resolved from outside. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('a step that two processes are at, the second since before the first had recorded anything', () => {
  it('is done once and held: the second waits for the lock of the first, and answers what that one recorded', async () => {
    const made = limited(() => store, 'rules: []');
    const [reading, answered] = [gate(), gate()];
    let looks = 0;
    made.state.slow = async () => {
      if (++looks !== 2) return; // the first one's reading back
      reading.open();
      await answered.opened;
    };
    const { first, second, again, runId } = await overlapping(made, { verb: 'host.isolate', params: { host: 'wks-two' } });
    await reading.opened;
    expect(await second()).toMatchObject({ kind: 'wait', on: 'lock' });
    answered.open();
    expect(await first).toMatchObject({ result: { outcome: 'changed' } });
    expect(await again()).toMatchObject({ result: { outcome: 'changed' } });
    expect(made.state.asked).toBe(1);
    expect(await holdOf(runId)).toMatchObject({ state: 'active', before: { isolated: false } });
  });

  it('and that has no target to lock is sent once', async () => {
    const made = limited(() => store, 'rules: []');
    const [asking, answered] = [gate(), gate()];
    let asked = 0;
    const action = sent({
      ...{ verb: 'http.send', risk: 'additive', delivery: 'once', input: z.object({}), output: z.object({}) },
      ...{ permissions: 'none', docs: 'made up', example: {}, landsWithinMs: 0 },
      run: async (_client: unknown, _input, _entity, context) => {
        context.sending();
        asking.open();
        if (++asked === 1) await answered.opened;
        return {};
      },
      says: () => 'Send it',
    }) as unknown as OpenAction; // as the registry hands it out
    const deps = () => ({ ...made.deps(), connectors: { ...made.deps().connectors, actionOf: () => action } });
    const { first, second, again } = await overlapping({ deps }, { verb: 'http.send', params: {} });
    await asking.opened;
    expect(await second()).toMatchObject({ kind: 'wait', on: 'lease' });
    answered.open();
    expect([await first, await again()]).toMatchObject([{ result: { outcome: 'changed' } }, { result: { outcome: 'changed' } }]);
    expect([asked, made.pages]).toEqual([1, []]);
  });
});

it('what was read while the lock went to somebody else is not recorded', async () => {
  const { effect, state, isolated } = limited(() => store, 'rules: []');
  isolated.add('wks-lost');
  state.slow = async () => {
    await store.db.updateTable('locks').set({ owner: 'another', fence: '0' }).where('entity', '=', 'host:wks-lost').execute();
  };
  const run = await makeRun(store);
  await expect(effect('wks-lost', { runId: run })).rejects.toThrow('the lock was taken over');
  expect(await store.db.selectFrom('steps').selectAll().where('run_id', '=', run).execute()).toEqual([]);
});

it('a living intent is not written over, one whose time is over is', async () => {
  const runId = await makeRun(store);
  const identity = { runId, key: 'send', generation: 0, stepId: 'send', kind: 'do' } as const;
  const facts = { facts: {}, incidentId: 'inc', idempotencyKey: 'k', before: undefined, decision: {} };
  const intend = async (owner: string, landsWithinMs: number) =>
    await store.db
      .transaction()
      .execute(async (trx) => await recordIntent(trx, { ...facts, identity, owner, leaseMs: 0, landsWithinMs }, new Date()));
  expect(await intend('first', 600_000)).toBe(true);
  expect(await intend('second', 600_000)).toBe(false);
  await store.db.updateTable('steps').set({ lands_within_ms: 0 }).where('run_id', '=', runId).execute();
  expect(await intend('second', 600_000)).toBe(true);
});

it('an undo waits for what the same step of its run has sent and may take effect yet', async () => {
  const { effect, deps, isolated } = limited(() => store, 'rules: []');
  const { runId } = await effect('wks-own');
  await takeLock(store.db, { entity: 'host:wks-own', runId, key: 'isolate', owner: deps().owner, leaseMs: 600_000 });
  const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host: 'wks-own' } };
  const { id } = await holdOf(runId);
  expect(await attempt(deps(), { runId, item, undo: id, attempts: 4, lane: 'remote' })).toMatchObject({ kind: 'wait', on: 'lock' });
  expect(isolated.has('wks-own')).toBe(true);
});
