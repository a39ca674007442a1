import { describe, expect, it } from '@jest/globals';
import { apply } from '../../engine/apply.ts';
import { next } from '../../engine/next.ts';
import { reissue } from '../../engine/reissue.ts';
import {
  approval,
  ask,
  disable,
  ended,
  GIVEN,
  given,
  group,
  hear,
  hearAll,
  lookUp,
  outcomes,
  planOf,
  set,
  start,
  stop,
  undo,
  when,
} from './plans.ts';

describe('a list of steps', () => {
  it('gives out one step at a time, in order, and completes after the last', () => {
    const plan = planOf([lookUp('a'), disable('b')]);
    const first = start(plan);
    expect(given(first)).toEqual(['perform a']);
    const second = hear(plan, first, ended('a', 'read'));
    expect(given(second)).toEqual(['perform b']);
    const last = hear(plan, second, ended('b', 'changed'));
    expect(last.finish).toEqual({ state: 'completed', outcome: 'completed' });
    expect(outcomes(last)).toEqual({ a: 'read', b: 'changed' });
  });

  it('completes at once where there is nothing to do', () => {
    expect(start(planOf([])).finish?.state).toBe('completed');
  });

  it('gives nothing out a second time, however often it is asked', () => {
    const plan = planOf([lookUp('a')]);
    const first = start(plan);
    const again = hear(plan, first, ended('nobody', 'read'));
    expect(again.commands).toEqual([]);
    expect(again.state.open).toEqual(first.state.open);
  });

  it('takes the first end of a step only: a late second one changes nothing', () => {
    const plan = planOf([lookUp('a'), lookUp('b')]);
    const second = hear(plan, start(plan), ended('a', 'read', { output: { score: 1 } }));
    const late = hear(plan, second, ended('a', 'failed'));
    expect(late.state.results.a).toEqual({ outcome: 'read', output: { score: 1 } });
    expect(late.commands).toEqual([]);
  });

  it('does not change the state that it was given', () => {
    const plan = planOf([lookUp('a'), disable('b')]);
    const first = start(plan);
    const text = JSON.stringify(first.state);
    hear(plan, first, ended('a', 'read'));
    expect(JSON.stringify(first.state)).toBe(text);
  });

  it('goes on from its own JSON, as after continue-as-new', () => {
    const plan = planOf([group('g', [disable('a'), disable('b')], { approve: approval() })]);
    const asked = start(plan);
    const back = JSON.parse(JSON.stringify(asked.state));
    expect(reissue(back)).toEqual(asked.commands);
    expect(given(hear(plan, back, ended('g', 'answered')))).toEqual(['perform a']);
  });

  it('keeps steps apart that are called like members of Object', () => {
    const plan = planOf([lookUp('constructor'), lookUp('toString', { when: "steps.constructor.outcome == 'read'" })]);
    const back = JSON.parse(JSON.stringify(start(plan).state));
    expect(given(hear(plan, back, ended('constructor', 'read')))).toEqual(['perform toString']);
  });
});

describe('a guard', () => {
  it('skips the step when it is false, and its default can be read', () => {
    const plan = planOf([lookUp('a', { when: 'inputs.ip != null', default: { score: 0 } }), lookUp('b', { when: 'steps.a.score == 0' })]);
    const first = start(plan);
    expect(first.state.results.a).toEqual({ outcome: 'skipped', output: { score: 0 } });
    expect(given(first)).toEqual(['perform b']);
  });

  it('fails the step when it cannot be evaluated', () => {
    const finish = start(planOf([lookUp('a', { when: 'steps.nobody.score > 1' })])).finish;
    expect(finish?.state).toBe('failed');
    expect(finish?.error).toMatchObject({ step: 'a' });
  });

  it('fails the step when it gives something else than true or false', () => {
    expect(start(planOf([lookUp('a', { when: '1 + 1' })])).finish?.error?.code).toBe('NOT_BOOLEAN');
  });

  it('is asked once: what changes later does not undo the choice', () => {
    const plan = planOf(
      [set('one', { n: { lit: 1 } }), group('g', [set('two', { n: { lit: 2 } }), lookUp('a')], { when: 'vars.n == 1' })],
      { vars: { n: 0 } },
    );
    const first = start(plan);
    expect(given(hear(plan, first, ended('x', 'read')))).toEqual([]);
    expect(hear(plan, first, ended('a', 'read')).finish?.state).toBe('completed');
  });
});

