// An effect of several requests to a slow product: the lease is renewed while the process works, and by nobody once it is over.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { DEFAULT_TIMING } from '../../activities/deps.ts';
import { keepLease } from '../../activities/lease.ts';
import { performUndo } from '../../activities/perform-undo.ts';
import { takeLock } from '../../store/locks.ts';
import { bindRun } from '../../store/runs.ts';
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

describe('a look that takes longer than a lease', () => {
  /** The lock has this long yet, and is renewed well before: ms. */
  const SHORT_MS = 3_000;

  async function untilRenewed(entity: string): Promise<void> {
    await sql`update locks set lease_until = clock_timestamp() + ${SHORT_MS} * interval '1 millisecond' where entity = ${entity}`.execute(
      store.db,
    );
    for (let waitedMs = 0; waitedMs < SHORT_MS + 500; waitedMs += 5) {
      const { rows } = await sql<{ is: boolean }>`
        select lease_until > clock_timestamp() + ${SHORT_MS} * interval '1 millisecond' as is from locks where entity = ${entity}`.execute(
        store.db,
      );
      if (rows[0]?.is) return;
      await sleep(5);
    }
  }

  it('is not lost: the lock is renewed meanwhile, and what was seen counts', async () => {
    const { state, effect } = slowProduct();
    state.slow = async () => {
      delete state.slow;
      await untilRenewed('host:wks-look');
    };
    expect((await effect('wks-look')).outcome).toBe('changed');
  });

  it('neither is one before an undo', async () => {
    const { state, effect, deps } = slowProduct();
    const { runId } = await effect('wks-back');
    const hold = await store.db.selectFrom('holds').select('id').where('run_id', '=', runId).executeTakeFirstOrThrow();
    const run = await bindRun(store.db, runId, `temporal-${runId}`, { key: 'isolate', generation: 1 });
    if (!run) throw new Error('the made-up run is not there');
    state.slow = async () => {
      delete state.slow;
      await untilRenewed('host:wks-back');
    };
    const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host: 'wks-back' } };
    const rest = { idempotencyKey: 'made-up', signal: new AbortController().signal, onSend: () => undefined };
    const answer = await performUndo(deps(), { run, item, holdId: hold.id, ...rest });
    expect(answer).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
  });
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
