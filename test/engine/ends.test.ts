// What happens to what is under way when something else ends: parallel branches, groups, cancel, undo. The rules stand in engine/engine.ts.
import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../engine/command.ts';
import { reissue } from '../../engine/reissue.ts';
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
  start,
  stop,
  undo,
  when,
} from './plans.ts';

const cancel: Event = { kind: 'cancel-requested', by: 'Ann' };

describe('a group', () => {
  it('ends with its first failure; what was done before stays done', () => {
    const plan = planOf([group('g', [disable('a'), disable('b'), disable('c')])]);
    const last = hearAll(plan, start(plan), [ended('a', 'changed'), ended('b', 'failed', { error: { code: 'X', message: 'x' } })]);
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { code: 'X', step: 'b' } });
    expect(outcomes(last)).toEqual({ a: 'changed', b: 'failed', c: 'skipped', g: 'failed' });
  });

  it('catches a failure inside with its own on_error', () => {
    const plan = planOf([
      group('g', [disable('a'), disable('b')], { onError: 'continue' }),
      lookUp('z', { when: "steps.g.error.step == 'a'" }),
    ]);
    expect(given(hear(plan, start(plan), ended('a', 'failed')))).toEqual(['perform z']);
  });

  it('hands a denial inside to its own on_denied, through an if too', () => {
    const plan = planOf([group('g', [when('i', 'true', [disable('a'), disable('b')])], { onDenied: [lookUp('note')] })]);
    expect(given(hear(plan, start(plan), ended('a', 'denied')))).toEqual(['perform note']);
  });
});

describe('parallel: all', () => {
  const plan = planOf([
    parallel('p', 'all', [
      [disable('a'), lookUp('a2')],
      [disable('b'), lookUp('b2')],
    ]),
    lookUp('z'),
  ]);

  it('works its branches side by side and goes on when all have ended', () => {
    expect(given(start(plan))).toEqual(['perform a', 'perform b']);
    const half = hearAll(plan, start(plan), [ended('b', 'changed'), ended('b2', 'read'), ended('a', 'changed')]);
    expect(given(half)).toEqual(['perform a2']);
    expect(given(hear(plan, half, ended('a2', 'read')))).toEqual(['perform z']);
  });

  it('lets the other branches end when one has failed, and then fails', () => {
    const failed = hear(plan, start(plan), ended('a', 'failed'));
    expect(failed.commands).toEqual([]);
    const last = hearAll(plan, failed, [ended('b', 'changed'), ended('b2', 'read')]);
    expect(last.finish).toMatchObject({ state: 'failed', error: { step: 'a' } });
    expect(outcomes(last)).toMatchObject({ a2: 'skipped', b2: 'read', p: 'failed' });
  });

  it('names the first failure in the order of the playbook, not of time, and a failure before a denial', () => {
    const order = (events: readonly Event[]) => hearAll(plan, start(plan), events).finish?.error?.step;
    expect(order([ended('b', 'failed'), ended('a', 'failed')])).toBe('a');
    expect(order([ended('a', 'denied'), ended('b', 'failed')])).toBe('b');
  });

  it('a stop in one branch ends the run: the others are cancelled and their ends awaited', () => {
    const stopping = planOf([
      parallel('p', 'all', [
        [lookUp('a'), stop('s', 'benign')],
        [ask('b'), lookUp('b2')],
      ]),
    ]);
    const stopped = hear(stopping, start(stopping), ended('a', 'read'));
    expect(given(stopped)).toEqual(['cancel b']);
    expect(stopped.finish).toBeUndefined();
    const last = hear(stopping, stopped, ended('b', 'cancelled'));
    expect(last.commands).toEqual([]);
    expect(last.finish).toMatchObject({ state: 'stopped', outcome: 'benign' });
  });

  it('a command that was not given out yet never will be', () => {
    const stopping = planOf([parallel('p', 'all', [[disable('a')], [stop('s')]])]);
    expect(start(stopping).commands).toEqual([]);
    expect(start(stopping).finish?.state).toBe('stopped');
  });
});

describe('parallel: any', () => {
  const plan = planOf([
    parallel('p', 'any', [
      [ask('a'), lookUp('a2')],
      [ask('b'), lookUp('b2')],
    ]),
    lookUp('z'),
  ]);

  it('ends with the first branch that ended well; the other is cancelled, its end awaited, and nothing more of it starts', () => {
    const won = hearAll(plan, start(plan), [ended('b', 'answered', { answer: 'yes' }), ended('b2', 'read')]);
    expect(given(won)).toEqual(['cancel a']);
    const last = hear(plan, won, ended('a', 'answered', { answer: 'yes' }));
    expect(given(last)).toEqual(['perform z']);
    expect(outcomes(last)).toMatchObject({ a: 'answered', a2: 'skipped', b2: 'read', p: 'done' });
  });

  it('is not won by a failure', () => {
    const failed = hear(plan, start(plan), ended('a', 'failed'));
    expect(failed.commands).toEqual([]);
    expect(given(hearAll(plan, failed, [ended('b', 'answered', { answer: 'no' }), ended('b2', 'read')]))).toEqual(['perform z']);
  });

  it('fails where no branch ended well', () => {
    expect(hearAll(plan, start(plan), [ended('b', 'failed'), ended('a', 'denied')]).finish).toMatchObject({
      state: 'failed',
      error: { step: 'b' },
    });
  });

  it('is won at once by a branch that has nothing to do, and what was not given out never will be', () => {
    const idle = planOf([parallel('p', 'any', [[disable('a')], [disable('b', { when: 'false' })]])]);
    const last = start(idle);
    expect(last.commands).toEqual([]);
    expect(last.finish?.state).toBe('completed');
  });

  it('an undo that is under way in a losing branch goes on to its end', () => {
    const undoing = planOf([parallel('p', 'any', [[undo('u')], [lookUp('b')]]), lookUp('z')]);
    const won = hear(undoing, start(undoing), ended('b', 'read'));
    expect(won.commands).toEqual([]);
    expect(given(hear(undoing, won, ended('u', 'done')))).toEqual(['perform z']);
  });
});

