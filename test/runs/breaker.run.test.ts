// A product that is away: what would contain waits, nothing is lost, nothing is done twice, and the others are not held up.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_BREAKER } from '../../activities/breaker.ts';
import { ALLOWING_POLICY, barePlaybooks, malwareOn, travelOf } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbooks = barePlaybooks();
let world: World;
beforeAll(async () => {
  world = await startWorld({
    playbooks,
    policy: ALLOWING_POLICY,
    timing: { outage: { ...DEFAULT_BREAKER, openAfter: 3, probeMs: 500, perSecond: 4 } },
  });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  rmSync(playbooks, { recursive: true, force: true });
});

const connector = async () =>
  await world.store.db.selectFrom('connector_states').select('outage_since').where('id', '=', 'practice-edr').executeTakeFirst();

describe('a product that is away', () => {
  it('is waited for, said to be away, and worked through at a bounded rate when it is back', async () => {
    await world.store.db
      .insertInto('connector_states')
      .values({ id: 'practice-edr', type: 'practice-edr', title: 'EDR', simulated: true, verbs: ['host.isolate'] })
      .execute();
    await world.faults([{ product: 'edr', effect: 'read', status: 503 }]);
    const hosts = Array.from({ length: 8 }, (_, index) => `wks-${500 - 20 + index}`);
    const runs = await Promise.all(hosts.map(async (host) => (await world.run(await world.alert(malwareOn(host)))).id));
    const held = async () =>
      (await world.store.db.selectFrom('steps').select('run_id').where('waiting_on', '=', 'outage').execute()).length >= hosts.length - 1;
    await eventually(async () => ((await held()) ? true : undefined), 'the runs to wait for the product');
    expect((await connector())?.outage_since).toBeInstanceOf(Date);
    expect(world.pages.filter((page) => page.startsWith('practice-edr does not answer'))).toHaveLength(1);
    const other = (await world.run(await world.alert(travelOf('user-480')))).id;
    expect(await world.ended(other)).toMatchObject({ state: 'completed' });
    await world.faults([]);
    for (const run of runs) expect(await world.ended(run, 30_000)).toMatchObject({ state: 'completed' });
    const isolations = (await world.record()).filter((line) => line.effect === 'isolate');
    expect(isolations.map((line) => line.target).sort()).toEqual(hosts);
    // Four a second: eight of them at once would have taken no time. The stamps are taken at arrival, so a second may look some ms shorter.
    const times = isolations.map((line) => new Date(line.at).getTime()).sort((a, b) => a - b);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
    expect((await connector())?.outage_since).toBeNull();
  }, 90_000);
});
