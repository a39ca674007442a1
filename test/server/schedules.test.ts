import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { keepSchedule, takeTick } from '../../store/schedules.ts';
import { api, type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
});

const source = `playbook: review
title: A review
owner: tests
triggers:
  - schedule: { cron: "0 8 * * 1-5", timezone: Europe/Vienna, overlap: buffer_one }
steps:
  - do: notify.message
    with: { to: "#soc", text: Good morning }
`;

it('schedules are listed with how they last came round, paused and resumed, and that is audited', async () => {
  await api(harness, 'POST', '/playbooks', { source, path: 'review.yaml' });
  await keepSchedule(harness.store.db, { id: 'review/0', playbook: 'review', spec: 'made-up' });
  const at = new Date('2026-01-05T07:00:00Z');
  expect(await takeTick(harness.store.db, 'review/0', at)).toBe(true);
  expect(await takeTick(harness.store.db, 'review/0', at)).toBe(false);
  expect(await takeTick(harness.store.db, 'nobody/0', at)).toBe(false);
  const { items } = (await api(harness, 'GET', '/schedules')).json();
  expect(items).toMatchObject([
    {
      id: 'review/0',
      cron: '0 8 * * 1-5',
      timezone: 'Europe/Vienna',
      overlap: 'buffer_one',
      paused: false,
      last: { at: '2026-01-05T07:00:00.000Z', state: 'due' },
    },
  ]);
  expect((await api(harness, 'POST', '/schedules/review/0/pause', { reason: 'a drill' })).json()).toMatchObject({ paused: true });
  expect((await api(harness, 'POST', '/schedules/review/0/resume', {})).json()).toMatchObject({ paused: false });
  expect((await api(harness, 'POST', '/schedules/review/7/pause', {})).json().code).toBe('NOT_FOUND');
  const audit = (await api(harness, 'GET', '/audit')).json().items.map((one: { code: string }) => one.code);
  expect(audit).toEqual(expect.arrayContaining(['schedule.paused', 'schedule.resumed']));
});