describe('cancel', () => {
  const plan = planOf([
    parallel('p', 'all', [[disable('a'), disable('a2')], [ask('b')], [group('g', [disable('c')], { approve: approval() })]]),
  ]);

  it('cancels what is open, awaits every end, and only then finishes; nothing new starts', () => {
    const cancelled = hear(plan, start(plan), cancel);
    expect(given(cancelled)).toEqual(['cancel a', 'cancel b', 'cancel g']);
    expect(cancelled.finish).toBeUndefined();
    const almost = hearAll(plan, cancelled, [ended('a', 'changed'), ended('b', 'cancelled')]);
    expect(almost.commands).toEqual([]);
    expect(almost.finish).toBeUndefined();
    const last = hear(plan, almost, ended('g', 'answered'));
    expect(last.commands).toEqual([]);
    expect(last.finish).toEqual({ state: 'cancelled', outcome: 'cancelled', message: 'Cancelled by Ann' });
    expect(outcomes(last)).toMatchObject({ a: 'changed', b: 'cancelled' });
  });

  it('gives no cancellation out twice, but again after continue-as-new', () => {
    const cancelled = hear(plan, start(plan), cancel);
    expect(hear(plan, cancelled, cancel).commands).toEqual([]);
    expect(reissue(cancelled.state).slice(-3)).toEqual(cancelled.commands);
  });

  it('does not take anything back by itself, on_failure: undo or not', () => {
    const keeping = planOf([disable('a'), disable('b')], { onFailure: 'undo' });
    const last = hearAll(keeping, start(keeping), [ended('a', 'changed'), cancel, ended('b', 'cancelled')]);
    expect(last.finish?.state).toBe('cancelled');
    expect(last.commands).toEqual([]);
  });

  it('leaves an undo that is under way to its end', () => {
    const undoing = planOf([disable('a'), undo('u'), lookUp('z')]);
    const cancelled = hearAll(undoing, start(undoing), [ended('a', 'changed'), cancel]);
    expect(cancelled.commands).toEqual([]);
    expect(hear(undoing, cancelled, ended('u', 'done')).finish?.state).toBe('cancelled');
  });

  it('means nothing to a run that has finished', () => {
    const short = planOf([lookUp('a')]);
    const last = hearAll(short, start(short), [ended('a', 'read'), cancel]);
    expect(last.finish?.state).toBe('completed');
  });
});

describe('undo at the end of a run', () => {
  it('on_error: undo cancels what is open, awaits it, undoes everything, and then the run has failed', () => {
    const plan = planOf([parallel('p', 'all', [[disable('a', { onError: 'undo' })], [ask('b'), disable('b2')]])]);
    const failed = hear(plan, start(plan), ended('a', 'unverified'));
    expect(given(failed)).toEqual(['cancel b']);
    const undoing = hear(plan, failed, ended('b', 'cancelled'));
    expect(undoing.commands).toEqual([{ kind: 'undo', key: 'run/undo', id: 'run/undo', steps: 'all' }]);
    expect(undoing.finish).toBeUndefined();
    expect(hear(plan, undoing, ended('run/undo', 'done')).finish).toMatchObject({ state: 'failed', error: { step: 'a' } });
  });

  it('on_error: undo inside a group is not caught by the group', () => {
    const plan = planOf([group('g', [disable('a', { onError: 'undo' })], { onError: 'continue' }), lookUp('z')]);
    expect(given(hear(plan, start(plan), ended('a', 'failed')))).toEqual(['undo run/undo']);
  });

  it('on_failure: undo takes everything back once when the run fails', () => {
    const plan = planOf([disable('a'), disable('b')], { onFailure: 'undo' });
    const failed = hearAll(plan, start(plan), [ended('a', 'changed'), ended('b', 'failed')]);
    expect(given(failed)).toEqual(['undo run/undo']);
    expect(hear(plan, failed, cancel).commands).toEqual([]);
    expect(hear(plan, failed, ended('run/undo', 'done')).finish?.state).toBe('failed');
  });

  it('on_failure: keep, the default, leaves what is contained contained', () => {
    const plan = planOf([disable('a'), disable('b')]);
    const failed = hearAll(plan, start(plan), [ended('a', 'changed'), ended('b', 'failed')]);
    expect(failed.commands).toEqual([]);
    expect(failed.finish?.state).toBe('failed');
  });
});
