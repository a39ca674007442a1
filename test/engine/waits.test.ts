import { describe, expect, it } from '@jest/globals';
import { reissue } from '../../engine/reissue.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import {
  disable,
  ended,
  forEach,
  GIVEN,
  given,
  hear,
  hearAll,
  lookUp,
  outcomes,
  parallel,
  planOf,
  repeat,
  set,
  start,
  undo,
  wait,
  when,
} from './plans.ts';

const NOTHING = { answers: {}, people: [] };

describe('wait', () => {
  it('for a time, then goes on', () => {
    const plan = planOf([wait('a', { forMs: 5000 }), lookUp('b')]);
    const first = start(plan);
    expect(first.commands).toEqual([{ kind: 'wait', key: 'a', id: 'a', on: { forMs: 5000 } }]);
    expect(given(hear(plan, first, ended('a', 'done')))).toEqual(['perform b']);
  });

  it.each([
    ['2026-05-04T08:00:00Z', 1_777_881_600_000],
    ['2026-05-04T10:00:00.5+02:00', 1_777_881_600_500],
    ['2024-02-29T23:59:59Z', 1_709_251_199_000],
    ['1969-12-31T23:00:00-01:00', 0],
  ])('until %s', (text, untilMs) => {
    expect(start(planOf([wait('a', { until: { lit: text } })])).commands).toMatchObject([{ on: { untilMs } }]);
  });

  it.each(['tomorrow', '2026-02-30T00:00:00Z', '', '2026-05-04T25:00:00Z'])('%s is no instant, and the step fails', (text) => {
    expect(start(planOf([wait('a', { until: { lit: text } })])).finish).toMatchObject({
      state: 'failed',
      error: { code: 'INSTANT_INVALID' },
    });
  });

  it('an event that does not come in time is for on_denied', () => {
    const plan = planOf([wait('a', { event: 'reimaged', withinMs: 1000 }, { onDenied: [lookUp('b')] })]);
    expect(given(hear(plan, start(plan), ended('a', 'expired')))).toEqual(['perform b']);
  });

  it('a hundred of them over ninety days take no time to simulate', () => {
    const day = 86_400_000;
    const plan = planOf(Array.from({ length: 100 }, (_, index) => wait(`w${index}`, { forMs: 0.9 * day })));
    const run = simulate(plan, GIVEN, NOTHING);
    expect(run.finish?.state).toBe('completed');
    expect(run.endMs).toBe(90 * day);
    expect(run.happenings.filter(({ what }) => what === 'done')).toHaveLength(100);
  });

  it('simulated until an instant, from the simulated start', () => {
    const plan = planOf([wait('a', { until: { lit: '2026-01-03T00:00:00Z' } }), wait('past', { until: { lit: '2020-01-01T00:00:00Z' } })]);
    expect(simulate(plan, GIVEN, NOTHING).endMs).toBe(2 * 86_400_000);
  });

  it('simulated people signal the event, and what they say is the answer', () => {
    const plan = planOf([wait('a', { event: 'reimaged', withinMs: 3_600_000 }), when('b', "steps.a.answer == 'ok'", [lookUp('c')])]);
    const people = [{ does: 'signal', step: 'a', with: 'ok', afterMs: 60_000, by: 'Ann' }] as const;
    const run = simulate(plan, GIVEN, { answers: {}, people });
    expect(run.results.c?.outcome).toBe('read');
    expect(simulate(plan, GIVEN, NOTHING)).toMatchObject({ endMs: 3_600_000, finish: { outcome: 'denied' } });
  });

  const signal = (step: string, more = {}) => ({ does: 'signal', step, by: 'Ann', ...more }) as const;
  const happened = ({ happenings }: ReturnType<typeof simulate>) => happenings.map(({ atMs, key, what }) => `${atMs} ${key} ${what}`);
  const reimaged = { event: 'reimaged', withinMs: 3_600_000 };

  it('a simulated event is used by one wait: of three that wait at once, two are not answered', () => {
    const three = forEach('l', { lit: ['a', 'b', 'c'] }, [wait('w', reimaged, { onDenied: 'continue' })], { atOnce: 3 });
    const run = simulate(planOf([three]), GIVEN, { answers: {}, people: [signal('w', { atMs: 60_000 })] });
    expect(run.results.l?.counts).toMatchObject({ answered: 1, expired: 2 });
    expect(run.problems).toEqual([]);
    const twice = simulate(planOf([three]), GIVEN, { answers: {}, people: [signal('w'), signal('w', { afterMs: 60_000 })] });
    expect(twice.results.l?.counts).toMatchObject({ answered: 2, expired: 1 });
  });

  it('a simulated event that comes before the wait counts, and has its own time', () => {
    const plan = planOf([wait('first', { forMs: 5000 }), wait('a', reimaged)]);
    const run = simulate(plan, GIVEN, { answers: {}, people: [signal('a', { atMs: 1000, with: 'ok' })] });
    expect(happened(run)).toEqual(['0 first waits', '5000 first done', '5000 a answered']);
    expect(run).toMatchObject({ problems: [], results: { a: { answer: 'ok', by: 'Ann', at: '2026-01-01T00:00:01.000Z' } } });
  });

  it('a simulated event belongs to the run: whichever wait of its name was first has it', () => {
    const plan = planOf([parallel('both', 'all', [[wait('a', reimaged)], [wait('b', reimaged, { onDenied: 'continue' })]])]);
    const run = simulate(plan, GIVEN, { answers: {}, people: [signal('b', { atMs: 1000 })] });
    expect(run.results).toMatchObject({ a: { outcome: 'answered' } });
    expect(happened(run)).toContain('3600000 b expired');
    expect(run.results.b?.error).toMatchObject({ code: 'EVENT_EXPIRED' });
  });

  it('of several simulated events each turn of a loop has the next, and its time is counted from that turn', () => {
    const three = forEach('l', { lit: ['a', 'b', 'c'] }, [wait('w', reimaged, { onDenied: 'continue' })]);
    const people = [signal('w', { afterMs: 60_000 }), signal('w', { afterMs: 60_000 }), signal('w#2', { afterMs: 5_000 })];
    const { happenings } = simulate(planOf([three]), GIVEN, { answers: {}, people });
    expect(happenings.filter(({ what }) => what === 'answered').map(({ key, atMs }) => `${key} ${atMs}`)).toEqual([
      'w#0 60000',
      'w#1 120000',
      'w#2 125000',
    ]);
  });

  it('a simulated event that comes too late is ignored; one that nothing ever waits for is a problem of the script', () => {
    const plan = planOf([wait('a', reimaged, { onDenied: 'continue' }), wait('rest', { forMs: 7_200_000 })]);
    const late = simulate(plan, GIVEN, { answers: {}, people: [signal('a', { atMs: 3_700_000 })] });
    expect(happened(late)).toEqual(['0 a waits', '3600000 a expired', '3600000 rest waits', '3700000 a ignored', '10800000 rest done']);
    expect(late.problems).toEqual([]);
    const idle = planOf([when('if', 'false', [wait('a', reimaged)]), lookUp('b')]);
    const people = [signal('a'), signal('b'), { ...signal('a'), does: 'approve' }] as const;
    expect(simulate(idle, GIVEN, { answers: {}, people }).problems).toEqual([
      'signal: a (by Ann): nothing has waited for it',
      'signal: b (by Ann): b waits for no event',
      'approve: a (by Ann): a waits for the event reimaged',
    ]);
  });
});

