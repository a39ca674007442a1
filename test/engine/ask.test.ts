import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { AskStep, Json } from '../../language/plan.ts';
import type { ScenarioAct } from '../../language/scenario.ts';
import { ask, ended, GIVEN, given, hear, lookUp, planOf, start } from './plans.ts';

const eve = { id: 'user-007', name: 'Eve Adams' };
const ben = { id: 'user-008', name: 'Ben Ash' };
const given_ = (inputs: Readonly<Record<string, Json>>) => ({ ...GIVEN, inputs });
const question = (more: Partial<AskStep>): AskStep => {
  const { choices: _, ...rest } = ask('q');
  return { ...rest, ...more };
};
const formAsk = (more: Partial<AskStep> = {}) =>
  question({
    form: [
      { name: 'user', type: 'user', label: 'Who', optional: false, default: { cel: 'inputs.who' } },
      { name: 'days', type: 'number', label: 'Days', optional: false, min: 1, max: 30 },
    ],
    else: { days: { lit: 7 } },
    ...more,
  });
const rowsAsk = question({ rows: { of: { cel: 'inputs.people' }, choices: ['keep', 'remove'] }, else: 'remove' });
const idsOf = (next: ReturnType<typeof start>): readonly string[] => {
  const [command] = next.commands;
  return command?.kind === 'ask' && 'rows' in command ? command.rows.items.map(({ id }) => id) : [];
};

describe('a form', () => {
  const inputs = given_({ who: 'eve' });

  it('is asked with its defaults rendered, and gives later steps the values', () => {
    const plan = planOf([formAsk(), lookUp('a', { when: "steps.q.answer.user == 'ben' && steps.q.answer.days == 3" })]);
    const asked = start(plan, inputs);
    expect(asked.commands).toMatchObject([{ kind: 'ask', form: [{ default: 'eve' }, { name: 'days' }], else: { user: 'eve', days: 7 } }]);
    expect(given(hear(plan, asked, ended('q', 'answered', { answer: { user: 'ben', days: 3 }, by: 'Ann' })))).toEqual(['perform a']);
  });

  it('is filled by silence with `else`, and with defaults where that says nothing', () => {
    const plan = planOf([formAsk()]);
    const silent = hear(plan, start(plan, inputs), ended('q', 'expired'));
    expect(silent.state.results.q).toMatchObject({ outcome: 'answered', answer: { user: 'eve', days: 7 } });
    expect(silent.state.results.q).not.toHaveProperty('by');
  });

  it('keeps what was asked, also over continue-as-new', () => {
    const plan = planOf([formAsk()]);
    const asked = start(plan, inputs);
    const later = { ...JSON.parse(JSON.stringify(asked.state)), given: given_({ who: 'somebody else' }) };
    expect(hear(plan, { ...asked, state: later }.state, ended('q', 'expired')).state.results.q).toMatchObject({ answer: { user: 'eve' } });
  });

  it.each([{ user: 'ben', days: 31 }, { user: 'ben' }, { user: 'ben', days: 3, extra: true }, 'text', null])(
    'does not take %j, whoever sent it',
    (answer) => {
      const plan = planOf([formAsk()]);
      expect(hear(plan, start(plan, inputs), ended('q', 'answered', { answer })).finish?.error?.code).toBe('ANSWER_UNKNOWN');
    },
  );

  it('asks nobody where silence would not fill it', () => {
    const plan = planOf([formAsk({ else: { days: { cel: 'inputs.many' } } })]);
    const next = start(plan, given_({ who: 'eve', many: 99 }));
    expect(next.finish?.error).toMatchObject({ code: 'FORM_ELSE', message: expect.stringContaining('days') });
    expect(given(next)).toEqual([]);
  });

  it('stands empty where its default does not fit', () => {
    const plan = planOf([formAsk({ else: { user: { lit: 'nobody' }, days: { lit: 7 } } })]);
    const [command] = start(plan, given_({ who: 'eve\u202e' })).commands;
    expect(command).toMatchObject({ kind: 'ask' });
    expect(JSON.stringify(command)).not.toContain('default');
  });
});

