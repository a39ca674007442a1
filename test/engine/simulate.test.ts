import { describe, expect, it } from '@jest/globals';
import { isoAfter } from '../../engine/simulation/clock.ts';
import { compare } from '../../engine/simulation/compare.ts';
import { measureCoverage } from '../../engine/simulation/coverage.ts';
import { ordinaryOutput } from '../../engine/simulation/ordinary.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Judge, Script, Simulation } from '../../engine/simulation/simulation.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Expected } from '../../language/scenario/expectations.ts';
import type { Scenario, ScenarioAct, ScenarioAnswer } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import { approval, ask, disable, GIVEN, group, lookUp, parallel, planOf, tell, undo, when } from './plans.ts';

const answer = (more: Partial<ScenarioAnswer>): ScenarioAnswer => ({ output: {}, fails: 0, takesMs: 0, undo: 'works', ...more });
const act = (does: ScenarioAct['does'], step: string, more: Partial<ScenarioAct> = {}): ScenarioAct => ({ does, step, by: 'Ann', ...more });
const script = (more: Partial<Script> = {}): Script => ({ answers: {}, people: [], ...more });

/** "120000 contain asked" … */
const told = (simulation: Simulation) => simulation.happenings.map(({ atMs, step, what }) => `${atMs} ${step} ${what}`);

const contain = planOf([
  lookUp('reputation'),
  group('contain', [disable('disable')], {
    approve: approval({ remindMs: [300_000], escalate: { afterMs: 600_000, to: { oncall: 'lead' } } }),
    onDenied: 'continue',
  }),
  ask('verdict', { withinMs: 28_800_000 }),
  undo('back', 'all', { when: "steps.verdict.answer == 'no'" }),
]);

