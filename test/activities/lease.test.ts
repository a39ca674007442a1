// An effect of several requests to a slow product: the lease is renewed while the process works, and by nobody once it is over.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { DEFAULT_TIMING } from '../../activities/deps.ts';
import { keepLease } from '../../activities/lease.ts';
import { takeLock } from '../../store/locks.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

/** Renewed every 20 ms of real time; on the clock of the process only the product's answers take time. */
function slowProduct() {
  const clock = { ms: 0 };
  const timing = { ...DEFAULT_TIMING, requestTimeoutMs: 60_000, leaseMs: 60_060 };
  return { ...limited(() => store, 'rules: []', { timing, monotonicMs: () => clock.ms }), clock };
}

const leaseOf = async (runId: string) =>
  (
    await sql<{ step: Date; lock: Date }>`select s.lease_until as step, l.lease_until as lock from steps s join locks l on l.fence = s.fence
      where s.run_id = ${runId}`.execute(store.db)
  ).rows[0];

it('is done in one attempt: lock and intent are renewed between its requests', async () => {
  const { state, clock, effect } = slowProduct();
  const runId = await makeRun(store);
  state.requests = 4;
  state.slowToAnswer = async () => {
    clock.ms += 50; // two of them fit into what is left of one lease, beside the time-out of a request
    const before = await leaseOf(runId);
    for (;;) {
      const now = await leaseOf(runId);
      if (before && now && now.step > before.step && now.lock > before.lock) return;
      await sleep(5);
    }
  };
  expect((await effect('wks-slow', { runId })).outcome).toBe('changed');
  expect(state.asked).toBe(4);
});

it.each([
  ['has been over', async () => await sql`update locks set lease_until = now() - interval '1 second'`.execute(store.db)],
  ['has gone to another', async () => await sql`update locks set fence = 0`.execute(store.db)],
])('is not renewed once the lock %s', async (_, lose) => {
  const { deps } = slowProduct();
  const runId = await makeRun(store);
  const wish = { runId, key: 'isolate', owner: deps().owner };
  const lock = await takeLock(store.db, { ...wish, entity: `host:${runId}`, leaseMs: 60_000 });
  const fence = lock.kind === 'held' ? lock.fence : '';
  await sql`insert into steps (run_id, key, step_id, kind, state, owner, fence, lease_until)
    values (${runId}, 'isolate', 'isolate', 'do', 'intent', ${wish.owner}, ${fence}::bigint, now() + interval '1 minute')`.execute(
    store.db,
  );
  await lose();
  const before = await sql`select lease_until from steps where run_id = ${runId}`.execute(store.db);
  const lease = keepLease(deps(), { ...wish, generation: 0, fence }, 1_000);
  await sleep(100);
  await lease.stop();
  expect(lease.endsMs()).toBe(1_000);
  expect(await sql`select lease_until from steps where run_id = ${runId}`.execute(store.db)).toEqual(before);
});
