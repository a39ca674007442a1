import { expect, it } from '@jest/globals';
import { failpoint } from '../../worker/failpoint.ts';

const killsAt = (setting: string | undefined, points: readonly string[]) => {
  const killed: number[] = [];
  let at = 0;
  const fail = failpoint(setting, () => killed.push(at) > 0);
  for (const point of points) {
    at += 1;
    fail(point);
  }
  return killed;
};

it('without the setting nothing is ever killed', () => {
  expect(killsAt(undefined, ['effect.before', 'effect.answered'])).toEqual([]);
});
it('the named point kills when it is first reached, once', () => {
  expect(killsAt('effect.before', ['intake.committed', 'effect.before', 'effect.before'])).toEqual([2]);
});
it('the nth time can be named', () => {
  expect(killsAt('effect.before:3', ['effect.before', 'effect.before', 'undo.before', 'effect.before'])).toEqual([4]);
});
it('a setting that cannot be read stops the start instead of testing nothing', () => {
  for (const bad of ['', 'effect.before:0', 'effect.before:x', ':2', 'a b']) expect(() => failpoint(bad)).toThrow(/CORDON_KILL_AT/);
});
