// What is cancelled, runs out of its time, may only be observed any more, or cannot be found again while a product has it in hand: nothing is sent
// again, and what is in force stands in the ledger.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requestCancel } from '../../store/cancel.ts';
import { setMode } from '../../store/modes.ts';
import { ALLOWING_POLICY, barePlaybooks, bothOf, malwareOn } from './bare-playbooks.ts';
import { changeByHand } from './by-hand.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbooks = barePlaybooks();
let world: World;
beforeAll(async () => {
  world = await startWorld({ playbooks, policy: ALLOWING_POLICY, requestTimeoutMs: 3_000 });
}, WORLD_WITHIN_MS);
afterEach(async () => await world.faults([]));
afterAll(async () => {
  await world.close();
  rmSync(playbooks, { recursive: true, force: true });
});

const cancel = async (runId: string) => {
  expect(await requestCancel(world.store.db, { runId, by: 'per_ana', reason: 'no longer wanted' }, new Date())).toBe(true);
  world.store.wake('outbox');
};
const step = async (runId: string, key = 'isolate') => (await world.steps(runId)).find((one) => one.key === key);
const sent = async (runId: string) =>
  await eventually(async () => ((await step(runId))?.state === 'intent' ? true : undefined), 'the intent');
const holds = async (runId: string) => await world.store.db.selectFrom('holds').select('state').where('run_id', '=', runId).execute();
const isolations = async (host: string) =>
  (await world.record()).filter((line) => line.effect === 'isolate' && line.target === host).length;
const lost = () => world.pages.filter((page) => page.includes('lost'));

describe('an effect that is cancelled while a product has it in hand', () => {
  it('between two attempts: is read, found in force, kept as ours, and undone by undo', async () => {
    const host = 'wks-070';
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, status: 500, drop: 'after' }]);
    const { id } = await world.run(await world.alert(malwareOn(host)));
    await sent(id);
    await cancel(id);
    expect(await world.ended(id, 60_000)).toMatchObject({ state: 'cancelled' });
    expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'changed', recovered: true });
    expect(await holds(id)).toEqual([{ state: 'active' }]);
    expect(await isolations(host)).toBe(1);
    await world.faults([]);
    expect(await world.ended(await world.undo(id))).toMatchObject({ state: 'completed' });
    expect(await holds(id)).toEqual([{ state: 'released' }]);
  }, 90_000);

  it('while the product says nothing: ends as cancelled where nothing has happened, as ours where it has; the run is not lost', async () => {
    const [idle, hit] = ['wks-071', 'wks-072'];
    await world.faults([
      { product: 'edr', effect: 'isolate', target: idle, hang: true },
      { product: 'edr', effect: 'isolate', target: hit, hang: true, drop: 'after' },
    ]);
    const runs = await Promise.all([idle, hit].map(async (host) => (await world.run(await world.alert(malwareOn(host)))).id));
    for (const run of runs) await sent(run);
    for (const run of runs) await cancel(run);
    for (const run of runs) expect(await world.ended(run, 60_000)).toMatchObject({ state: 'cancelled' });
    const [nothing = '', done = ''] = runs;
    expect(await step(nothing)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
    expect(await holds(nothing)).toEqual([]);
    expect(await step(done)).toMatchObject({ state: 'ended', outcome: 'changed' });
    expect(await holds(done)).toEqual([{ state: 'active' }]);
    expect(await isolations(hit)).toBe(1);
    expect(lost()).toEqual([]);
  }, 90_000);

  it('whose own time is over meanwhile fails with STEP_TIMEOUT where nothing has happened, and its on_error has its turn', async () => {
    const host = 'wks-073';
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, hang: true }]);
    const alert = { ...malwareOn(host), data: { hurry: true } };
    const { id } = await world.run(await world.alert(alert));
    expect(await world.ended(id, 60_000)).toMatchObject({ state: 'completed' });
    expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
    expect(await holds(id)).toEqual([]);
    expect(lost()).toEqual([]);
  }, 90_000);
});

