import { describe, expect, it } from '@jest/globals';
import { breakers } from '../../activities/breaker.ts';

const timing = { openAfter: 3, probeMs: 1_000, perSecond: 2, askAfterMs: 60_000, patienceMs: 60_000 };
function made() {
  const clock = { ms: 5_000 };
  const product = breakers(timing, () => clock.ms);
  const fail = (times: number, code = 'UNREACHABLE') => Array.from({ length: times }, () => product.failed('edr', code));
  return { clock, product, fail };
}

describe('a breaker', () => {
  it('opens after failures in a row, once, and not for what the product says about our request', () => {
    const { product, fail } = made();
    expect(fail(10, 'FORBIDDEN')).not.toContain(true);
    expect(fail(2)).toEqual([false, false]);
    expect(product.met('edr')).toBe(false);
    expect(product.waitMs('edr', 'a')).toBe(0);
    expect(fail(4)).toEqual([false, false, true, false]);
    expect(product.waitMs('edr', 'a')).toBeGreaterThan(0);
    expect(product.waitMs('idp', 'a')).toBe(0);
  });

  it('lets one attempt at a time find out, and stays open while it fails', () => {
    const { clock, product, fail } = made();
    fail(3);
    clock.ms += 1_000;
    expect([product.waitMs('edr', 'a'), product.waitMs('edr', 'b')]).toEqual([0, 1_000]);
    fail(1);
    expect(product.waitMs('edr', 'c')).toBe(1_000);
  });

  it('that closes lets them go on at its rate, each in its turn', () => {
    const { clock, product, fail } = made();
    fail(3);
    clock.ms += 1_000;
    product.waitMs('edr', 'probe');
    expect(product.met('edr')).toBe(true);
    const keys = ['a', 'b', 'c', 'd'];
    expect(keys.map((key) => product.waitMs('edr', key))).toEqual([500, 1_000, 1_500, 2_000]);
    const gone: [string, number][] = [];
    for (let passed = 0; passed <= 2_000; passed += 100) {
      for (const key of keys) if (!gone.some(([name]) => name === key) && product.waitMs('edr', key) === 0) gone.push([key, passed]);
      clock.ms += 100;
    }
    expect(gone).toEqual([
      ['a', 500],
      ['b', 1_000],
      ['c', 1_500],
      ['d', 2_000],
    ]);
  });

  it('knows how long it has been open, from when it opened and not from the last failure', () => {
    const { clock, product, fail } = made();
    fail(2);
    clock.ms += 4_000;
    expect(product.openMs('edr')).toBe(0);
    fail(1);
    clock.ms += 3_000;
    fail(1);
    expect([product.openMs('edr'), product.openMs('idp')]).toEqual([3_000, 0]);
    product.met('edr');
    expect(product.openMs('edr')).toBe(0);
    // Away again before long: it has been away since the first time, however often it answers in between.
    clock.ms += 1_000;
    fail(3);
    clock.ms += 500;
    expect(product.openMs('edr')).toBe(4_500);
    product.met('edr');
    clock.ms += timing.patienceMs;
    fail(3);
    expect(product.openMs('edr')).toBe(0);
  });

  it('is forgotten when nobody waits any more', () => {
    const { clock, product, fail } = made();
    fail(3);
    product.met('edr');
    clock.ms += 10_000;
    expect([product.waitMs('edr', 'a'), product.waitMs('edr', 'b')]).toEqual([0, 0]);
  });
});
