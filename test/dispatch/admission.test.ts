// Who gets a working place: critical runs first, then fair over sources, never more than the bound, and releases always.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { oweWake } from '../../store/outbox.ts';
import { freePlace, takePlace } from '../../store/places.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { emptyWorld, endRun, queueRun, type World } from './world.ts';

const BOUNDS = { places: 10, criticalPlaces: 2 };

describe('admission', () => {
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
  const queue = async (count: number, more: Parameters<typeof queueRun>[1]) => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) ids.push(await queueRun(store, more));
    return ids;
  };
  const working = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from runs where place_until > now() and kind = 'playbook'`.execute(store.db);
    return rows[0]?.count;
  };

  it('starts no more than there are places, and the next as soon as one is free', async () => {
    await queue(30, {});
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(8); // two are kept for critical ones
    await endRun(store, world.temporal.started[0] ?? '');
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(9);
    expect(await working()).toBe(8);
  });

  it('critical runs go first, have places of their own, and never more than all places', async () => {
    await queue(30, { severityId: 2 });
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    const critical = await queue(4, { severityId: 5 });
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started.slice(8)).toEqual(critical.slice(0, 2));
    expect(await working()).toBe(10);
    await endRun(store, world.temporal.started[0] ?? '');
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started.slice(8)).toEqual(critical.slice(0, 3));
  });

  it('600 of one source do not keep 5 of another waiting', async () => {
    await sql`
      with made as (
        insert into runs (id, kind, playbook, plan_digest, plan, incident_id, title, inputs, severity_id, lane)
        select 'run_flood' || lpad(n::text, 4, '0'), 'playbook', 'contain', 'made', '{}', 'inc_1', 'made up', '{}', 3, 'noisy' from generate_series(1, 600) n
        returning id
      )
      insert into outbox (kind, about, dedupe, priority, lane) select 'start', id, 'start:' || id, 3, 'noisy' from made`.execute(store.db);
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    const quiet = await queue(5, { lane: 'quiet' });
    for (let ended = 0; ended < 5; ended++) {
      await endRun(store, world.temporal.started[ended] ?? '');
      dispatch.kick();
      await dispatch.idle();
    }
    // The source that works least is next: the first four places that came free; the fifth makes four against five.
    const later = world.temporal.started.slice(8);
    expect(later.filter((id) => quiet.includes(id)).length).toBeGreaterThanOrEqual(4);
    for (let ended = 5; ended < 10; ended++) {
      await endRun(store, world.temporal.started[ended] ?? '');
      dispatch.kick();
      await dispatch.idle();
    }
    expect(quiet.every((id) => world.temporal.started.includes(id))).toBe(true);
  });

  it('releases go past a full house and take nobody’s place', async () => {
    const [first = ''] = await queue(20, {});
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    const undo = await queueRun(store, { kind: 'undo', parentRunId: first, severityId: 0 });
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toContain(undo);
    await oweWake(store.db, undo);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.runs.get(undo)?.signals).toBe(1);
    expect(await working()).toBe(8);
    expect(await takePlace(store.db, undo, 'worker-1', BOUNDS)).toBe(true);
    expect(await working()).toBe(8);
  });

  it('a woken run waits for a place, comes before runs that have not begun, and has its place when it is woken', async () => {
    const ids = await queue(12, {});
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    const [first = '', second = ''] = ids;
    await freePlace(store.db, first); // it waits for an approval
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(9);
    await oweWake(store.db, first);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.runs.get(first)?.signals).toBe(0);
    await endRun(store, second);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.runs.get(first)?.signals).toBe(1);
    expect(world.temporal.started).toHaveLength(9);
    expect(await working()).toBe(8);
  });

  it('a run that a timer woke takes a free place, or is queued and woken when its turn comes', async () => {
    const ids = await queue(9, {});
    const dispatch = world.dispatch({ bounds: { places: 8, criticalPlaces: 0 } });
    await dispatch.idle();
    const [first = '', second = ''] = ids;
    const bounds = { places: 8, criticalPlaces: 0 };
    await freePlace(store.db, first);
    expect(await takePlace(store.db, first, 'worker-1', bounds)).toBe(true);
    expect(await takePlace(store.db, first, 'worker-1', bounds)).toBe(true); // its own, renewed
    await freePlace(store.db, first);
    dispatch.kick();
    await dispatch.idle(); // the ninth has it now
    expect(await takePlace(store.db, first, 'worker-1', bounds)).toBe(false);
    expect(await takePlace(store.db, first, 'worker-1', bounds)).toBe(false);
    await endRun(store, second);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.runs.get(first)?.signals).toBe(1);
    expect(await takePlace(store.db, first, 'worker-1', bounds)).toBe(true);
  });

  it('the places of a worker that died are free when their lease is over', async () => {
    await queue(20, {});
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    await sql`update runs set place_until = now() - interval '1 second' where place_until is not null`.execute(store.db);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(16);
  });

  it('the cost of a claim does not grow with the backlog', async () => {
    await sql`
      with made as (
        insert into runs (id, kind, playbook, plan_digest, plan, incident_id, title, inputs, severity_id, lane)
        select 'run_many' || n, 'playbook', 'contain', 'made', '{}', 'inc_1', 'made up', '{}', 3, 'source-' || n % 5 from generate_series(1, 5000) n
        returning id, lane
      )
      insert into outbox (kind, about, dedupe, priority, lane) select 'start', id, 'start:' || id, 3, lane from made`.execute(store.db);
    await sql`analyze outbox; analyze runs`.execute(store.db);
    const dispatch = world.dispatch({ bounds: BOUNDS });
    await dispatch.idle();
    const before = await rowsRead();
    for (let round = 0; round < 10; round++) {
      await endRun(store, world.temporal.started[round] ?? '');
      dispatch.kick();
      await dispatch.idle();
    }
    expect(world.temporal.started).toHaveLength(18);
    expect((await rowsRead()) - before).toBeLessThan(10 * 5000);
  });

  const rowsRead = async (): Promise<number> => {
    await sql`select pg_stat_force_next_flush()`.execute(store.db);
    const { rows } = await sql<{ read: number }>`
      select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where relname = 'outbox'`.execute(
      store.db,
    );
    return rows[0]?.read ?? 0;
  };
});
