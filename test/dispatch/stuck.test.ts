// Nothing waits unseen: each wait has a whom, an end and a consequence, and what is past its time is told once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openApproval } from '../../store/approvals.ts';
import type { Store } from '../../store/store.ts';
import { countStuck, listWaiting } from '../../store/stuck.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { emptyWorld, NOW, queueRun, type World } from './world.ts';

describe('a run that waits', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await store.close();
  });
  beforeEach(async () => {
    world = await emptyWorld(store);
  });
  afterEach(async () => {
    await world.close();
  });
  const waiting = async () => (await listWaiting(store.db, { overdue: false })).items;
  const run = async () => {
    const id = await queueRun(store);
    await sql`update runs set state = 'waiting' where id = ${id}`.execute(store.db);
    return id;
  };
  const step = (runId: string, on: string, untilMinutes: number, heldMinutes?: number) =>
    sql`insert into steps (run_id, key, step_id, kind, state, waiting_on, waiting_until, says, held_since)
      values (${runId}, 'isolate', 'isolate', 'do', 'waiting', ${on}, now() + ${untilMinutes} * interval '1 minute', 'Isolate wks-007',
        now() - ${heldMinutes ?? null}::float8 * interval '1 minute')`.execute(store.db);

  it('for people says whom, until when, and what silence means', async () => {
    const id = await run();
    const asked = {
      ...{ runId: id, incidentId: 'inc_1', key: 'contain', stepId: 'contain', round: 0, title: 'Isolate wks-007' },
      kind: 'approval',
      ...{ items: [], canonical: '{}', digest: 'made-up', addressedTo: { role: 'responder' }, withinMs: 900_000, remindMs: [] },
      requirement: { count: 2, role: 'responder', reasons: [] },
    } as const;
    await openApproval(store.db, asked, NOW);
    expect(await waiting()).toMatchObject([
      { run: id, on: 'approval', whom: '2 people: role responder', detail: 'Isolate wks-007', then: 'silence is a no', overdue: false },
    ]);
    await sql`update approvals set expires_at = now() - interval '2 minutes'`.execute(store.db);
    expect(await waiting()).toMatchObject([{ overdue: true }]);
  });

  it.each([
    ['lock', 10, undefined, false],
    ['lock', -10, undefined, true],
    ['freeze', 1, 10, false],
    ['freeze', 1, 90, true],
  ])('on a %s with %d minutes left is past its time only when it is', async (on, untilMinutes, heldMinutes, overdue) => {
    const id = await run();
    await step(id, on, untilMinutes, heldMinutes);
    expect(await waiting()).toMatchObject([{ run: id, on, overdue, whom: expect.stringMatching(/./), then: expect.stringMatching(/./) }]);
    expect(await countStuck(store.db)).toBe(overdue ? 1 : 0);
  });

  it('for nothing that is known is past its time after ten minutes', async () => {
    const id = await queueRun(store);
    await sql`update runs set state = 'running' where id = ${id}`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: 'progress', overdue: false }]);
    await sql`update runs set progress_at = now() - interval '11 minutes' where id = ${id}`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: 'progress', overdue: true }]);
  });

  it.each([
    ['approval', 'granted'],
    ['question', 'answered'],
  ] as const)('and does not go on after the %s has ended is past its time ten minutes after that, not at once', async (kind, ended) => {
    const id = await run();
    const asked = {
      ...{ runId: id, incidentId: 'inc_1', key: 'isolate', stepId: 'isolate', round: 0, title: 'Isolate wks-007' },
      kind,
      ...{ items: [], canonical: '{}', digest: 'made-up', addressedTo: { role: 'responder' }, withinMs: 900_000, remindMs: [] },
      requirement: { count: 1, role: 'responder', reasons: [] },
    } as const;
    await openApproval(store.db, asked, NOW);
    await step(id, kind, 10);
    await sql`update runs set progress_at = now() - interval '2 hours' where id = ${id}`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: kind, overdue: false }]);
    await sql`update approvals set state = ${ended}, decided_at = now()`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: 'progress', overdue: false }]);
    await sql`update approvals set decided_at = now() - interval '11 minutes'`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: 'progress', overdue: true }]);
    expect(await countStuck(store.db)).toBe(1);
    // Another step of it waits for something that is known.
    await sql`update steps set key = 'contain', waiting_on = 'lock' where run_id = ${id}`.execute(store.db);
    expect(await waiting()).toMatchObject([{ run: id, on: 'lock', overdue: false }]);
  });

  it('is counted without reading what has ended, however much of that is kept', async () => {
    const id = await run();
    await sql`insert into steps (run_id, key, step_id, kind, state) select ${id}, 'k' || n, 's', 'do', 'ended' from generate_series(1, 20000) n`.execute(
      store.db,
    );
    await sql`analyze steps`.execute(store.db);
    const readAll = async () => {
      await sql`select pg_stat_force_next_flush()`.execute(store.db);
      const { rows } = await sql<{
        read: number;
      }>`select seq_tup_read::int as read from pg_stat_user_tables where relname = 'steps'`.execute(store.db);
      return rows[0]?.read ?? 0;
    };
    const before = await readAll();
    expect(await countStuck(store.db)).toBe(0);
    expect((await readAll()) - before).toBeLessThan(10_000);
  });

  it('past its time is told to people once, however many workers look', async () => {
    const id = await run();
    await step(id, 'lock', -10);
    for (let worker = 0; worker < 2; worker++) await world.dispatch({ workerId: `worker-${worker}` }).sweep();
    const told = world.pages.filter((page) => page.code === 'RUNS_STUCK');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toContain(id);
  });

  it('is told again where what was to be told was not stored: the mark and the page are one commit', async () => {
    const id = await run();
    await step(id, 'lock', -10);
    const failing = world.dispatch({
      page: async (_page, within) => {
        await sql`select 1 / 0`.execute(within ?? store.db);
      },
    });
    await failing.sweep();
    await world.dispatch({ workerId: 'worker-2' }).sweep();
    expect(world.pages).toMatchObject([{ code: 'RUNS_STUCK', message: expect.stringContaining(id) }]);
  });
});
