import { describe, expect, it } from '@jest/globals';
import { runScenarios } from '../../cli/run-scenarios.ts';

const text = `playbook: review
title: A review
owner: tests
inputs: { days: { type: number } }
triggers:
  - schedule: { cron: "0 8 1 1,4,7,10 *", timezone: Europe/Vienna }
    with: { days: 90 }
steps:
  - id: ask
    ask: { to: { role: analyst }, title: "Since \${{ inputs.days }} days?", choices: [keep, remove], within: 14d, remind: [7d], else: remove }
`;
const run = (scenario: string, cron = '0 8 1 1,4,7,10 *') =>
  runScenarios({
    beside: [],
    playbook: { file: 'playbook.yaml', text: text.replace('0 8 1 1,4,7,10 *', cron) },
    scenarios: [{ file: 'one.yaml', text: `scenario: One\n${scenario}` }],
  }).scenarios[0];

describe('a scenario of a schedule', () => {
  it('starts at a time of its own clock, and goes on in simulated time', () => {
    const done = run(
      'schedule: 2026-04-01T08:00\nexpect: [{ ask: asked, at: 0s }, { ask: reminded, at: 7d }, { ask: answered, at: 14d }]\noutcome: completed\n',
    );
    expect(done?.diagnostics).toEqual([]);
    expect(done).toMatchObject({ ok: true });
  });

  it('at a time at which it does not come round does not start', () => {
    expect(run('schedule: 2026-05-01T08:00\noutcome: completed\n')).toMatchObject({
      ok: false,
      comparison: { faults: [{ message: expect.stringContaining('no schedule comes round at 2026-05-01T08:00') }] },
    });
    expect(run('schedule: 2026-05-01T08:00\noutcome: not-started\n')).toMatchObject({ ok: true });
  });

  it('an hour that the clocks leave out does not start it; one that they show twice does', () => {
    expect(run('schedule: 2026-03-29T02:30\noutcome: completed\n', '30 2 * * *')).toMatchObject({
      ok: false,
      comparison: { faults: [{ message: expect.stringContaining('there is no 2026-03-29T02:30 in Europe/Vienna') }] },
    });
    for (const local of ['2026-03-28T02:30', '2026-03-30T02:30', '2026-10-25T02:30'])
      expect(run(`schedule: ${local}\noutcome: completed\n`, '30 2 * * *')).toMatchObject({ ok: true });
  });

  it('names a time as a wall clock shows it', () => {
    expect(run('schedule: soon\noutcome: completed\n')?.diagnostics[0]?.message).toContain('2026-01-01T08:00');
  });
});
