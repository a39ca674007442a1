// Undo by step, entity and incident, with a preview; what somebody else has changed is left alone; what cannot be undone is owed.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recheckHolds } from '../../activities/recheck.ts';
import type { UndoScope } from '../../server/contract.ts';
import { previewUndo, requestUndo } from '../../store/undo-scope.ts';
import { ALLOWING_POLICY, barePlaybooks, malwareOn, travelOf } from './bare-playbooks.ts';
import { changeByHand } from './by-hand.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbooks = barePlaybooks();
let world: World;
beforeAll(async () => {
  world = await startWorld({ playbooks, policy: ALLOWING_POLICY });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  rmSync(playbooks, { recursive: true, force: true });
});

const contain = async (host: string) => (await world.ended((await world.run(await world.alert(malwareOn(host)))).id)).id;
const effectsOn = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));
const holds = async (runId: string) => await world.store.db.selectFrom('holds').selectAll().where('run_id', '=', runId).execute();
const undo = async (scope: UndoScope) => {
  const runs = await requestUndo(world.store.db, scope, { by: 'per_ana', reason: 'test' }, new Date());
  world.store.wake('outbox');
  return await Promise.all(runs.map(async (run) => await world.ended(run)));
};
const byHand = async (host: string, to: 'isolate' | 'release') => await changeByHand(world, host, to);

describe('undo', () => {
  it('of an entity takes back what every run holds of it, and touches the product once', async () => {
    const [first, second] = [await contain('wks-301'), await contain('wks-301')];
    expect((await previewUndo(world.store.db, { run: first })).says).toBe(`wks-301 stays held by run ${second}`);
    const scope = { entity: 'host:wks-301' };
    expect((await previewUndo(world.store.db, scope)).says).toBe('Release wks-301');
    const ended = await undo(scope);
    expect(ended.map((run) => [run.parent_run_id, run.state])).toEqual([first, second].sort().map((run) => [run, 'completed']));
    expect(await effectsOn('wks-301')).toEqual(['isolate wks-301', 'release wks-301']);
    for (const run of [first, second]) expect(await holds(run)).toMatchObject([{ state: 'released' }]);
    expect(await requestUndo(world.store.db, scope, { by: 'per_ana', reason: 'again' }, new Date())).toEqual([]);
  }, 60_000);

  it('of an incident takes back what its runs did, and nothing of another', async () => {
    const inside = await contain('wks-302');
    const outside = (await world.ended((await world.run(await world.alert(travelOf('user-303')))).id)).id;
    const run = await world.store.db.selectFrom('runs').select('incident_id').where('id', '=', inside).executeTakeFirstOrThrow();
    await undo({ incident: run.incident_id });
    expect(await effectsOn('wks-302')).toEqual(['isolate wks-302', 'release wks-302']);
    expect(await holds(outside)).toMatchObject([{ state: 'active' }]);
    expect(await effectsOn('user-303')).toEqual(['disable user-303']);
  }, 60_000);

  it('of one step takes back that step', async () => {
    const run = await contain('wks-304');
    expect((await previewUndo(world.store.db, { run, step: 'another' })).will).toEqual([]);
    expect(await undo({ run, step: 'another' })).toEqual([]);
    await undo({ run, step: 'isolate' });
    expect(await effectsOn('wks-304')).toEqual(['isolate wks-304', 'release wks-304']);
  }, 60_000);

  it('of a run that is still open lets the next alert about the same start a run of its own', async () => {
    const alert = await world.alert({ title: 'asks', severity: 'high', users: [{ id: 'user-316' }], data: { ask: true } });
    const run = await world.run(alert);
    await world.approval(run.id, 'question');
    await undo({ run: run.id });
    const again = await world.run(await world.alert({ title: 'asks', severity: 'high', users: [{ id: 'user-316' }], data: { ask: true } }));
    expect(again.id).not.toBe(run.id);
    await world.approval(again.id, 'question');
    expect(await effectsOn('user-316')).toEqual(['disable user-316', 'enable user-316', 'disable user-316']);
  }, 60_000);

  it("leaves somebody else's change alone, and says whose it is", async () => {
    const run = await contain('wks-305');
    await byHand('wks-305', 'release');
    const before = (await effectsOn('wks-305')).length;
    await undo({ run });
    expect((await effectsOn('wks-305')).length).toBe(before);
    expect(await holds(run)).toMatchObject([{ state: 'foreign' }]);
    expect(await world.audit(run)).toContain('undo.requested');
  }, 60_000);

  it('is not needed to learn of it: what somebody released is found, told once, shown, and over when it is contained again', async () => {
    const run = await contain('wks-307');
    const look = async () => await recheckHolds(world.deps, { everyS: 0, limit: 100, withinMs: 5_000 });
    const drifted = async () => (await holds(run)).map((hold) => hold.drifted_at !== null);
    await look();
    expect(await drifted()).toEqual([false]);
    await byHand('wks-307', 'release');
    await eventually(async () => ((await look()) > 0 ? true : undefined), 'the release to be found');
    expect(await look()).toBe(0);
    expect(await drifted()).toEqual([true]);
    expect(world.pages.filter((page) => page.includes('wks-307: host.isolate'))).toHaveLength(1);
    expect(await world.audit(run)).toContain('hold.drifted');
    await byHand('wks-307', 'isolate');
    const restored = async () => {
      await look();
      return (await drifted())[0] ? undefined : true;
    };
    await eventually(restored, 'the isolation to be seen');
    expect(await world.audit(run)).toContain('hold.restored');
    expect((await effectsOn('wks-307')).length).toBe(3); // ours, and the two by hand: looking touches nothing
  }, 60_000);

  it('that the product refuses is owed by the owner of the playbook, who is reminded of it; then it can be undone again', async () => {
    const run = (await world.ended((await world.run(await world.alert(travelOf('user-306')))).id)).id;
    await world.faults([{ product: 'idp', effect: 'enable', status: 403 }]);
    const [failed] = await undo({ run });
    await world.faults([]);
    expect(failed).toMatchObject({ state: 'failed' });
    const [debt] = await holds(run);
    expect(debt).toMatchObject({ state: 'debt', debt_owner: 'tests', debt_since: expect.any(Date) });
    const told = () => world.pages.filter((page) => page.includes(debt?.id ?? 'none')).length;
    expect(told()).toBe(0);
    await world.store.db
      .updateTable('holds')
      .set({ debt_since: new Date(Date.now() - 3 * 86_400_000) })
      .where('run_id', '=', run)
      .execute();
    await world.dispatch.sweep();
    await world.dispatch.sweep();
    expect(told()).toBe(1);
    expect(world.pages.find((page) => page.includes(debt?.id ?? 'none'))).toContain('owed by tests for 3 days');
    expect((await undo({ run }))[0]).toMatchObject({ state: 'completed' });
    expect(await holds(run)).toMatchObject([{ state: 'released' }]);
    const changed = (await world.record()).filter(
      (line) => line.target === 'user-306' && JSON.stringify(line.before) !== JSON.stringify(line.after),
    );
    expect(changed.map((line) => line.effect)).toEqual(['disable', 'enable']);
  }, 60_000);
});