describe('rows', () => {
  const inputs = given_({ people: [eve, ben] });

  it('give one answer for each item, in the list’s order', () => {
    const plan = planOf([rowsAsk, lookUp('a', { when: "steps.q.rows.filter(r, r.answer == 'remove').map(r, r.of.name) == ['Ben Ash']" })]);
    const asked = start(plan, inputs);
    const [first = '', second = ''] = idsOf(asked);
    const heard = hear(plan, asked, ended('q', 'answered', { answer: { [second]: 'remove', [first]: 'keep' } }));
    expect(heard.state.results.q).toMatchObject({
      rows: [
        { of: eve, answer: 'keep' },
        { of: ben, answer: 'remove' },
      ],
    });
    expect(given(heard)).toEqual(['perform a']);
  });

  it('are all answered by silence with `else`', () => {
    const plan = planOf([rowsAsk]);
    const silent = hear(plan, start(plan, inputs), ended('q', 'expired'));
    expect(silent.state.results.q).toMatchObject({ outcome: 'answered', rows: [{ answer: 'remove' }, { answer: 'remove' }] });
  });

  it('of another list, too few or too many are not taken', () => {
    const plan = planOf([rowsAsk]);
    const [first = ''] = idsOf(start(plan, inputs));
    const [other = ''] = idsOf(start(plan, given_({ people: [{ ...eve, name: 'Eve Changed' }] })));
    for (const answer of [{ [first]: 'remove' }, { [other]: 'remove', [first]: 'keep' }, ['remove', 'keep']]) {
      expect(hear(plan, start(plan, inputs), ended('q', 'answered', { answer })).finish?.error?.code).toBe('ANSWER_UNKNOWN');
    }
  });

  it('of an empty list ask nobody', () => {
    const plan = planOf([rowsAsk, lookUp('a', { when: 'size(steps.q.rows) == 0' })]);
    expect(given(start(plan, given_({ people: [] })))).toEqual(['perform a']);
  });

  it.each([
    ['something else than a list', 'eve', 'ROWS_INVALID'],
    ['1001 rows', Array.from({ length: 1001 }, (_, index) => index), 'ROWS_TOO_MANY'],
    ['more than anybody looks through', [{ name: 'x'.repeat(500_000) }], 'ASK_TOO_LARGE'],
  ])('cannot be %s', (_, people, code) => {
    expect(start(planOf([rowsAsk]), given_({ people })).finish?.error?.code).toBe(code);
  });
});

describe('in a scenario', () => {
  const act = (given: ScenarioAct['with'], more: Partial<ScenarioAct> = {}): ScenarioAct => ({
    does: 'answer',
    step: 'q',
    by: 'a person',
    anybody: true,
    ...(given === undefined ? {} : { with: given }),
    ...more,
  });
  const run = (step: AskStep, people: readonly ScenarioAct[]) =>
    simulate(planOf([step]), given_({ who: 'eve', people: [eve, ben] }), { answers: {}, people });

  it('rows are answered by name, all others with *', () => {
    const done = run(rowsAsk, [act({ '*': 'keep', 'Ben Ash': 'remove' })]);
    expect(done.problems).toEqual([]);
    expect(done.results.q?.rows?.map(({ answer }) => answer)).toEqual(['keep', 'remove']);
  });

  it('a form is filled in, and what does not fit is a fault of the scenario', () => {
    expect(run(formAsk(), [act({ user: 'ben', days: 3 })]).results.q?.answer).toEqual({ user: 'ben', days: 3 });
    expect(run(formAsk(), [act({ user: 'ben' })]).problems).toEqual([expect.stringContaining('days must be filled in')]);
  });

  it('a question to one person is not answered by another', () => {
    const toEve = { ...rowsAsk, to: { person: { lit: 'eve' } } };
    const byBen = run(toEve, [act('keep', { by: 'ben', anybody: undefined as never })]);
    expect(byBen.results.q?.rows?.map(({ answer }) => answer)).toEqual(['remove', 'remove']);
    expect(byBen.problems).toEqual([expect.stringContaining('asked was eve, and nobody else')]);
    expect(run(toEve, [act('keep', { by: 'eve' })]).results.q).toMatchObject({ by: 'eve' });
  });
});