describe('repeat', () => {
  const poll = (more = {}) =>
    planOf([repeat('poll', 'steps.look.score > 50', [lookUp('look')], more), disable('after', { when: 'steps.look.score == 60' })]);
  const score = (key: string, value: number) => ended(key, 'read', { output: { score: value } });

  it('does the steps, rests, and does them again until it is true; the last turn can be read afterwards', () => {
    const plan = poll();
    const first = start(plan);
    expect(given(first)).toEqual(['wait poll#for~', 'perform look#0']);
    const resting = hear(plan, first, score('look#0', 1));
    expect(resting.commands).toMatchObject([{ kind: 'wait', key: 'poll#0~', on: { forMs: 60_000 } }]);
    const second = hear(plan, resting, ended('poll#0~', 'done'));
    expect(given(second)).toEqual(['perform look#1']);
    const closing = hear(plan, second, score('look#1', 60));
    expect(given(closing)).toEqual(['cancel poll#for~']);
    const after = hear(plan, closing, ended('poll#for~', 'cancelled'));
    expect(given(after)).toEqual(['perform after']);
    expect(after.state.results).toMatchObject({ poll: { outcome: 'done', counts: { turns: 2 } }, look: { output: { score: 60 } } });
    expect(Object.keys(after.state.results).toSorted()).toEqual(['look', 'poll']);
  });

  it('has failed when its time is over while it rests', () => {
    const plan = poll();
    const over = hearAll(plan, start(plan), [score('look#0', 1), ended('poll#for~', 'done')]);
    expect(given(over)).toEqual(['cancel poll#0~']);
    const last = hear(plan, over, ended('poll#0~', 'cancelled'));
    expect(last.finish).toMatchObject({ state: 'failed', error: { code: 'REPEAT_OVER', step: 'poll' } });
  });

  it('lets the turn under way end when its time is over, and believes what it found', () => {
    const plan = poll();
    const over = hear(plan, start(plan), ended('poll#for~', 'done'));
    expect(over.commands).toEqual([]);
    expect(given(hear(plan, over, score('look#0', 60)))).toEqual(['perform after']);
    expect(hear(plan, over, score('look#0', 1)).finish).toMatchObject({ error: { code: 'REPEAT_OVER' } });
  });

  it('ends with the failure of a turn', () => {
    const plan = poll();
    const closing = hear(plan, start(plan), ended('look#0', 'failed'));
    expect(hear(plan, closing, ended('poll#for~', 'cancelled')).finish).toMatchObject({ state: 'failed', error: { step: 'look' } });
  });

  it('its steps are skipped where it is skipped, so that their defaults can be read', () => {
    const plan = planOf([
      repeat('poll', 'true', [lookUp('look', { default: { score: 7 } })], { when: 'false' }),
      disable('after', { when: 'steps.look.score == 7 && steps.poll.counts.turns == 0' }),
    ]);
    expect(given(start(plan))).toEqual(['perform after']);
  });

  it('an undo of its step takes back every turn', () => {
    const plan = planOf([repeat('poll', 'true', [disable('off')]), undo('back', ['off'])]);
    const last = hearAll(plan, start(plan), [ended('off#0', 'changed'), ended('poll#for~', 'cancelled')]);
    expect(last.commands).toMatchObject([{ kind: 'undo', steps: ['off#*'] }]);
  });

  it('a branch that has lost takes its timers with it', () => {
    const plan = planOf([parallel('race', 'any', [[repeat('poll', 'false', [lookUp('look')])], [lookUp('fast')]])]);
    const won = hearAll(plan, start(plan), [ended('look#0', 'read'), ended('fast', 'read')]);
    expect(given(won)).toEqual(['cancel poll#for~', 'cancel poll#0~']);
    const last = hearAll(plan, won, [ended('poll#for~', 'cancelled'), ended('poll#0~', 'cancelled')]);
    expect(last.finish?.state).toBe('completed');
    expect(outcomes(last)).not.toHaveProperty(['poll#for~']);
  });

  it('goes on after continue-as-new with what is under way', () => {
    const plan = poll();
    const resting = hear(plan, start(plan), score('look#0', 1));
    const state = JSON.parse(JSON.stringify(resting.state));
    expect(reissue(state).map((command) => ('key' in command ? command.key : ''))).toEqual(['poll#for~', 'poll#0~']);
    expect(given(hear(plan, state, ended('poll#0~', 'done')))).toEqual(['perform look#1']);
  });

  it('is simulated in its own time, and polled ten thousand times remembers one turn', () => {
    const count = set('count', { n: { cel: 'vars.n + 1' } });
    const plan = planOf([repeat('poll', 'vars.n == 10000', [count], { everyMs: 1000, forMs: 100_000_000 })], { vars: { n: 0 } });
    const run = simulate(plan, GIVEN, NOTHING);
    expect(run.endMs).toBe(9_999_000);
    expect(run.finish?.state).toBe('completed');
    expect(run.results.poll?.counts).toEqual({ turns: 10_000 });
  });
});
