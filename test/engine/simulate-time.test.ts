// Time in a simulation that is not the playbook's own: holds that end, people who are asked later, products that are away under one decision.
import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Script, Simulation } from '../../engine/simulation/simulation.ts';
import type { ScenarioAct, ScenarioAnswer } from '../../language/scenario.ts';
import { approval, ask, disable, GIVEN, group, planOf, undo, wait } from './plans.ts';

const answer = (more: Partial<ScenarioAnswer>): ScenarioAnswer => ({ output: {}, fails: 0, takesMs: 0, undo: 'works', ...more });
const act = (does: ScenarioAct['does'], step: string, more: Partial<ScenarioAct> = {}): ScenarioAct => ({ does, step, by: 'Ann', ...more });
const script = (more: Partial<Script> = {}): Script => ({ answers: {}, people: [], ...more });

/** "120000 contain asked" … */
const told = (simulation: Simulation) => simulation.happenings.map(({ atMs, step, what }) => `${atMs} ${step} ${what}`);

describe('a simulation', () => {
  it('a hold that ends by itself ends within the run, and one that ends with a question stays', () => {
    const steps = (then: 'ask' | 'release') =>
      planOf([disable('a', { hold: { forMs: 3_600_000, then } }), wait('rest', { forMs: 7_200_000 }), disable('again')]);
    const released = simulate(steps('release'), GIVEN, script());
    expect(told(released)).toEqual(['0 a changed', '0 rest waits', '3600000 a undone', '7200000 rest done', '7200000 again changed']);
    expect(released).toMatchObject({ undone: [{ step: 'a' }], held: [{ step: 'again' }] });
    expect(told(simulate(steps('ask'), GIVEN, script()))).toEqual([
      '0 a changed',
      '0 rest waits',
      '7200000 rest done',
      '7200000 again already',
    ]);
    const stuck = simulate(steps('release'), GIVEN, script({ answers: { a: answer({ undo: 'fails' }) } }));
    expect(told(stuck)).toContain('3600000 a not-undone');
    const before = planOf([
      disable('a', { hold: { forMs: 3_600_000, then: 'release' } }),
      undo('back'),
      wait('rest', { forMs: 7_200_000 }),
    ]);
    expect(told(simulate(before, GIVEN, script())).filter((line) => line.endsWith('undone'))).toEqual(['0 a undone']);
  });

  it('so does a hold of what could not be read back in time, from when it was given up', () => {
    const plan = planOf([
      disable('a', { hold: { forMs: 3_600_000, then: 'release' }, onError: 'continue' }),
      wait('rest', { forMs: 7_200_000 }),
    ]);
    const slow = (takesMs: number) => simulate(plan, GIVEN, script({ answers: { a: answer({ takesMs }) } }));
    const landed = slow(60_000);
    expect(told(landed)).toEqual(['5000 a unverified', '5000 rest waits', '3605000 a undone', '7205000 rest done']);
    expect(landed).toMatchObject({ undone: [{ step: 'a' }], held: [] });
    // It was never in force while it was held: nothing is sent.
    expect(slow(86_400_000)).toMatchObject({ undone: [], held: [] });
  });

  it('an approval that is put to one person is given by nobody else, until it is escalated', () => {
    const by = { person: { lit: 'ada' }, count: 1 };
    const plan = planOf([
      disable('a', { approve: approval({ by, escalate: { afterMs: 600_000, to: { role: 'admin' } } }), onDenied: 'continue' }),
    ]);
    const said = (by_: string, afterMs: number) => simulate(plan, GIVEN, script({ people: [act('approve', 'a', { by: by_, afterMs })] }));
    expect(said('ada', 0)).toMatchObject({ problems: [], results: { a: { outcome: 'changed', by: 'ada' } } });
    expect(said('ben', 700_000)).toMatchObject({ problems: [], results: { a: { outcome: 'changed', by: 'ben' } } });
    expect(said('ben', 0)).toMatchObject({
      performed: [],
      results: { a: { outcome: 'expired' } },
      problems: ['approve: a (by ben): asked was ada, and nobody else'],
    });
  });

  it('such an approval is denied by anybody, and such a question is not answered with a denial', () => {
    const plan = planOf([disable('a', { approve: approval({ by: { person: { lit: 'ada' }, count: 1 } }), onDenied: 'continue' })]);
    expect(simulate(plan, GIVEN, script({ people: [act('deny', 'a', { by: 'ben' })] }))).toMatchObject({
      problems: [],
      performed: [],
      results: { a: { outcome: 'denied', by: 'ben' } },
    });
    const asks = planOf([ask('q', { to: { person: { lit: 'ada' } } })]);
    expect(simulate(asks, GIVEN, script({ people: [act('deny', 'q', { by: 'ben' })] })).problems).toEqual([
      'deny: q (by ben): asked was ada, and nobody else',
    ]);
  });

  describe('one decision over several effects, of which a product is away', () => {
    const plan = planOf([
      group('g', [disable('a'), disable('b', { with: { user: { lit: 'ben' } } })], {
        approve: approval({ withinMs: 7_200_000 }),
        onDenied: 'continue',
        onError: 'continue',
      }),
    ]);
    const away = (a: number, b?: number) => ({ a: answer({ awayMs: a }), ...(b === undefined ? {} : { b: answer({ awayMs: b }) }) });
    const yes = [act('approve', 'g'), act('approve', 'a')];

    it('is put to people when it is back', () => {
      const simulation = simulate(plan, GIVEN, script({ answers: away(30_000), people: yes.slice(0, 1) }));
      expect(told(simulation)).toEqual([
        '0 g waits',
        '30000 g asked',
        '30000 g approved',
        '30000 a changed',
        '30000 b changed',
        '30000 g done',
      ]);
    });

    it('is put to them after a minute about what can be seen; the other asks for itself', () => {
      const simulation = simulate(plan, GIVEN, script({ answers: away(180_000), people: yes }));
      expect(told(simulation)).toEqual([
        '0 g waits',
        '60000 g asked',
        '60000 g approved',
        '60000 a waits',
        '180000 a asked',
        '180000 a approved',
        '180000 a changed',
        '180000 b changed',
        '180000 g done',
      ]);
      const asked = simulation.happenings.find(({ step, what }) => step === 'g' && what === 'asked');
      expect(asked?.covers?.map(({ step }) => step)).toEqual(['b']);
    });

    it('fails where nothing can be seen for as long as an effect would wait', () => {
      const simulation = simulate(plan, GIVEN, script({ answers: away(86_400_000, 86_400_000) }));
      expect(told(simulation)).toEqual(['0 g waits', '900000 g failed']);
      expect(simulation.performed).toEqual([]);
    });

    it('is wanted no more when the run is cancelled', () => {
      const people = [act('cancel', 'run', { atMs: 1000 })];
      expect(told(simulate(plan, GIVEN, script({ answers: away(180_000), people })))).toEqual(['0 g waits', '1000 g cancelled']);
    });
  });
});
