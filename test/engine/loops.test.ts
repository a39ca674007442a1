import { describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../engine/command.ts';
import type { Next } from '../../engine/engine.ts';
import { compare } from '../../engine/simulation/compare.ts';
import { namesOf } from '../../engine/simulation/outline.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Json } from '../../language/plan.ts';
import { readScenario } from '../../language/scenario.ts';
import {
  approval,
  choose,
  disable,
  ended,
  forEach,
  GIVEN,
  given,
  hear,
  hearAll,
  keyOfCommand,
  lookUp,
  outcomes,
  planOf,
  set,
  start,
  undo,
} from './plans.ts';

const each = (id: string, more = {}) => disable(id, { with: { user: { cel: 'it' } }, ...more });
const users = (count: number) => ({ lit: Array.from({ length: count }, (_, index) => `user-${index}`) });
const countsOf = (step: Next, id: string) => step.state.results[id]?.counts;

describe('for_each', () => {
  it('does the steps for one item after the other, each with its own item', () => {
    const plan = planOf([forEach('all', users(2), [each('off'), lookUp('look')]), lookUp('after')]);
    const first = start(plan);
    expect(first.commands).toMatchObject([{ item: { key: 'off#0', params: { user: 'user-0' } } }]);
    const second = hearAll(plan, first, [ended('off#0', 'changed'), ended('look#0', 'read')]);
    expect(second.commands).toMatchObject([{ item: { key: 'off#1', params: { user: 'user-1' } } }]);
    const last = hearAll(plan, second, [ended('off#1', 'already'), ended('look#1', 'read')]);
    expect(given(last)).toEqual(['perform after']);
    expect(countsOf(last, 'all')).toMatchObject({ items: 2, changed: 1, already: 1, failed: 0, read: 0 });
  });

  it('has at most at_once turns under way', () => {
    const plan = planOf([forEach('all', users(5), [each('off')], { atOnce: 2 })]);
    const first = start(plan);
    expect(given(first)).toEqual(['perform off#0', 'perform off#1']);
    expect(given(hear(plan, first, ended('off#1', 'changed')))).toEqual(['perform off#2']);
  });

  it('gives every item its turn when one fails, and then has failed with the first of the list', () => {
    const plan = planOf([forEach('all', users(3), [each('off'), lookUp('look')], { atOnce: 3 })]);
    const last = hearAll(plan, start(plan), [
      ended('off#2', 'failed', { error: { code: 'TWO', message: 'two' } }),
      ended('off#1', 'failed', { error: { code: 'ONE', message: 'one' } }),
      ended('off#0', 'changed'),
      ended('look#0', 'read'),
    ]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { code: 'ONE', step: 'off' } });
    expect(last.state.results.all).toMatchObject({ outcome: 'failed', counts: { items: 3, changed: 1, failed: 2 } });
    expect(last.state.results.all?.output?.left).toEqual([
      { of: 'user-1', outcome: 'failed', error: 'one' },
      { of: 'user-2', outcome: 'failed', error: 'two' },
    ]);
  });

  it('ends well where the step inside goes on after its failure, and still counts it', () => {
    const plan = planOf([forEach('all', users(2), [each('off', { onError: 'continue' })])]);
    const last = hearAll(plan, start(plan), [ended('off#0', 'failed'), ended('off#1', 'changed')]);
    expect(last.finish?.state).toBe('completed');
    expect(countsOf(last, 'all')).toMatchObject({ items: 2, changed: 1, failed: 1 });
  });

  it('is denied where items were denied and none has failed', () => {
    const plan = planOf([forEach('all', users(2), [each('off')])]);
    const last = hearAll(plan, start(plan), [ended('off#0', 'denied'), ended('off#1', 'changed')]);
    expect(last.finish).toMatchObject({ state: 'stopped', outcome: 'denied' });
  });

  it('refuses a list that is longer than max before anything is done, and what is no list', () => {
    expect(start(planOf([forEach('all', users(3), [each('off')], { max: 2 })])).finish).toMatchObject({ error: { code: 'LOOP_TOO_LONG' } });
    expect(start(planOf([forEach('all', { lit: 'eve' }, [each('off')])])).finish).toMatchObject({ error: { code: 'LOOP_NOT_A_LIST' } });
  });

  it('has counts to read where it was skipped or had nothing to do', () => {
    const said = { title: { text: ['purged ', { cel: 'steps.all.counts.changed' }] } };
    const ticket = disable('ticket', { verb: 'ticket.open', with: said });
    for (const loop of [forEach('all', users(0), [each('off')]), forEach('all', users(1), [each('off')], { when: 'false' })]) {
      expect(start(planOf([loop, ticket])).commands).toMatchObject([{ item: { params: { title: 'purged 0' } } }]);
    }
  });

  it('a turn sees its own results, those of the turn around it, and those outside', () => {
    const inner = forEach('inner', { lit: ['x'] }, [
      disable('b', { when: "steps.a.score == 1 && steps.out.score == 9 && it2 == 'x' && it == 'p'", with: { user: { lit: 'eve' } } }),
    ]);
    const plan = planOf([lookUp('out'), forEach('outer', { lit: ['p', 'q'] }, [lookUp('a'), { ...inner, name: 'it2' }])]);
    const started = hear(plan, start(plan), ended('out', 'read', { output: { score: 9 } }));
    const turn = hear(plan, started, ended('a#0', 'read', { output: { score: 1 } }));
    expect(given(turn)).toEqual(['perform b#0#0']);
    const other = hear(plan, turn, ended('b#0#0', 'changed'));
    expect(hear(plan, other, ended('a#1', 'read', { output: { score: 1 } })).finish?.state).toBe('completed');
  });

  it('undo within a turn takes back that turn; outside, all turns', () => {
    const within = planOf([forEach('all', users(2), [each('off'), undo('back', ['off'])])]);
    expect(hear(within, start(within), ended('off#0', 'changed')).commands).toMatchObject([
      { kind: 'undo', key: 'back#0', steps: ['off#0'] },
    ]);
    const outside = planOf([forEach('all', users(1), [each('off')]), undo('back', ['all'])]);
    expect(hear(outside, start(outside), ended('off#0', 'changed')).commands).toMatchObject([{ kind: 'undo', steps: ['all', 'off#*'] }]);
  });

  it('a cancelled run withdraws the turns that are under way and begins no other', () => {
    const plan = planOf([forEach('all', users(4), [each('off')], { atOnce: 2 })]);
    const cancelled = hear(plan, start(plan), { kind: 'cancel-requested', by: 'Ann' });
    expect(given(cancelled)).toEqual(['cancel off#0', 'cancel off#1']);
    const last = hearAll(plan, cancelled, [ended('off#0', 'cancelled'), ended('off#1', 'changed')]);
    expect(last.finish?.state).toBe('cancelled');
  });
});