describe('on_error and on_denied', () => {
  it.each(['failed', 'unverified', 'unknown'] as const)('%s ends the run as failed and names the step', (outcome) => {
    const plan = planOf([disable('a'), disable('b')]);
    const last = hear(plan, start(plan), ended('a', outcome, { error: { code: 'OFFLINE', message: 'is offline' } }));
    expect(last.finish).toEqual({ state: 'failed', outcome: 'failed', error: { code: 'OFFLINE', message: 'is offline', step: 'a' } });
    expect(last.commands).toEqual([]);
  });

  it.each(['denied', 'expired'] as const)('%s stops the run, and on_failure: undo does not take anything back', (outcome) => {
    const plan = planOf([disable('a'), disable('b')], { onFailure: 'undo' });
    const last = hear(plan, start(plan), ended('a', outcome));
    expect(last.finish).toMatchObject({ state: 'stopped', outcome: 'denied', error: { step: 'a' } });
    expect(last.commands).toEqual([]);
  });

  it('continue goes on, with the default as result', () => {
    const plan = planOf([lookUp('a', { onError: 'continue', default: { score: 7 } }), lookUp('b', { when: 'steps.a.score == 7' })]);
    const second = hear(plan, start(plan), ended('a', 'failed'));
    expect(given(second)).toEqual(['perform b']);
    expect(second.state.results.a).toMatchObject({ outcome: 'failed', output: { score: 7 }, error: { code: 'NOT_DONE' } });
  });

  it('steps run in the place of the failed step, then the list goes on', () => {
    const plan = planOf([disable('a', { onError: [lookUp('tell')] }), lookUp('b')]);
    const second = hear(plan, start(plan), ended('a', 'failed'));
    expect(given(second)).toEqual(['perform tell']);
    expect(given(hear(plan, second, ended('tell', 'read')))).toEqual(['perform b']);
  });

  it('steps that are not needed are skipped', () => {
    const plan = planOf([disable('a', { onError: [lookUp('tell')], onDenied: [lookUp('note')] })]);
    expect(outcomes(hear(plan, start(plan), ended('a', 'changed')))).toEqual({ a: 'changed', tell: 'skipped', note: 'skipped' });
  });

  it('a denial goes to on_denied, never to on_error', () => {
    const plan = planOf([disable('a', { onError: [lookUp('tell')], onDenied: [lookUp('note')] })]);
    expect(given(hear(plan, start(plan), ended('a', 'denied')))).toEqual(['perform note']);
  });
});

