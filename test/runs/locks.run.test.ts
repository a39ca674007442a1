import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { transferHold } from '../../store/hold-changes.ts';
import { giveLock } from '../../store/locks.ts';
import { previewUndo } from '../../store/undo-scope.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ requestTimeoutMs: 3_000 });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const onHost = async (host: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${host}`));
const malwareOn = async (host: string) => await world.run(await world.alert({ ...SAMPLES.malware, hosts: [{ id: host }] }));
const travelOn = async (host: string, user: string) =>
  await world.run(await world.alert({ ...SAMPLES.travel, hosts: [{ id: host }], users: [{ id: user }] }));
const approve = async (runId: string) => await world.decide(await world.approval(runId, 'approval'), 'approve');
const isolation = async (runId: string) => (await world.steps(runId)).find((step) => step.key === 'isolate');

describe('two runs on one device', () => {
  it('hand a hold on: the undo of the first leaves it, that of the second takes it back', async () => {
    const [first, second] = [await malwareOn('wks-026'), await malwareOn('wks-027')];
    for (const run of [first, second]) {
      await approve(run.id);
      await world.approval(run.id, 'question');
    }
    const { id } = await world.store.db
      .selectFrom('holds')
      .select('id')
      .where('run_id', '=', first.id)
      .where('verb', '=', 'host.isolate')
      .executeTakeFirstOrThrow();
    const wish = { id, to: second.id, by: 'per_ana', reason: 'one case now' };
    expect(await transferHold(world.store.db, wish, new Date())).toBeUndefined();
    expect(await transferHold(world.store.db, wish, new Date())).toMatch(/belongs to that run already/);
    await world.ended(await world.undo(first.id));
    expect(await onHost('wks-026')).toEqual(['isolate wks-026']);
    await world.decide(await world.approval(second.id, 'question'), 'answer', { answer: 'false-positive', role: 'analyst' });
    await world.ended(second.id);
    expect(await onHost('wks-026')).toEqual(['isolate wks-026', 'release wks-026']);
    expect(await onHost('wks-027')).toEqual(['isolate wks-027', 'release wks-027']);
  });

  it('take turns; the second hold survives the first undo, and the last one gives the device back', async () => {
    const first = await malwareOn('wks-021');
    const second = await travelOn('wks-021', 'user-021');
    // The first takes its time over the device, so that the second meets its lock; its answer comes within the time-out of requests.
    await world.faults([{ product: 'edr', effect: 'isolate', target: 'wks-021', delayMs: 2_000, count: 1 }]);
    await approve(first.id);
    await eventually(async () => ((await isolation(first.id))?.state === 'intent' ? true : undefined), 'the first intent');
    await approve(second.id);
    await eventually(
      async () => ((await isolation(second.id))?.waiting_on === 'lock' ? true : undefined),
      'the second to wait for the lock',
    );
    expect(await onHost('wks-021')).toEqual([]);
    await world.approval(first.id, 'question');
    const verdict = await world.approval(second.id, 'question');
    expect((await isolation(first.id))?.outcome).toBe('changed');
    expect((await isolation(second.id))?.outcome).toBe('already');
    expect(await onHost('wks-021')).toEqual(['isolate wks-021']);

    const preview = await previewUndo(world.store.db, { run: first.id });
    expect(preview).toMatchObject({ will: [], stays: [{ entity: 'host:wks-021', why: `wks-021 stays held by run ${second.id}` }] });
    await world.ended(await world.undo(first.id));
    expect(await onHost('wks-021')).toEqual(['isolate wks-021']);

    await world.decide(verdict, 'answer', { answer: 'false-positive', role: 'analyst' });
    await world.ended(second.id);
    expect(await onHost('wks-021')).toEqual(['isolate wks-021', 'release wks-021']);
    expect(await world.store.db.selectFrom('locks').selectAll().execute()).toEqual([]);
  });
});

describe('who has held a lock too long', () => {
  it('sends nothing: paused past its lease, it finds that out before the request and starts afresh', async () => {
    let paused = 0;
    world.state.fail = (point) => {
      if (point !== 'effect.before' || paused > 0) return;
      paused = 60_000;
      world.state.pausedMs += paused;
    };
    const run = await malwareOn('wks-022');
    await approve(run.id);
    await world.approval(run.id, 'question');
    world.state.fail = () => undefined;
    expect(paused).toBe(60_000);
    // Withdrawn once, sent once.
    expect(await isolation(run.id)).toMatchObject({ outcome: 'changed', attempts: 2 });
    expect(await onHost('wks-022')).toEqual(['isolate wks-022']);
    expect(await world.audit(run.id)).toContain('effect.held_up');
  });

  it('paused between the check and the answer: what was sent is read back, and people are told that it may have come late', async () => {
    let paused = 0;
    world.state.fail = (point) => {
      if (point !== 'effect.answered' || paused > 0) return;
      paused = 60_000;
      world.state.pausedMs += paused;
    };
    const run = await malwareOn('wks-025');
    await approve(run.id);
    await world.approval(run.id, 'question');
    world.state.fail = () => undefined;
    expect(paused).toBe(60_000);
    expect(await isolation(run.id)).toMatchObject({ outcome: 'changed', attempts: 1 });
    expect(await onHost('wks-025')).toEqual(['isolate wks-025']);
    expect(await world.audit(run.id)).toContain('effect.late');
    expect(world.pages.filter((page) => page.includes('after its lease had ended') && page.includes('host:wks-025'))).toHaveLength(1);
  });

  it('sends nothing when another has taken the lock meanwhile', async () => {
    const run = await malwareOn('wks-023');
    const approval = await world.approval(run.id, 'approval');
    // Slow to be read: while it is, the lease ends and another run takes over.
    await world.faults([{ product: 'edr', effect: 'read', target: 'wks-023', delayMs: 900 }]);
    await world.decide(approval, 'approve');
    const held = await eventually(
      async () => await world.store.db.selectFrom('locks').selectAll().where('entity', '=', 'host:wks-023').executeTakeFirst(),
      'the lock',
    );
    expect(held.run_id).toBe(run.id);
    const other = { run_id: 'run_of_another', key: 'isolate', fence: String(Number(held.fence) + 1_000), owner: 'another' };
    await world.store.db
      .updateTable('locks')
      .set({ ...other, lease_until: new Date(Date.now() + 600_000) })
      .where('entity', '=', 'host:wks-023')
      .execute();
    await eventually(async () => ((await isolation(run.id))?.waiting_on === 'lock' ? true : undefined), 'the run to find the lock taken');
    expect(await onHost('wks-023')).toEqual([]);
    await world.faults([]);
    // The other gives it back; then it is this run's turn again.
    await giveLock(world.store.db, other.fence);
    world.store.wake('outbox');
    await world.approval(run.id, 'question');
    expect(await onHost('wks-023')).toEqual(['isolate wks-023']);
  });
});

describe('a product that is slow to be read', () => {
  it('is contained all the same: what reading took is not missing when it is changed', async () => {
    await world.faults([{ product: 'edr', effect: 'read', target: 'wks-024', delayMs: 1_400 }]);
    const run = await malwareOn('wks-024');
    await approve(run.id);
    await world.approval(run.id, 'question');
    await world.faults([]);
    expect(await isolation(run.id)).toMatchObject({ outcome: 'changed', attempts: 1 });
    expect(await onHost('wks-024')).toEqual(['isolate wks-024']);
  });
});