describe('one decision over a for_each', () => {
  const purge = (more = {}) => planOf([forEach('purge', users(3), [each('off', more)], { approve: approval(), atOnce: 3 })]);

  it('shows every effect of every item before any is done, and does exactly these', () => {
    const plan = purge();
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ kind: 'gate', items: [{ key: 'off#0' }, { key: 'off#1' }, { key: 'off#2' }] }]);
    const granted = hear(plan, asked, ended('purge', 'answered', { by: 'Ann' }));
    expect(granted.commands).toMatchObject([0, 1, 2].map((index) => ({ gate: 'purge', item: { key: `off#${index}` } })));
    const last = hearAll(
      plan,
      granted,
      [0, 1, 2].map((index) => ended(`off#${index}`, 'changed')),
    );
    expect(last.state.results.purge).toMatchObject({ outcome: 'done', by: 'Ann', counts: { items: 3, changed: 3 } });
    expect(Object.keys(last.state.frames)).toEqual([]);
  });

  it('leaves out what guards inside leave out', () => {
    expect(start(purge({ when: "it != 'user-1'" })).commands).toMatchObject([{ items: [{ key: 'off#0' }, { key: 'off#2' }] }]);
  });

  it('does nothing and forgets every turn when it was denied', () => {
    const plan = purge();
    const last = hear(plan, start(plan), ended('purge', 'denied'));
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ outcome: 'denied' });
    expect(Object.keys(last.state.results)).toEqual(['purge']);
  });

  it('asks nobody about more than a person can see', () => {
    const plan = planOf([forEach('purge', users(1001), [each('off')], { approve: approval() })]);
    expect(start(plan).finish).toMatchObject({ error: { code: 'LOOP_TOO_LONG' } });
  });
});

