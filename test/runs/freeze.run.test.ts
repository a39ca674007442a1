import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freeze, liftFreeze } from '../../store/freeze.ts';
import { createPerson } from '../../store/people.ts';
import { ALLOWING_POLICY, barePlaybooks, malwareOn, travelOf } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbooks = barePlaybooks();
let world: World;
const people: string[] = [];
beforeAll(async () => {
  world = await startWorld({ playbooks, policy: ALLOWING_POLICY });
  for (const login of ['ana', 'bob']) {
    const person = await createPerson(
      world.store.db,
      { login, name: login, role: 'responder', passwordHash: 'made-up', oneTime: false },
      new Date(),
    );
    people.push(person?.id ?? '');
  }
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  rmSync(playbooks, { recursive: true, force: true });
});

const [first, second] = [() => people[0] ?? '', () => people[1] ?? ''];
const lift = async (by: string, more: { connector?: string; verb?: string } = {}) => {
  const lifted = await liftFreeze(world.store.db, { by, reason: 'over', ...more }, new Date());
  world.store.wake('outbox');
  return lifted;
};
const frozenSteps = async (runId: string) =>
  (await world.steps(runId)).filter((step) => step.waiting_on === 'freeze').map((step) => step.key);
const waitsFrozen = async (runId: string) =>
  await eventually(async () => ((await frozenSteps(runId)).length > 0 ? true : undefined), 'the freeze to hold it back');
const effectsOn = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));

describe('a freeze', () => {
  it('that begins amid a storm lets nothing new begin within five seconds; all of it waits, and all of it goes on when two have lifted it', async () => {
    const hosts = Array.from({ length: 9 }, (_, index) => `wks-${200 + index}`); // each tenth is offline
    const runs = await Promise.all(
      hosts.map(async (host, index) => {
        if (index === 4) await freeze(world.store.db, { by: first(), reason: 'something is wrong' }, new Date());
        return (await world.run(await world.alert(malwareOn(host)))).id;
      }),
    );
    const frozenAt = (await world.store.db.selectFrom('freezes').select('since').executeTakeFirstOrThrow()).since.getTime();
    const settled = async () => {
      const rows = await world.store.db
        .selectFrom('steps')
        .select(['outcome', 'waiting_on'])
        .where('run_id', 'in', runs)
        .where('key', '=', 'isolate')
        .execute();
      return rows.length === runs.length && rows.every((row) => row.outcome !== null || row.waiting_on === 'freeze') ? true : undefined;
    };
    await eventually(settled, 'every run to be done or held back');
    expect(await lift(first())).toBe('asked');
    // One person is not enough: it holds, also when a run asks again.
    for (const run of runs) await world.handle(run).signal('wake');
    await eventually(settled, 'every run to be done or held back still');
    const isolations = (await world.record()).filter((line) => line.effect === 'isolate');
    expect(isolations.filter((line) => new Date(line.at).getTime() > frozenAt + 5_000)).toEqual([]);
    expect(isolations.length).toBeLessThan(hosts.length);
    expect(await lift(second())).toBe('lifted');
    for (const run of runs) expect(await world.ended(run)).toMatchObject({ state: 'completed' });
    for (const host of hosts) expect(await effectsOn(host)).toEqual([`isolate ${host}`]);
  }, 60_000);

  it('of one verb holds that verb back and nothing else, its undo neither', async () => {
    const held = (await world.run(await world.alert(malwareOn('wks-220')))).id;
    await world.ended(held);
    await freeze(world.store.db, { by: first(), reason: 'false alarms', verb: 'host.isolate' }, new Date());
    const waiting = (await world.run(await world.alert(malwareOn('wks-221')))).id;
    await waitsFrozen(waiting);
    const other = (await world.run(await world.alert(travelOf('user-221')))).id;
    expect(await world.ended(other)).toMatchObject({ state: 'completed' });
    expect(await world.ended(await world.undo(held))).toMatchObject({ state: 'completed' });
    expect(await effectsOn('wks-220')).toEqual(['isolate wks-220', 'release wks-220']);
    expect(await effectsOn('wks-221')).toEqual([]);
    await lift(first(), { verb: 'host.isolate' });
    await lift(second(), { verb: 'host.isolate' });
    expect(await world.ended(waiting)).toMatchObject({ state: 'completed' });
  }, 60_000);

  it('of one connector holds back what goes through it, undo too', async () => {
    const connector = 'practice-idp';
    const held = (await world.run(await world.alert(travelOf('user-222')))).id;
    await world.ended(held);
    await freeze(world.store.db, { by: first(), reason: 'the product is being moved', connector }, new Date());
    const undo = await world.undo(held);
    await waitsFrozen(undo);
    const other = (await world.run(await world.alert(malwareOn('wks-222')))).id;
    expect(await world.ended(other)).toMatchObject({ state: 'completed' });
    expect(await effectsOn('user-222')).toEqual(['disable user-222']);
    await lift(first(), { connector });
    await lift(second(), { connector });
    expect(await world.ended(undo)).toMatchObject({ state: 'completed' });
    expect(await effectsOn('user-222')).toEqual(['disable user-222', 'enable user-222']);
  }, 60_000);

  it('that has held an effect back for longer than an approval stays fresh: a person is asked before it is done', async () => {
    await freeze(world.store.db, { by: first(), reason: 'a long one' }, new Date());
    const run = (await world.run(await world.alert(malwareOn('wks-223')))).id;
    await waitsFrozen(run);
    await world.store.db
      .updateTable('steps')
      .set({ held_since: new Date(Date.now() - 2 * 3_600_000) })
      .where('run_id', '=', run)
      .execute();
    await lift(first());
    await lift(second());
    const approval = await world.approval(run, 'approval');
    expect(await effectsOn('wks-223')).toEqual([]);
    expect(JSON.stringify(approval.requirement)).toContain('"stale"');
    await world.decide(approval, 'approve');
    expect(await world.ended(run)).toMatchObject({ state: 'completed' });
    expect(await effectsOn('wks-223')).toEqual(['isolate wks-223']);
  }, 60_000);
});
