import { describe, expect, it } from '@jest/globals';
import { absolute, relative, remaining, took } from '../../console/time.ts';

const NOW = Date.parse('2026-11-21T03:04:12Z');

describe('time in words', () => {
  it('is relative, with its unit, in both directions', () => {
    expect(relative('2026-11-21T03:04:10Z', NOW)).toBe('just now');
    expect(relative('2026-11-21T02:52:12Z', NOW)).toBe('12 min ago');
    expect(relative('2026-11-21T06:04:12Z', NOW)).toBe('in 3 h');
    expect(relative('2026-11-21T11:04:07Z', NOW)).toBe('in 8 h');
    expect(relative('2026-11-17T03:04:12Z', NOW)).toBe('4 d ago');
  });

  it('shows what is no instant as it came, for alerts send anything', () => {
    expect(relative('yesterday', NOW)).toBe('yesterday');
    expect(absolute('yesterday')).toBe('yesterday');
  });

  it('names UTC beside the absolute time of the reader', () => {
    expect(absolute('2026-11-21T03:04:12.345Z')).toContain('(UTC 2026-11-21T03:04:12Z)');
  });

  it('counts down and never below zero', () => {
    expect(remaining(761_999)).toBe('12:41');
    expect(remaining(3_761_000)).toBe('1:02:41');
    expect(remaining(-5)).toBe('0:00');
  });

  it('says how long a step took', () => {
    expect(took('2026-11-21T03:04:12Z', '2026-11-21T03:04:12.300Z')).toBe('0.3 s');
    expect(took('2026-11-21T03:04:12Z', '2026-11-21T03:06:13Z')).toBe('2 min 1 s');
  });
});
