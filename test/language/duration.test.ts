import { describe, expect, it } from '@jest/globals';
import { parseDuration } from '../../language/duration.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['3d30m', 261_000_000],
    ['1d2h3m4s', 93_784_000],
    ['999d', 86_313_600_000],
  ])('%s is %p ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0s', '5', 'm', '30m1h', '1h1h', '1.5h', '-5m', ' 5m', '5m ', '1000d', '999d1s', '05m', '1 h', '1H', '9999999s'])(
    '%p is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
