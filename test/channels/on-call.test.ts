// Who is on call by PagerDuty: read, kept while it does not answer, and shown as old.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { checkRotas, liveDirectory, readOnCall, watchOnCall } from '../../channels/on-call.ts';
import { NOBODY, onDuty, placesOf } from '../../policy/addressed.ts';
import { offsetsOf } from '../../worker/zone-offsets.ts';
import { api, type Harness, startHarness } from '../server/harness.ts';
import { openWorld, type World } from './world.ts';

const ROTA = { name: 'soc', connector: 'pagerduty', schedule: 'PSOC' };
const live = liveDirectory(NOBODY, [ROTA]);

let harness: Harness;
let world: World;
beforeAll(async () => {
  harness = await startHarness({ directory: live.directory });
  world = await openWorld(harness.store, []);
});
afterAll(async () => {
  await world.close();
  await harness.close();
});
beforeEach(async () => {
  await sql`truncate table oncall`.execute(harness.store.db);
  await world.fault([]);
});

const deps = (set = live.set, rotas = [ROTA]) => ({
  store: harness.store,
  connectors: world.connectors,
  rotas,
  set,
  now: () => harness.clock.now,
  log: { warn: () => undefined },
});
const look = async () => await readOnCall(deps(), new AbortController().signal);
const shown = async () => (await api(harness, 'GET', '/oncall')).json().items;

describe('a rota that PagerDuty keeps', () => {
  it('names people by their address there, and whoever of ours has that address', async () => {
    await sql`update people set email = 'Eve.Adams@example.test'`.execute(harness.store.db);
    await look();
    expect(placesOf(live.directory, ['eve.adams@example.test'], 0).oncall).toEqual(['soc']);
    expect(placesOf(live.directory, ['owner'], 0).oncall).toEqual(['soc']);
    expect(placesOf(live.directory, ['mallory@example.test'], 0).oncall).toEqual([]);
    expect(await shown()).toMatchObject([{ rota: 'soc', isStale: false, readAt: '2026-11-21T12:00:00.000Z' }]);
  });

  it('goes on counting as it was read last while PagerDuty does not answer, also after a restart, and is shown as stale', async () => {
    await look();
    await world.fault({ product: 'pagerduty', status: 503 });
    await look();
    expect(await shown()).toMatchObject([
      { people: expect.arrayContaining(['eve.adams@example.test']), isStale: true, error: expect.stringContaining('503') },
    ]);
    const restarted = liveDirectory(NOBODY, [ROTA]);
    const watching = await watchOnCall(deps(restarted.set), 3_600_000);
    expect(placesOf(restarted.directory, ['eve.adams@example.test'], 0).oncall).toEqual(['soc']);
    await watching.stop();
    await world.fault([]);
    await look();
    expect(await shown()).toMatchObject([{ isStale: false }]);
  });

  it('must be one of a connector that keeps rotas', () => {
    expect(() => checkRotas(world.connectors, [{ ...ROTA, connector: 'slack' }])).toThrow('people.oncall.soc: "slack" keeps no rotas');
    expect(() => checkRotas(world.connectors, [{ ...ROTA, connector: 'nothing' }])).toThrow('there is no connector');
  });
});

describe('a rota of cordon.yaml with a time zone', () => {
  const from = Date.parse('2026-10-19T09:00:00+02:00');
  const rota = { people: ['ann', 'ben'], everyMs: 7 * 86_400_000, fromMs: from, offsets: offsetsOf('Europe/Zurich', from, from) };
  it.each([
    // Clocks are put back on 25 October: nine o'clock is an hour later from then on.
    ['2026-10-26T08:59:00+01:00', 'ann'],
    ['2026-10-26T09:00:00+01:00', 'ben'],
    ['2026-11-02T08:59:59+01:00', 'ben'],
    ['2026-11-02T09:00:00+01:00', 'ann'],
    // And forward on 28 March.
    ['2027-03-29T08:59:00+02:00', 'ann'],
    ['2027-03-29T09:00:00+02:00', 'ben'],
  ])('changes its turn at the same hour all year: at %s it is %s', (at, who) => {
    expect(onDuty(rota, Date.parse(at))).toEqual([who]);
  });
});