describe('an effect that was sent and not answered', () => {
  /** In force, and its answer lost. */
  async function lostAnswer(host: string): Promise<string> {
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, drop: 'after', count: 1 }]);
    const { id } = await world.run(await world.alert(malwareOn(host)));
    await sent(id);
    await eventually(async () => ((await isolations(host)) > 0 ? true : undefined), 'the isolation');
    return id;
  }

  it('is not known, told to people and owed where the product finds nobody of that name any more', async () => {
    const host = 'wks-075';
    const id = await lostAnswer(host);
    await world.faults([{ product: 'edr', effect: 'read', target: host, status: 404 }]);
    expect(await world.ended(id, 60_000)).toMatchObject({ state: 'failed' });
    expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'unknown', error: { code: 'TARGET_NOT_FOUND' } });
    expect(await holds(id)).toEqual([{ state: 'debt' }]);
    expect(world.pages.some((page) => page.includes("it is not known whether 'host.isolate' took effect"))).toBe(true);
    await world.faults([]);
    await world.ended(await world.undo(id));
    expect(await holds(id)).toEqual([{ state: 'released' }]);
  }, 90_000);

  it('is owed as well where it is cancelled and cannot be found', async () => {
    const host = 'wks-076';
    const id = await lostAnswer(host);
    await world.faults([{ product: 'edr', effect: 'read', target: host, status: 404 }]);
    await cancel(id);
    await world.ended(id, 60_000);
    expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'unknown' });
    expect(await holds(id)).toEqual([{ state: 'debt' }]);
    await world.faults([]);
    await world.ended(await world.undo(id));
  }, 90_000);

  it('is ours where its playbook is told to observe meanwhile: looked at, nothing more is sent', async () => {
    const host = 'wks-077';
    const id = await lostAnswer(host);
    const to = async (mode: 'observe' | 'act') =>
      expect(await setMode(world.store.db, { playbook: 'bare-isolate', mode, by: 'per_ana', reason: 'test' }, new Date())).toBe(true);
    await to('observe');
    await world.ended(id, 60_000);
    await to('act');
    expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'changed', recovered: true });
    expect(await holds(id)).toEqual([{ state: 'active' }]);
    expect(await isolations(host)).toBe(1);
  }, 90_000);
});

it('an effect that was refused for now, cancelled, and lands all the same is found, and stands in the ledger', async () => {
  const host = 'wks-078';
  await world.faults([{ product: 'edr', effect: 'isolate', target: host, status: 503, retryAfter: 30, count: 1 }]);
  const { id } = await world.run(await world.alert(malwareOn(host)));
  await eventually(async () => ((await step(id))?.error ? true : undefined), 'the refusal');
  await changeByHand(world, host, 'isolate');
  await cancel(id);
  expect(await world.ended(id, 60_000)).toMatchObject({ state: 'cancelled' });
  expect(await step(id)).toMatchObject({ state: 'ended', outcome: 'changed', recovered: true });
  expect(await holds(id)).toEqual([{ state: 'active' }]);
}, 90_000);

describe('a gate that looks at a product that says nothing', () => {
  it('is cancelled with its run, which is not lost', async () => {
    await world.faults([{ product: 'edr', effect: 'read', hang: true }]);
    const { id } = await world.run(await world.alert(bothOf('user-074', 'wks-074')));
    // The run's row is there before Temporal has been told.
    const known = async () =>
      await world
        .handle(id)
        .describe()
        .catch(() => undefined);
    const looks = async () => ((await known())?.raw.pendingActivities ?? []).length > 0;
    await eventually(async () => ((await looks()) ? true : undefined), 'the ordinary lane to look, and to hang', 30_000);
    await cancel(id);
    expect(await world.ended(id, 60_000)).toMatchObject({ state: 'cancelled' });
    expect(lost()).toEqual([]);
  }, 90_000);
});