describe('a simulation', () => {
  it('tells what happens and when, people included', () => {
    const people = [act('approve', 'contain', { afterMs: 120_000 }), act('answer', 'verdict', { with: 'no', atMs: 3_600_000, by: 'Ben' })];
    const simulation = simulate(contain, GIVEN, script({ people }));
    expect(told(simulation)).toEqual([
      '0 reputation read',
      '0 contain asked',
      '120000 contain approved',
      '120000 disable changed',
      '120000 contain done',
      '120000 verdict asked',
      '3600000 verdict answered',
      '3600000 disable undone',
      '3600000 back changed',
    ]);
    expect(simulation).toMatchObject({
      finish: { outcome: 'completed' },
      endMs: 3_600_000,
      held: [],
      undone: [{ step: 'disable' }],
      problems: [],
    });
  });

  it('withdraws what waits when the time of the step is over: a late approval comes to nothing, and on_error has its turn', () => {
    const late = { approve: approval({ withinMs: 3_600_000 }), timeoutMs: 20_000, onError: [tell('told')] };
    const plan = planOf([disable('a', late), undo('back')]);
    const simulation = simulate(plan, GIVEN, script({ people: [act('approve', 'a', { atMs: 60_000 })] }));
    expect(told(simulation)).toEqual(['0 a asked', '20000 a failed', '20000 told changed', '20000 back done']);
    expect(simulation.results.a).toMatchObject({ outcome: 'failed', error: { code: 'STEP_TIMEOUT' } });
    expect(simulation.performed.map(({ step }) => step)).toEqual(['told']);
    const inTime = simulate(plan, GIVEN, script({ people: [act('approve', 'a', { atMs: 19_000 })] }));
    expect(told(inTime)).toEqual(['0 a asked', '19000 a approved', '19000 a changed', '19000 a undone', '19000 back changed']);
  });

  it('looks at what was sent and not answered when the time of the step is over: it is not there; what nobody can look at is not known', () => {
    const slow = answer({ takesMs: 4_000 });
    const hurry = { timeoutMs: 2_000, onError: 'continue' } as const;
    const plan = planOf([lookUp('read', hurry), disable('a', hurry), tell('told', hurry), disable('quick', { timeoutMs: 2_000 })]);
    const simulation = simulate(plan, GIVEN, script({ answers: { read: slow, a: slow, told: slow } }));
    expect(told(simulation)).toEqual(['2000 read failed', '4000 a failed', '6000 told unknown', '6000 quick changed']);
    expect(simulation.results.a).toMatchObject({ error: { code: 'STEP_TIMEOUT' } });
    expect(simulation.held).toMatchObject([{ step: 'quick' }]);
  });

  it('asks nobody about what is so already, since that is read before', () => {
    const plan = planOf([disable('disable', { approve: approval({}) })]);
    const simulation = simulate(plan, GIVEN, script({ answers: { disable: answer({ outcome: 'already' }) } }));
    expect(told(simulation)).toEqual(['0 disable already']);
    expect(simulation.held).toEqual([]);
  });

  it('takes silence as a no for an approval and as `else` for a question', () => {
    const simulation = simulate(contain, GIVEN, script());
    expect(told(simulation)).toEqual([
      '0 reputation read',
      '0 contain asked',
      '300000 contain reminded',
      '600000 contain escalated',
      '900000 contain denied',
      '900000 verdict asked',
      '29700000 verdict answered',
      '29700000 back done',
    ]);
    expect(simulation.performed).toMatchObject([{ step: 'reputation', verb: 'ip.reputation' }]);
  });

  it('counts different people, not clicks, and names who gave the last yes, as the ledger does', () => {
    const plan = planOf([disable('a', { approve: approval({ by: { role: 'responder', count: 2 } }) })]);
    const twice = [act('approve', 'a'), act('approve', 'a', { afterMs: 1000 })];
    expect(simulate(plan, GIVEN, script({ people: twice })).finish?.outcome).toBe('denied');
    const both = [act('approve', 'a'), act('approve', 'a', { by: 'Ben', afterMs: 1000 })];
    expect(simulate(plan, GIVEN, script({ people: both })).results.a).toMatchObject({ outcome: 'changed', by: 'Ben' });
  });

  it('ignores a decision after the decision', () => {
    const people = [act('deny', 'contain'), act('approve', 'contain', { afterMs: 1000 })];
    const simulation = simulate(contain, GIVEN, script({ people }));
    expect(told(simulation)).toContain('1000 contain ignored');
    expect(simulation.performed.map((one) => one.step)).not.toContain('disable');
  });

  it('tries again what fails, and gives up after the attempts of the step', () => {
    const plan = planOf([lookUp('a', { retry: { attempts: 2 } })]);
    const once = simulate(plan, GIVEN, script({ answers: { a: answer({ fails: 1 }) } }));
    expect(told(once)).toEqual(['0 a retried', '0 a read']);
    const twice = simulate(plan, GIVEN, script({ answers: { a: answer({ fails: 2 }) } }));
    expect(twice.finish).toMatchObject({ state: 'failed', error: { step: 'a' } });
  });

  it("prefers a step's own answer to its verb's, and lets it take its time", () => {
    const plan = planOf([lookUp('a'), lookUp('b')]);
    const answers = { 'ip.reputation': answer({ output: { score: 90 } }), b: answer({ output: { score: 5 }, takesMs: 9_000 }) };
    const simulation = simulate(plan, GIVEN, script({ answers }));
    expect(simulation.results.a?.output).toEqual({ score: 90, verdict: 'clean' });
    expect(simulation.results.b?.output?.score).toBe(5);
    expect(simulation.endMs).toBe(9_000);
  });

  it('keeps in place what may be in place, and what cannot be taken back', () => {
    const plan = planOf([disable('a', { onError: 'continue' }), disable('b'), undo('u', 'all', { onError: 'continue' })]);
    const answers = { a: answer({ outcome: 'unverified', undo: 'fails' }) };
    const simulation = simulate(plan, GIVEN, script({ answers }));
    expect(simulation).toMatchObject({ held: [{ step: 'a' }], undone: [{ step: 'b' }] });
    expect(told(simulation)).toEqual(expect.arrayContaining(['0 b undone', '0 a not-undone', '0 u failed']));
  });

  it('asks policy about every effect: a denial is an outcome, a wish of its own asks people', () => {
    const plan = planOf([disable('a', { onDenied: 'continue' }), lookUp('b')]);
    const judge: Judge = { effect: () => ({ kind: 'allow' }), gate: (_items, approve) => ({ kind: 'allow', approve }) };
    const denied = simulate(plan, GIVEN, script(), {
      ...judge,
      effect: (item) => (item.verb === 'user.disable' ? { kind: 'deny', code: 'PROTECTED', message: 'is protected' } : { kind: 'allow' }),
    });
    expect(denied.results.a).toMatchObject({ outcome: 'denied', error: { code: 'PROTECTED' } });
    const wish = { by: { role: 'responder', count: 1 }, withinMs: 1000, remindMs: [] };
    const asked = simulate(plan, GIVEN, script(), {
      ...judge,
      effect: (item) => (item.id === 'a' ? { kind: 'allow', approve: wish } : { kind: 'allow' }),
    });
    expect(told(asked)).toEqual(['0 a asked', '1000 a expired', '1000 b read']);
  });

  it('waits no longer than production for a product: what comes later is not verified, failed or not known', () => {
    const slow = answer({ takesMs: 180_000 });
    const on = { onError: 'continue' } as const;
    const plan = planOf([lookUp('read', on), disable('a', on), tell('told', on), disable('quick', on), undo('back', ['a', 'quick'])]);
    const simulation = simulate(plan, GIVEN, script({ answers: { read: slow, a: slow, told: slow, quick: answer({ takesMs: 5_000 }) } }));
    expect(told(simulation)).toEqual([
      '40000 read failed',
      '45000 a unverified',
      '85000 told unknown',
      '90000 quick changed',
      '90000 quick undone',
      '90000 back changed',
    ]);
    const codes = ['read', 'a', 'told'].map((step) => simulation.results[step]?.error?.code);
    expect(codes).toEqual(['TIMEOUT', 'NOT_VERIFIED', 'TIMEOUT']);
    expect(simulation.results.a?.output).toMatchObject({ enabled: false });
  });

  it('an effect that could not be read back is undone where it is in force by then; else it is left alone', () => {
    const plan = planOf([disable('a', { onError: 'continue' }), undo('back', ['a'], { onError: 'continue' }), undo('again')]);
    const never = simulate(plan, GIVEN, script({ answers: { a: answer({ outcome: 'unverified' }) } }));
    expect(told(never)).toEqual(['0 a unverified', '0 back done', '0 again done']);
    expect(never).toMatchObject({ held: [], undone: [], results: { back: { counts: { undone: 0, already: 1, owed: 0 } } } });
    const resting = planOf([disable('a', { onError: 'continue' }), ask('b', { withinMs: 60_000, else: 'no' }), undo('back')]);
    const late = simulate(resting, GIVEN, script({ answers: { a: answer({ takesMs: 30_000 }) } }));
    expect(late).toMatchObject({
      held: [],
      undone: [{ step: 'a' }],
      results: { a: { outcome: 'unverified' }, back: { outcome: 'changed' } },
    });
  });

  it('waits for a product that is away where it contains, and fails at once where it does not', () => {
    const away = (awayMs: number) => script({ answers: { a: answer({ awayMs }), read: answer({ awayMs }) } });
    const plan = planOf([lookUp('read', { onError: 'continue' }), disable('a', { onError: 'continue' })]);
    expect(told(simulate(plan, GIVEN, away(180_000)))).toEqual(['0 read failed', '0 a waits', '180000 a changed']);
    const gone = simulate(plan, GIVEN, away(86_400_000));
    expect(told(gone)).toEqual(['0 read failed', '0 a waits', '900000 a failed']);
    expect(gone).toMatchObject({ performed: [], held: [], results: { a: { error: { code: 'UNREACHABLE' } } } });
    const hurried = planOf([disable('a', { onError: 'continue', timeoutMs: 60_000 })]);
    expect(told(simulate(hurried, GIVEN, away(180_000)))).toEqual(['0 a waits', '60000 a failed']);
    const cancelled = simulate(plan, GIVEN, { ...away(180_000), people: [act('cancel', 'run', { atMs: 1000 })] });
    expect(told(cancelled)).toEqual(['0 read failed', '0 a waits', '1000 a cancelled']);
  });

  it('what policy refuses by the word of the scenario asks nobody first, alone or in a group', () => {
    const asking = { approve: approval({ withinMs: 60_000 }), onDenied: 'continue' } as const;
    const refused = answer({ outcome: 'denied' });
    const plan = planOf([disable('a', asking), group('g', [lookUp('read'), disable('b')], asking), group('h', [disable('c')], asking)]);
    const simulation = simulate(plan, GIVEN, script({ answers: { a: refused, b: refused }, people: [act('approve', 'h')] }));
    expect(told(simulation)).toEqual(['0 a denied', '0 g denied', '0 h asked', '0 h approved', '0 c changed', '0 h done']);
    expect(simulation.results.g).toMatchObject({ error: { code: 'POLICY_DENIED' } });
    expect(simulation.performed.map(({ step }) => step)).toEqual(['c']);
  });

  it('asks nobody about a group that only reads, and about none of the reads in another', () => {
    const asking = { approve: approval({ withinMs: 60_000 }), onDenied: 'continue' } as const;
    const plan = planOf([group('g', [lookUp('a')], asking), group('h', [lookUp('b'), disable('c')], asking)]);
    const simulation = simulate(plan, GIVEN, script());
    expect(told(simulation)).toEqual(['0 a read', '0 g done', '0 h asked', '60000 h denied']);
    expect(simulation.happenings.find(({ what }) => what === 'asked')?.covers).toMatchObject([{ step: 'c' }]);
  });

  it('has sent nothing where it was so already, also where another was at the same thing', () => {
    const slow = script({ answers: { 'user.disable': answer({ takesMs: 1_000 }) } });
    const sent = (plan: Parameters<typeof simulate>[0]) => simulate(plan, GIVEN, slow).performed.map(({ step }) => step);
    expect(sent(planOf([disable('a'), disable('b')]))).toEqual(['a']);
    expect(sent(planOf([parallel('both', 'all', [[disable('a')], [disable('b')]])]))).toEqual(['a']);
  });

  it('cancels a run: questions end, what was sent ends by itself', () => {
    const plan = planOf([disable('a'), lookUp('b')]);
    const simulation = simulate(
      plan,
      GIVEN,
      script({ people: [act('cancel', 'run', { atMs: 1000 })], answers: { a: answer({ takesMs: 5000 }) } }),
    );
    expect(simulation.finish?.state).toBe('cancelled');
    expect(simulation).toMatchObject({ endMs: 5000, held: [{ step: 'a' }] });
  });

  it.each([
    ['an approval that nobody asked for', act('approve', 'reputation'), 'nobody was asked'],
    ['a decision before anybody was asked', act('answer', 'verdict', { with: 'no', atMs: 1000 }), 'before anybody was asked'],
    ['an answer that is no choice', act('answer', 'verdict', { with: 'maybe' }), 'its choices are yes, no'],
    ['an answer to an approval', act('answer', 'contain', { with: 'yes' }), 'approve or deny it'],
  ])('calls %s a problem of the script', (_, one, words) => {
    const { problems } = simulate(contain, GIVEN, script({ people: [one] }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
  });

  it('has an ordinary answer, with every output, for every verb of the catalogue', () => {
    for (const [verb, { outputs }] of Object.entries(VERBS)) {
      const output = ordinaryOutput({ key: 'a', id: 'a', verb, params: { user: 'u', host: 'h', like: 'm' } }, () => false);
      expect([verb, Object.keys(output ?? {}).toSorted()]).toEqual([verb, Object.keys(outputs).toSorted()]);
    }
  });

  it('dates what happens from a fixed start', () => {
    expect(isoAfter(0)).toBe('2026-01-01T00:00:00.000Z');
    expect(isoAfter(86_400_000 * 59 + 3_723_004)).toBe('2026-03-01T01:02:03.004Z');
    expect(isoAfter(86_400_000 * 365)).toBe('2027-01-01T00:00:00.000Z');
  });
});

const place = { line: 1, column: 1 };
const scenario = (more: Partial<Scenario>): Scenario => ({
  title: 'x',
  answers: {},
  people: [],
  expect: [],
  never: [],
  places: {},
  ...more,
});
type Lines = readonly Omit<Expected, 'place'>[];
const lines = (list: Lines): Scenario['expect'] => list.map((one) => ({ ...one, place }));
const effect = (name: string) => ({ name, place });

describe('what a scenario expects', () => {
  const people = [act('approve', 'contain', { afterMs: 120_000 })];
  const simulation = simulate(contain, GIVEN, script({ people }));
  const faultsOf = (more: Partial<Scenario>) => compare(scenario(more), simulation).faults.map(({ message }) => message);
  const hintsOf = (expected: Lines) =>
    compare(scenario({ expect: lines(expected) }), simulation).lines.flatMap((line) => (line.kind === 'missing' ? [line.hint] : []));

  it('is found in order, with other things in between', () => {
    const expected = [{ step: 'reputation' }, { step: 'disable', what: 'changed', atMs: 120_000 }, { step: 'verdict', what: 'answered' }];
    expect(compare(scenario({ expect: lines(expected) }), simulation).ok).toBe(true);
  });

  it.each([
    ['the wrong order', [{ step: 'disable' }, { step: 'reputation' }], 'it happened before what stands above it'],
    ['the wrong time', [{ step: 'disable', what: 'changed', atMs: 60_000 }], 'it happened at 2m'],
    ['the wrong outcome', [{ step: 'disable', what: 'failed' }], 'instead: changed, undone'],
    ['a step that was not reached', [{ step: 'nobody' }], 'the step was never reached'],
  ])('names %s', (_, expected, hint) => {
    expect(hintsOf(expected)).toEqual([hint]);
  });

  it('names the outcome, what is held, what was undone and what must never be sent', () => {
    expect(faultsOf({ outcome: 'failed' })).toEqual(['the run ends as completed, not as failed']);
    expect(faultsOf({ held: [effect('disable')] })).toEqual(['disable is not still held at the end']);
    expect(faultsOf({ undone: [] })).toEqual(['disable on Eve Adams (user-007) is undone, and should not be']);
    expect(faultsOf({ never: [effect('user.disable')] })).toEqual([
      'user.disable was sent by step disable on Eve Adams (user-007), and user.disable must never be',
    ]);
    expect(faultsOf({ outcome: 'completed', held: [], undone: [effect('disable')], never: [effect('host.isolate')] })).toEqual([]);
  });

  it('takes a skipped step for no step that ended well', () => {
    const plan = planOf([lookUp('a', { when: 'false' })]);
    expect(compare(scenario({ expect: lines([{ step: 'a' }]) }), simulate(plan, GIVEN, script())).ok).toBe(false);
  });
});

describe('coverage', () => {
  const plan = planOf([
    when('check', 'inputs.ip == null', [lookUp('a')], [lookUp('b')]),
    ask('q'),
    disable('c', { when: "steps.q.answer == 'yes'", approve: approval(), onDenied: 'continue' }),
  ]);
  const yes = script({ people: [act('answer', 'q', { with: 'yes' }), act('approve', 'c')] });
  const said = [scenario({ held: [{ ...effect('c'), on: 'user-007' }] })];

  it('names the steps and branches that nothing reaches', () => {
    const coverage = measureCoverage(plan, [simulate(plan, GIVEN, yes)], []);
    expect(coverage.gaps.map((gap) => `${gap.step} ${gap.what}`)).toEqual([
      'check never takes `else`',
      'b never runs',
      'q is never answered with no',
      'c is never skipped by its `when`',
      'c is never denied',
      'c may act on anything: no scenario says `on`',
    ]);
    expect(coverage.steps).toEqual({ reached: 4, all: 5 });
  });

  it('is complete when the scenarios together reach everything', () => {
    const other = { ...GIVEN, inputs: { ...GIVEN.inputs, ip: '203.0.113.1' } };
    const silent = script({ people: [act('answer', 'q', { with: 'yes' })] });
    const all = [simulate(plan, GIVEN, yes), simulate(plan, other, script()), simulate(plan, GIVEN, silent)];
    expect(measureCoverage(plan, all, said).gaps).toEqual([]);
  });

  it('an approval that one run was asked for and another was spared is both', () => {
    const asks = planOf([disable('c', { approve: approval({ unless: "inputs.ip == '203.0.113.1'" }) })]);
    const of = (ip: string, people: readonly ScenarioAct[]) =>
      simulate(asks, { ...GIVEN, inputs: { ...GIVEN.inputs, ip } }, script({ people }));
    const asked = [of('198.51.100.1', [act('approve', 'c')]), of('198.51.100.1', [act('deny', 'c')])];
    expect(measureCoverage(asks, asked, said).gaps.map((gap) => gap.what)).toEqual(['is never spared the approval by its `unless`']);
    expect(measureCoverage(asks, [...asked, of('203.0.113.1', [])], said).gaps).toEqual([]);
  });

  it('a way that ends the run has been taken', () => {
    const stops = readPlaybook(
      `playbook: p
title: t
owner: o
inputs: { ip: { type: ip, optional: true } }
triggers: [manual: {}]
steps:
  - if: inputs.ip == null
    then: [{ stop: { outcome: none } }]
    else: [{ do: ip.reputation, with: { ip: "\${{ inputs.ip }}" } }]
`,
      'p.yaml',
    ).plan;
    if (!stops) throw new Error('it is right');
    const of = (ip: string | null) => simulate(stops, { ...GIVEN, inputs: { ip } }, script());
    expect(measureCoverage(stops, [of(null)], []).gaps.map((gap) => gap.what)).toEqual(['never takes `else`', 'never runs']);
    expect(measureCoverage(stops, [of(null), of('203.0.113.1')], []).gaps).toEqual([]);
  });
});
