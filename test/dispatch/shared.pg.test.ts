// Several workers on one PostgreSQL share the work: nothing is delivered twice, nothing is left, and races over a key have one winner.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { migrateStore } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { findPostgres, NO_POSTGRES, startPostgres, type TestPostgres } from '../store/postgres.ts';
import { alertOf, emptyWorld, outboxStates, planOf, publish, takeIn, type World } from './world.ts';

const programs = findPostgres();
const suite = programs ? describe : describe.skip;

suite(programs ? 'two workers on one PostgreSQL' : NO_POSTGRES, () => {
  let postgres: TestPostgres;
  let store: Store;
  let world: World;
  beforeAll(async () => {
    if (!programs) return;
    postgres = await startPostgres(programs);
    store = await openStore({ url: await postgres.createDatabase() });
    await migrateStore(store);
  }, 60_000);
  afterAll(async () => {
    await world?.close();
    await store?.close();
    await postgres?.stop();
  }, 30_000);
  const bounds = { places: 500, criticalPlaces: 0 };
  const both = () => [world.dispatch({ workerId: 'one', bounds }), world.dispatch({ workerId: 'two', bounds })] as const;
  const drain = async (dispatches: ReturnType<typeof both>) => {
    for (let round = 0; round < 50 && (await outboxStates(store)).ready !== undefined; round++) {
      for (const dispatch of dispatches) dispatch.kick();
      await Promise.all(dispatches.map((dispatch) => dispatch.idle()));
    }
  };

  it('300 alerts: each has one run, started once, and each worker has done some of it', async () => {
    world = await emptyWorld(store);
    await publish(store);
    await takeIn(
      store,
      Array.from({ length: 300 }, (_, at) => alertOf(`${at}`)),
    );
    await drain(both());
    expect(world.temporal.started).toHaveLength(300);
    expect(new Set(world.temporal.started).size).toBe(300);
    expect(world.temporal.calls).toBe(300);
    expect(await outboxStates(store)).toEqual({ done: 600 });
    const { rows } = await sql<{ alerts: number; runs: number }>`
      select count(distinct alert_id)::int as alerts, count(distinct run_id)::int as runs from trigger_decisions`.execute(store.db);
    expect(rows).toEqual([{ alerts: 300, runs: 300 }]);
    const workers = await sql<{ worker: string }>`select distinct worker from runs order by worker`.execute(store.db);
    expect(workers.rows).toEqual([{ worker: 'one' }, { worker: 'two' }]);
    await world.close();
  });

  it('100 alerts with one key, decided by both at once: one run, 99 joins', async () => {
    world = await emptyWorld(store);
    const [trigger] = planOf().triggers;
    if (trigger?.kind !== 'alert') throw new Error('the plan of these tests has an alert trigger');
    await publish(store, planOf({ triggers: [{ ...trigger, dedupe: { by: { lit: 'one key for all' }, withinMs: 3_600_000 } }] }));
    await takeIn(
      store,
      Array.from({ length: 100 }, (_, at) => alertOf(`${at}`)),
    );
    await drain(both());
    expect(world.temporal.started).toHaveLength(1);
    const joins = await store.db.selectFrom('run_joins').select('alert_id').execute();
    expect(joins).toHaveLength(99);
    expect(await outboxStates(store)).toEqual({ done: 101 });
  });
});