describe('do', () => {
  it('sends rendered parameters with their types, leaves out optional ones without a value, and carries hold, via and why', () => {
    const step = disable('a', {
      with: { user: { cel: 'inputs.user' } },
      hold: { until: 'released' },
      via: 'keycloak',
      why: { text: ['because of ', { cel: 'inputs.user.name' }] },
    });
    expect(start(planOf([step])).commands).toEqual([
      {
        kind: 'perform',
        item: {
          key: 'a',
          id: 'a',
          verb: 'user.disable',
          via: 'keycloak',
          params: { user: { id: 'user-007', name: 'Eve Adams' } },
          hold: { until: 'released' },
          why: 'because of Eve Adams',
        },
      },
    ]);
    const ticket = lookUp('t', { verb: 'ticket.open', with: { title: { lit: 'x' }, body: { cel: 'inputs.ip' } } });
    expect(start(planOf([ticket])).commands).toMatchObject([{ item: { params: { title: 'x' } } }]);
    expect(start(planOf([ticket])).commands[0]).not.toHaveProperty('item.params.body');
  });

  it.each([
    ['null', null, 'TARGET_MISSING'],
    ['empty text', '', 'TARGET_MISSING'],
    ['blanks', '  ', 'TARGET_MISSING'],
    ['an empty list', [], 'TARGET_MISSING'],
    ['an empty entity', {}, 'TARGET_MISSING'],
    ['an entity without a name', { id: '', name: ' ', email: null }, 'TARGET_MISSING'],
    ['an entity with nothing but attributes', { enabled: true, department: 'x' }, 'TARGET_MISSING'],
    ['a list of one', [{ id: 'user-007' }], 'TARGET_AMBIGUOUS'],
    ['true', true, 'TARGET_INVALID'],
    ['a number', 7, 'TARGET_INVALID'],
  ])('never acts on %s', (_, target, code) => {
    const last = start(planOf([disable('a', { with: { user: { lit: target } } })]));
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { code, step: 'a' } });
  });

  it.each([
    ['a part without a value', { text: ['wks-', { cel: 'null' }] }],
    ['an empty part', { text: ['wks-', { cel: "''" }] }],
    ['such a part within an entity', { map: { id: { text: ['wks-', { cel: 'null' }] } } }],
  ])('never acts on a text with %s', (_, user) => {
    const last = start(planOf([disable('a', { with: { user } })]));
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { code: 'TARGET_MISSING', step: 'a' } });
    expect(start(planOf([disable('a', { with: { user: { text: ['user-', { cel: '7' }] } } })])).commands).toHaveLength(1);
  });

  it('a thousand steps in one list are one after the other, and end', () => {
    const steps = Array.from({ length: 1_000 }, (_one, index) => lookUp(`s${index}`));
    let now = start(planOf(steps));
    for (let index = 0; index < 1_000; index++) {
      expect(now.commands).toMatchObject([{ kind: 'perform', item: { key: `s${index}` } }]);
      now = next(planOf(steps), apply(now.state, { kind: 'ended', key: `s${index}`, result: { outcome: 'read', output: {} } }));
    }
    expect(now.finish).toMatchObject({ state: 'completed' });
  });

  it('never acts when the target is not written at all, or the verb is not known', () => {
    expect(start(planOf([disable('a', { with: {} })])).finish?.error?.code).toBe('TARGET_MISSING');
    expect(start(planOf([disable('a', { verb: 'constructor' })])).finish?.error?.code).toBe('VERB_UNKNOWN');
    expect(start(planOf([lookUp('a', { verb: 'notify.message', with: { to: { lit: '#soc' } } })])).finish?.error?.code).toBe(
      'PARAM_MISSING',
    );
  });

  it('takes text as a target, to be looked up exactly', () => {
    expect(given(start(planOf([disable('a', { with: { user: { lit: 'eve' } } })])))).toEqual(['perform a']);
  });

  it('carries its approval, and needs none where unless is true', () => {
    const wish = (unless: string) => start(planOf([disable('a', { approve: approval({ unless }) })])).commands[0];
    expect(wish('inputs.user.id == "user-007"')).not.toHaveProperty('approve');
    expect(wish('inputs.user.id == "someone"')).toMatchObject({ approve: { by: { role: 'responder', count: 1 }, withinMs: 900_000 } });
  });

  it.each(['steps.nobody.score > 90', "'yes'", '1'])('asks when unless is no plain true: %s', (unless) => {
    expect(start(planOf([disable('a', { approve: approval({ unless }) })])).commands[0]).toHaveProperty('approve');
  });

  it('renders data once: an alert that holds an expression stays text', () => {
    const name = ['$', '{{ run.id }}'].join('');
    const inputs = { user: { id: 'user-007', name } };
    const step = lookUp('a', { verb: 'ticket.open', with: { title: { text: ['For ', { cel: 'inputs.user.name' }] } } });
    expect(start(planOf([step]), { ...GIVEN, inputs }).commands).toMatchObject([{ item: { params: { title: `For ${name}` } } }]);
  });
});

describe('ask', () => {
  it('gives the answer and who gave it to later steps', () => {
    const plan = planOf([ask('q'), lookUp('a', { when: "steps.q.answer == 'yes' && steps.q.by == 'Ann'" })]);
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ kind: 'ask', title: 'Is it true?', choices: ['yes', 'no'], else: 'no' }]);
    expect(given(hear(plan, asked, ended('q', 'answered', { answer: 'yes', by: 'Ann' })))).toEqual(['perform a']);
  });

  it('takes silence as what the playbook wrote under else', () => {
    const plan = planOf([ask('q'), lookUp('a', { when: "steps.q.answer == 'no'" })]);
    const second = hear(plan, start(plan), ended('q', 'expired'));
    expect(second.state.results.q).toMatchObject({ outcome: 'answered', answer: 'no' });
    expect(given(second)).toEqual(['perform a']);
  });

  it.each(['maybe', null, 7, ['yes']])('refuses an answer that is none of the choices: %j', (answer) => {
    const plan = planOf([ask('q')]);
    expect(hear(plan, start(plan), ended('q', 'answered', { answer })).finish?.error?.code).toBe('ANSWER_UNKNOWN');
  });

  it('asks a whole user by the address, else by the id', () => {
    for (const [user, person] of [
      [{ id: 'user-007', name: 'Eve', email: 'eve@example.test' }, 'eve@example.test'],
      [{ id: 'user-007', name: 'Eve' }, 'user-007'],
    ] as const) {
      const plan = planOf([set('s', { who: { lit: user } }), ask('q', { to: { person: { cel: 'vars.who' } } })]);
      expect(start(plan).commands).toMatchObject([{ kind: 'ask', to: { person } }]);
    }
  });

  it('fails where an expression names nobody to ask', () => {
    expect(start(planOf([ask('q', { to: { person: { cel: 'inputs.ip' } } })])).finish?.error?.code).toBe('PEOPLE_MISSING');
  });
});

