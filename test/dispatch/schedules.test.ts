// Schedules in the store: a time that cannot be decided holds up no other, and a person's pause outlives the playbook.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { DispatchDeps } from '../../dispatch/deps.ts';
import { planCache } from '../../dispatch/plans.ts';
import { scheduleKeeper } from '../../dispatch/schedules.ts';
import type { TemporalSchedules } from '../../dispatch/temporal-schedules.ts';
import { tickDecider } from '../../dispatch/ticks.ts';
import type { Plan } from '../../language/plan.ts';
import { keepSchedule, pauseSchedule, readSchedules, takeTick } from '../../store/schedules.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { emptyWorld, NOW, planOf, publish } from './world.ts';

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});
beforeEach(async () => {
  await emptyWorld(store);
  await sql`truncate schedules, schedule_ticks`.execute(store.db);
});

const deps = (): Pick<DispatchDeps, 'store' | 'now' | 'log'> => ({
  store,
  now: () => NOW,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
const scheduled = (playbook: string): Plan =>
  planOf({
    playbook,
    inputs: {},
    triggers: [{ kind: 'schedule', cron: '0 8 * * *', timezone: 'UTC', overlap: 'skip', catchupMs: 3_600_000, with: {} }],
  });

it('a time that breaks the decision is recorded as missed, and the next one is decided', async () => {
  const ticks = tickDecider(deps(), planCache(store.db));
  for (const [at, name] of ['broken', 'sound'].entries()) {
    await publish(store, scheduled(name));
    await keepSchedule(store.db, { id: `${name}/0`, playbook: name, spec: 'made-up' });
    await takeTick(store.db, `${name}/0`, new Date(Date.now() + at));
  }
  // As no version of Cordon has written it.
  await sql`update playbook_versions set plan = (plan::jsonb #- '{triggers,0,with}')::json where playbook = 'broken'`.execute(store.db);
  expect(await ticks.round()).toBe(true);
  expect(await ticks.round()).toBe(true);
  expect(await ticks.round()).toBe(false);
  const rows = await store.db.selectFrom('schedule_ticks').select(['schedule_id', 'state', 'reason']).orderBy('schedule_id').execute();
  expect(rows).toMatchObject([
    { schedule_id: 'broken/0', state: 'missed', reason: expect.stringContaining('a fault in Cordon') },
    { schedule_id: 'sound/0', state: 'started' },
  ]);
});

it('what a person has paused comes back paused, and is not shown meanwhile', async () => {
  const held = new Map<string, { readonly spec: string; readonly paused: boolean }>();
  const temporal: TemporalSchedules = {
    describe: async (id) => held.get(id),
    create: async (id, _, state) => void held.set(id, state),
    update: async (id, _, state) => void held.set(id, state),
    backfill: async () => undefined,
    remove: async (id) => void held.delete(id),
  };
  const keeper = scheduleKeeper(deps(), planCache(store.db), temporal);
  const ids = async () => (await readSchedules(store.db)).map(({ id }) => id);
  for (const name of ['paused', 'plain']) await publish(store, scheduled(name));
  await keeper.pass();
  await pauseSchedule(store.db, 'paused/0', 'per_ana');
  await sql`update playbook_versions set state = 'superseded'`.execute(store.db);
  await keeper.pass();
  expect(held.size).toBe(0);
  expect(await ids()).toEqual([]);
  await sql`update playbook_versions set state = 'published'`.execute(store.db);
  await keeper.pass();
  expect(await ids()).toEqual(['paused/0', 'plain/0']);
  expect([held.get('paused/0')?.paused, held.get('plain/0')?.paused]).toEqual([true, false]);
});