describe('ten thousand items', () => {
  const AT_ONCE = 20;
  const world = (index: number): StepResult =>
    index % 100 === 7 ? { outcome: 'failed', error: { code: 'X', message: 'no' } } : { outcome: 'changed' };

  function purge(count: number): { readonly last: Next; readonly largest: number } {
    const items: readonly Json[] = Array.from({ length: count }, (_, index) => ({ id: `user-${index}`, name: 'Eve Adams' }));
    const plan = planOf([
      lookUp('found'),
      forEach('all', { cel: 'steps.found.users' }, [each('off', { onError: 'continue' })], { atOnce: AT_ONCE }),
    ]);
    let now = hear(plan, start(plan), ended('found', 'read', { output: { users: items } }));
    let largest = 0;
    while (!now.finish) {
      const { found: _, ...rest } = now.state.results;
      largest = Math.max(largest, Object.keys(rest).length + Object.keys(now.state.frames).length + Object.keys(now.state.open).length);
      const key = Object.keys(now.state.open)[0] ?? '';
      now = hear(plan, now, { kind: 'ended', key, result: world(Number(key.split('#')[1])) });
    }
    return { last: now, largest };
  }

  it('give what ten give, and remember no more than what is under way', () => {
    const ten = purge(10);
    expect(ten.last.state.results.all?.counts).toMatchObject({ items: 10, changed: 9, failed: 1 });
    const many = purge(10_000);
    expect(many.last.state.results.all?.counts).toMatchObject({ items: 10_000, changed: 9900, failed: 100 });
    expect(many.last.finish).toEqual(ten.last.finish);
    expect(many.largest).toBeLessThan(4 * AT_ONCE);
    expect(many.last.state.results.all?.output?.left).toHaveLength(100);
  });

  it('a run that would remember too much fails with a name for it, and an effect that was done stays done', () => {
    const large = (id: string, verb: string) => disable(id, { verb, with: { user: { lit: 'eve' } }, onError: 'continue' });
    const plan = planOf([large('one', 'user.lookup'), large('two', 'user.lookup'), large('three', 'user.disable')]);
    const text = 'x'.repeat(800_000);
    const last = hearAll(plan, start(plan), [
      ended('one', 'read', { output: { text } }),
      ended('two', 'read', { output: { text } }),
      ended('three', 'changed', { output: { text } }),
    ]);
    expect(outcomes(last)).toEqual({ one: 'read', two: 'failed', three: 'changed' });
    expect(last.state.results.two?.error?.code).toBe('STATE_TOO_LARGE');
  });

  it('variables cannot grow without end', () => {
    const grow = set('grow', { text: { text: [{ cel: 'vars.text' }, { cel: 'vars.text' }] } });
    const plan = planOf([forEach('all', users(30), [grow])], { vars: { text: 'xxxxxxxx' } });
    const last = start(plan);
    expect(last.finish).toMatchObject({ error: { code: 'STATE_TOO_LARGE' } });
    expect(JSON.stringify(last.state).length).toBeLessThan(600_000);
  });
});

describe('a scenario of a loop', () => {
  const plan = planOf([forEach('all', users(3), [each('off', { onError: 'continue' })])]);
  const read = (text: string) => readScenario(`scenario: s\ninputs: {}\n${text}`, 's.yaml', namesOf(plan));

  it('names one turn by its number, and every turn without it', () => {
    const { scenario, diagnostics } = read(
      'answers: { "off#1": { outcome: failed } }\nexpect: [off: changed, "off#1": failed, "off#2"]\nheld: [off]',
    );
    expect(diagnostics).toEqual([]);
    const run = simulate(plan, GIVEN, { answers: scenario?.answers ?? {}, people: [] });
    expect(scenario && compare(scenario, run)).toMatchObject({ ok: true, faults: [] });
    expect(run.results.all?.counts).toMatchObject({ items: 3, changed: 2, failed: 1 });
  });

  it('knows no step that is not there', () => {
    expect(read('expect: ["of#1": failed]').diagnostics).toMatchObject([{ code: 'VALUE_UNKNOWN' }]);
  });
});

describe('switch', () => {
  it.each([
    ["'bad'", 'a'],
    ['1 + 1', 'b'],
    ["'neither'", 'c'],
  ])('%s takes one way', (value, key) => {
    const plan = planOf([choose('way', value, { bad: [lookUp('a')], '2': [lookUp('b')] }, [lookUp('c')])]);
    const first = start(plan);
    expect(first.commands.map(keyOfCommand)).toEqual([key]);
    const last = hear(plan, first, ended(key, 'read'));
    expect(last.state.results.way?.output?.branch).toBe({ a: 'bad', b: '2', c: 'else' }[key]);
  });

  it('does nothing where no case fits and there is no else, and fails where its expression does', () => {
    expect(start(planOf([choose('way', "'x'", { y: [lookUp('a')] })])).finish?.state).toBe('completed');
    expect(start(planOf([choose('way', 'steps.nobody.x', { y: [lookUp('a')] })])).finish?.state).toBe('failed');
  });
});