describe('if, set and stop', () => {
  it('takes one list and skips the other, whose defaults can be read', () => {
    const plan = planOf([
      when('c', 'inputs.ip == null', [lookUp('a')], [lookUp('b', { default: { score: 3 } })]),
      lookUp('z', { when: 'steps.b.score == 3' }),
    ]);
    const first = start(plan);
    expect(given(first)).toEqual(['perform a']);
    const second = hear(plan, first, ended('a', 'read'));
    expect(outcomes(second)).toEqual({ a: 'read', b: 'skipped', c: 'done' });
    expect(given(second)).toEqual(['perform z']);
  });

  it('set renders everything before it writes anything', () => {
    const plan = planOf([set('s', { a: { cel: 'vars.b' }, b: { cel: 'vars.a' } })], { vars: { a: 1, b: 2 } });
    expect(start(plan).state.vars).toEqual({ a: 2, b: 1 });
  });

  it('set that fails writes nothing', () => {
    const plan = planOf([set('s', { a: { lit: 9 }, b: { cel: 'vars.nobody' } }, { onError: 'continue' })], { vars: { a: 1 } });
    expect(start(plan).state.vars).toEqual({ a: 1 });
  });

  it('stop ends the run with its own word, from any depth, and nothing after it runs', () => {
    const plan = planOf([
      group('g', [when('c', 'true', [stop('s', 'benign', { message: { text: ['no threat in ', { cel: 'run.id' }] } })]), lookUp('a')]),
      lookUp('b'),
    ]);
    const last = start(plan);
    expect(last.finish).toEqual({ state: 'stopped', outcome: 'benign', message: 'no threat in run_1' });
    expect(last.commands).toEqual([]);
  });

  it('an expression sees severity as a word with its number beside it', () => {
    expect(given(start(planOf([lookUp('a', { when: "run.severity == 'high' && run.severity_id >= 4" })])))).toEqual(['perform a']);
  });

  it('alert is a root only where the run has one', () => {
    const plan = planOf([lookUp('a', { when: "alert.title == 'x'" })]);
    expect(start(plan).finish?.state).toBe('failed');
    expect(given(start(plan, { ...GIVEN, alert: { title: 'x' } }))).toEqual(['perform a']);
  });
});

describe('undo', () => {
  it('asks for everything of the run, or for the named steps that did something, those inside groups too', () => {
    const steps = [group('g', [disable('a'), disable('b', { when: 'inputs.ip != null' })]), disable('c')];
    const done = [ended('a', 'changed'), ended('c', 'changed')];
    const all = planOf([...steps, undo('u')]);
    expect(hearAll(all, start(all), done).commands).toEqual([{ kind: 'undo', key: 'u', id: 'u', steps: 'all' }]);
    const named = planOf([...steps, undo('u', ['g'])]);
    expect(hearAll(named, start(named), done).commands).toMatchObject([{ kind: 'undo', steps: expect.arrayContaining(['a']) }]);
    expect(JSON.stringify(hearAll(named, start(named), done).commands)).not.toMatch(/"[bc]"/);
  });

  it('asks nobody where the named steps did nothing', () => {
    const plan = planOf([disable('a', { when: 'false' }), undo('u', ['a'])]);
    expect(start(plan).finish?.state).toBe('completed');
  });

  it('fails where something could not be taken back', () => {
    const plan = planOf([disable('a'), undo('u')]);
    expect(hearAll(plan, start(plan), [ended('a', 'changed'), ended('u', 'unverified')]).finish).toMatchObject({
      state: 'failed',
      error: { step: 'u' },
    });
  });
});
