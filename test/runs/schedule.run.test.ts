import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { pauseSchedule, readSchedules } from '../../store/schedules.ts';
import { temporalScheduleId } from '../../workflows/contract.ts';
import { ALLOWING_POLICY, playbookFolder } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbook = (name: string, overlap: string, steps: string) => `playbook: ${name}
title: By the clock
owner: tests
inputs: { user: { type: user } }
triggers:
  - schedule: { cron: "0 8 1 1,4,7,10 *", timezone: Europe/Vienna, overlap: ${overlap}, catchup: 365d }
    with: { user: user-401 }
steps:
${steps}
`;
const LOOK = '  - do: user.lookup\n    with: { user: "${{ inputs.user }}" }';
const ASK = '  - ask: { to: { role: analyst }, title: Go on?, choices: ["yes", "no"], within: 8h, else: "no" }';

let world: World;
beforeAll(async () => {
  const texts = {
    quick: playbook('quick', 'skip', LOOK),
    skips: playbook('skips', 'skip', ASK),
    buffers: playbook('buffers', 'buffer_one', ASK),
    cancels: playbook('cancels', 'cancel_other', ASK),
  };
  world = await startWorld({ playbooks: playbookFolder(texts), policy: ALLOWING_POLICY });
  await world.dispatch.schedules();
  // As if they had been there for years: the test tells of times that are past.
  await world.store.db
    .updateTable('schedules')
    .set({ since: new Date('2020-01-01') })
    .execute();
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const handle = (id: string) => world.client.schedule.getHandle(temporalScheduleId(id));
/** Temporal itself works out which times lie between. */
const comesRound = async (id: string, from: string, to: string) =>
  await handle(id).backfill({ start: new Date(from), end: new Date(to), overlap: ScheduleOverlapPolicy.ALLOW_ALL });
const ticks = async (id: string) =>
  await world.store.db.selectFrom('schedule_ticks').selectAll().where('schedule_id', '=', id).orderBy('at').execute();
const decided = async (id: string, count: number) =>
  await eventually(async () => {
    const all = (await ticks(id)).filter(({ state }) => state !== 'due');
    return all.length >= count ? all : undefined;
  }, `${count} decided times of ${id}`);

/** Quarters of the last year or so, each within the year that is caught up. */
const year = new Date().getUTCFullYear();
const quarters = [1, 4, 7, 10]
  .flatMap((month) => [year - 1, year].map((one) => new Date(Date.UTC(one, month - 1, 1, 12))))
  .filter((day) => day < new Date() && day > new Date(Date.now() - 360 * 86_400_000))
  .sort((a, b) => a.getTime() - b.getTime());
const around = (quarter: Date | undefined): [string, string] => {
  const at = quarter?.getTime() ?? 0;
  return [new Date(at - 86_400_000).toISOString(), new Date(at + 86_400_000).toISOString()];
};
const last = around(quarters.at(-1));
const before = around(quarters.at(-2));

describe('a schedule', () => {
  it('starts a run through the store at its wall clock’s time, once, however often it is told of', async () => {
    await comesRound('quick/0', ...last);
    const [tick] = await decided('quick/0', 1);
    // Eight in Vienna is six or seven in UTC.
    expect([6, 7]).toContain(tick?.at.getUTCHours());
    expect(tick).toMatchObject({ state: 'started', run_id: expect.stringMatching(/^run_/) });
    const run = await world.ended(tick?.run_id ?? '');
    expect(run).toMatchObject({ state: 'completed', started_by: 'schedule', inputs: { user: 'user-401' }, alert_id: null });
    expect(run.reason).toContain('Europe/Vienna');
    await comesRound('quick/0', ...last);
    await comesRound('quick/0', ...before);
    await eventually(async () => ((await decided('quick/0', 2)).length === 2 ? true : undefined), 'two times, not three');
    const runs = await world.store.db.selectFrom('runs').select('id').where('playbook', '=', 'quick').execute();
    expect(runs).toHaveLength(2);
  });

  it('skips a time while its run is open', async () => {
    await comesRound('skips/0', ...before);
    const [first] = await decided('skips/0', 1);
    await world.approval(first?.run_id ?? '', 'question');
    await comesRound('skips/0', ...last);
    expect((await decided('skips/0', 2)).map(({ state }) => state)).toEqual(['started', 'skipped']);
  });

  it('keeps one start until its run has ended', async () => {
    await comesRound('buffers/0', ...before);
    const [first] = await decided('buffers/0', 1);
    const question = await world.approval(first?.run_id ?? '', 'question');
    await comesRound('buffers/0', ...last);
    expect((await decided('buffers/0', 2)).at(-1)?.state).toBe('buffered');
    await world.decide(question, 'answer', { answer: 'yes' });
    const second = await eventually(
      async () => (await ticks('buffers/0')).find(({ at, state }) => at > (first?.at ?? at) && state === 'started'),
      'the start that waited',
    );
    await world.approval(second.run_id ?? '', 'question');
  });

  it('cancels the run before it, where it says so', async () => {
    await comesRound('cancels/0', ...before);
    const [first] = await decided('cancels/0', 1);
    await world.approval(first?.run_id ?? '', 'question');
    await comesRound('cancels/0', ...last);
    expect((await decided('cancels/0', 2)).map(({ state }) => state)).toEqual(['started', 'started']);
    expect(await world.ended(first?.run_id ?? '')).toMatchObject({ state: 'cancelled' });
  });

  it('is paused and goes on, is made again where Temporal has lost it, and ends with its playbook', async () => {
    const { state } = await handle('quick/0').describe();
    expect(state.paused).toBe(false);
    await pauseSchedule(world.store.db, 'quick/0', 'per_ana');
    await world.dispatch.schedules();
    expect((await handle('quick/0').describe()).state.paused).toBe(true);
    await pauseSchedule(world.store.db, 'quick/0', null);
    await handle('quick/0').delete();
    await world.dispatch.schedules();
    expect((await handle('quick/0').describe()).state.paused).toBe(false);
    await world.store.db.updateTable('playbook_versions').set({ state: 'superseded' }).where('playbook', '=', 'quick').execute();
    await world.dispatch.schedules();
    await expect(handle('quick/0').describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
    expect((await readSchedules(world.store.db)).map(({ id }) => id)).not.toContain('quick/0');
  });

  it('told of by somebody else than Cordon does nothing', async () => {
    const forged = await world.client.connection.workflowService.startWorkflowExecution({
      namespace: world.namespace,
      workflowId: 'forged',
      workflowType: { name: 'scheduledTick' },
      taskQueue: { name: 'cordon' },
      requestId: 'forged',
      input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"scheduleId":"skips/0"}') }] },
    });
    expect(forged.runId).toBeTruthy();
    await expect(world.client.workflow.getHandle('forged').result()).rejects.toThrow();
    expect(await ticks('skips/0')).toHaveLength(2);
  });
});
