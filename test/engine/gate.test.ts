import { describe, expect, it } from '@jest/globals';
import {
  approval,
  ask,
  disable,
  ended,
  given,
  group,
  hear,
  hearAll,
  lookUp,
  outcomes,
  parallel,
  planOf,
  set,
  start,
  undo,
  when,
} from './plans.ts';

const isolate = (id: string, host: unknown) =>
  disable(id, { verb: 'host.isolate', with: { host: typeof host === 'string' ? { cel: host } : { lit: { id: 'wks-007' } } } });

describe('one decision over a group', () => {
  const contained = (more = {}) =>
    planOf([group('contain', [disable('a'), isolate('b', {})], { approve: approval(), ...more }), lookUp('z')]);

  it('shows every effect, rendered, before any of them is done', () => {
    const asked = start(contained());
    expect(given(asked)).toEqual(['gate contain']);
    expect(asked.commands[0]).toMatchObject({
      approve: { by: { role: 'responder', count: 1 } },
      items: [
        { key: 'a', verb: 'user.disable', params: { user: { id: 'user-007' } } },
        { key: 'b', verb: 'host.isolate', params: { host: { id: 'wks-007' } } },
      ],
    });
  });

  it('does exactly these once it is granted, each under the gate, and remembers who granted', () => {
    const plan = contained();
    const granted = hear(plan, start(plan), ended('contain', 'answered', { by: 'Ann', at: '2026-01-01T00:02:00.000Z' }));
    expect(granted.commands).toMatchObject([{ kind: 'perform', gate: 'contain', item: { key: 'a' } }]);
    expect(granted.commands[0]).not.toHaveProperty('approve');
    const last = hearAll(plan, granted, [ended('a', 'changed'), ended('b', 'changed')]);
    expect(last.state.results.contain).toEqual({ outcome: 'done', by: 'Ann', at: '2026-01-01T00:02:00.000Z' });
  });

  it.each([
    ['denied', 'APPROVAL_DENIED'],
    ['expired', 'APPROVAL_EXPIRED'],
  ] as const)('does nothing when it was %s, and the group is denied', (outcome, code) => {
    const plan = contained();
    const last = hear(plan, start(plan), ended('contain', outcome));
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'stopped', outcome: 'denied', error: { code, step: 'contain' } });
    expect(outcomes(last)).toMatchObject({ a: 'skipped', b: 'skipped', contain: 'denied' });
  });

  it('goes on after a denial where on_denied says so', () => {
    const plan = contained({ onDenied: 'continue' });
    expect(given(hear(plan, start(plan), ended('contain', 'denied')))).toEqual(['perform z']);
  });

  it.each(['failed', 'unknown', 'unverified', 'changed', 'already', 'read', 'skipped', 'cancelled'] as const)(
    'takes nothing else for a yes: %s',
    (outcome) => {
      const plan = contained();
      const last = hear(plan, start(plan), ended('contain', outcome));
      expect(last.commands).toEqual([]);
      expect(last.finish?.state).toBe('failed');
    },
  );

  it('asks nobody when unless is true, and everybody when unless cannot be evaluated', () => {
    const spared = contained({ approve: approval({ unless: 'true' }) });
    expect(start(spared).commands).toMatchObject([{ kind: 'perform', item: { key: 'a' } }]);
    expect(start(spared).commands[0]).not.toHaveProperty('gate');
    expect(given(start(contained({ approve: approval({ unless: 'steps.nobody.score > 1' }) })))).toEqual(['gate contain']);
  });

  it('covers what is nested: groups, branches and the chosen side of an if', () => {
    const plan = planOf([
      group(
        'contain',
        [
          group('g', [disable('a')]),
          parallel('p', 'all', [[disable('b')], [disable('c')]]),
          when('i', 'true', [disable('d')], [disable('e')]),
        ],
        {
          approve: approval(),
        },
      ),
    ]);
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ items: [{ key: 'a' }, { key: 'b' }, { key: 'c' }, { key: 'd' }] }]);
    const last = hearAll(plan, asked, [ended('contain', 'done'), ended('a', 'changed'), ended('b', 'changed'), ended('c', 'changed')]);
    expect(last.commands).toMatchObject([{ kind: 'perform', gate: 'contain', item: { key: 'd' } }]);
    expect(hear(plan, last, ended('d', 'changed')).state.results.e?.outcome).toBe('skipped');
  });

  it('leaves out what its guard skips, for good: a guard that would turn true later adds nothing to what was approved', () => {
    const plan = planOf(
      [
        parallel('p', 'all', [
          [group('contain', [disable('a'), disable('b', { when: 'vars.more' })], { approve: approval() })],
          [lookUp('r'), set('s', { more: { lit: true } })],
        ]),
      ],
      { vars: { more: false } },
    );
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ kind: 'gate', items: [{ key: 'a' }] }, { kind: 'perform' }]);
    const last = hearAll(plan, asked, [ended('r', 'read'), ended('contain', 'answered'), ended('a', 'changed')]);
    expect(last.commands).toEqual([]);
    expect(last.finish?.state).toBe('completed');
    expect(outcomes(last)).toMatchObject({ b: 'skipped' });
  });

  it('does what was shown even if the data behind it has changed since', () => {
    const plan = planOf(
      [
        parallel('p', 'all', [
          [group('contain', [isolate('a', 'vars.host')], { approve: approval() })],
          [lookUp('r'), set('s', { host: { lit: 'dc-01' } })],
        ]),
      ],
      { vars: { host: 'wks-007' } },
    );
    const last = hearAll(plan, start(plan), [ended('r', 'read'), ended('contain', 'answered')]);
    expect(last.state.vars.host).toBe('dc-01');
    expect(last.commands).toMatchObject([{ item: { params: { host: 'wks-007' } } }]);
  });

  it('asks nobody about something that cannot be done', () => {
    const plan = planOf([group('contain', [disable('a'), disable('b', { with: { user: { lit: '' } } })], { approve: approval() })]);
    const last = start(plan);
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { code: 'TARGET_MISSING', step: 'b' } });
  });

  it('asks about the rest where the step that cannot be done may fail', () => {
    const plan = planOf([
      group('contain', [disable('a', { with: { user: { lit: '' } }, onError: 'continue' }), disable('b')], { approve: approval() }),
    ]);
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ items: [{ key: 'b' }] }]);
    expect(hear(plan, asked, ended('contain', 'answered')).commands).toMatchObject([{ gate: 'contain', item: { key: 'b' } }]);
  });

  it('does not ask about the first part of a group that cannot be done as a whole', () => {
    const broken = group('g', [disable('a'), disable('b', { with: { user: { lit: '' } } })], { onError: 'continue' });
    const plan = planOf([group('contain', [broken, disable('c')], { approve: approval() })]);
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ items: [{ key: 'c' }] }]);
    expect(outcomes(asked)).toMatchObject({ a: 'skipped', b: 'failed', g: 'failed' });
    expect(given(hear(plan, asked, ended('contain', 'answered')))).toEqual(['perform c']);
  });

  it('takes back what was done before where a step in it that cannot be done says on_error: undo', () => {
    const plan = planOf([
      disable('first'),
      group('contain', [disable('b', { with: { user: { lit: '' } }, onError: 'undo' })], { approve: approval() }),
    ]);
    expect(given(hear(plan, start(plan), ended('first', 'changed')))).toEqual(['undo run/undo']);
  });

  it('opens no gate where everything in it is skipped', () => {
    const plan = planOf([group('contain', [disable('a', { when: 'false' })], { approve: approval() })]);
    expect(start(plan).finish?.state).toBe('completed');
    expect(start(plan).commands).toEqual([]);
  });

  it('asks again for a change that nobody has seen: what follows a failure inside', () => {
    const plan = planOf([group('contain', [disable('a', { onError: [isolate('b', {}), lookUp('c')] })], { approve: approval() })]);
    const failed = hearAll(plan, start(plan), [ended('contain', 'answered'), ended('a', 'failed')]);
    expect(failed.commands).toMatchObject([{ kind: 'perform', item: { key: 'b' }, approve: { by: { role: 'responder' } } }]);
    expect(failed.commands[0]).not.toHaveProperty('gate');
    expect(hear(plan, failed, ended('b', 'changed')).commands[0]).not.toHaveProperty('approve');
  });

  it('refuses an approval within an approval, so that the inner one cannot weaken the outer', () => {
    const inner = group('inner', [disable('a')], { approve: approval({ unless: 'true' }) });
    const plan = planOf([group('outer', [inner], { approve: approval() })]);
    expect(start(plan).finish?.error?.code).toBe('APPROVE_NESTED');
    const step = planOf([group('outer', [disable('a', { approve: approval() })], { approve: approval() })]);
    expect(start(step).finish?.error?.code).toBe('APPROVE_NESTED');
  });

  describe('denied after it was granted, before anything has begun', () => {
    const late = (key: string, gate = 'contain') =>
      ended(key, 'denied', { error: { code: 'APPROVAL_DENIED', message: 'denied by Ben', step: gate } });
    const caught = { onDenied: 'continue', onError: 'continue' } as const;

    it('is denied as a whole: nothing else inside begins, whatever the steps in it say, and its on_denied has its turn', () => {
      const plan = planOf([
        group('contain', [disable('a', caught), isolate('b', {}), lookUp('c')], { approve: approval(), onDenied: [lookUp('told')] }),
        lookUp('z'),
      ]);
      const last = hearAll(plan, start(plan), [ended('contain', 'answered'), late('a')]);
      expect(given(last)).toEqual(['perform told']);
      expect(outcomes(last)).toMatchObject({ a: 'denied', b: 'skipped', c: 'skipped', contain: 'denied' });
      expect(last.state.results.contain?.error).toEqual({ code: 'APPROVAL_DENIED', message: 'denied by Ben', step: 'contain' });
    });

    it('takes back what waits beside it, and ends when that has', () => {
      const plan = planOf([parallel('contain', 'all', [[disable('a', caught)], [isolate('b', {}), lookUp('c')]], { approve: approval() })]);
      const denied = hearAll(plan, start(plan), [ended('contain', 'answered'), late('a')]);
      expect(denied.commands).toEqual([{ kind: 'cancel', key: 'b' }]);
      expect(denied.finish).toBeUndefined();
      const last = hear(plan, denied, ended('b', 'cancelled'));
      expect(last.commands).toEqual([]);
      expect(last.finish).toMatchObject({ state: 'stopped', outcome: 'denied', error: { code: 'APPROVAL_DENIED', step: 'contain' } });
    });

    it('is another thing than a denial of one effect, which asked for itself: the rest goes on', () => {
      const plan = planOf([group('contain', [disable('a', caught), isolate('b', {})], { approve: approval() })]);
      const own = ended('a', 'denied', { error: { code: 'APPROVAL_DENIED', message: 'denied by Ben' } });
      expect(given(hearAll(plan, start(plan), [ended('contain', 'answered'), own]))).toEqual(['perform b']);
    });
  });

  it('does not ask a question inside before the gate is open', () => {
    const plan = planOf([group('contain', [ask('q'), disable('a'), undo('u')], { approve: approval() })]);
    const asked = start(plan);
    expect(given(asked)).toEqual(['gate contain']);
    expect(given(hear(plan, asked, ended('contain', 'answered')))).toEqual(['ask q']);
  });

  it('stands on a parallel too', () => {
    const plan = planOf([parallel('p', 'all', [[disable('a')], [disable('b')]], { approve: approval() })]);
    const granted = hear(plan, start(plan), ended('p', 'answered', { by: 'Ann' }));
    expect(granted.commands).toMatchObject([{ gate: 'p' }, { gate: 'p' }]);
  });
});
