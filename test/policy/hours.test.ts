import { describe, expect, it } from '@jest/globals';
import { readInstant } from '../../language/policy/instant.ts';
import { decide } from '../../policy/decide.ts';
import { isWithin, readWallClock, WALL_CLOCK } from '../../policy/hours.ts';
import type { Hours, Rule } from '../../policy/policy.ts';
import { FACTS, POLICY } from './facts.ts';

const office: Hours = { name: 'office', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 18 * 60 };
const night: Hours = { name: 'night', zone: 'UTC', days: [5], fromMinute: 22 * 60, toMinute: 6 * 60 };
const at = (instant: string, zone: string) =>
  readWallClock(new Intl.DateTimeFormat('en-GB', { ...WALL_CLOCK, timeZone: zone }).format(new Date(instant)));

describe('allowed hours', () => {
  it.each([
    ['2026-11-20T06:59:00Z', false], // Friday 07:59 in Berlin
    ['2026-11-20T07:00:00Z', true],
    ['2026-11-20T16:59:59Z', true],
    ['2026-11-20T17:00:00Z', false],
    ['2026-11-21T11:00:00Z', false], // Saturday
    ['2026-07-10T06:00:00Z', true], // summer: 08:00
    ['2026-07-10T16:00:00Z', false],
    ['2026-03-29T01:30:00Z', false], // the night in which the clock leaps
  ])('%s is within the office hours of Berlin: %s', (instant, within) => {
    expect(isWithin(office, at(instant, 'Europe/Berlin'))).toBe(within);
  });

  it.each([
    ['2026-11-20T22:00:00Z', true], // Friday night
    ['2026-11-21T05:59:00Z', true], // belongs to Friday
    ['2026-11-21T06:00:00Z', false],
    ['2026-11-21T22:30:00Z', false], // Saturday night
    ['2026-11-20T05:00:00Z', false], // belongs to Thursday
  ])('over midnight, %s is within Friday night: %s', (instant, within) => {
    expect(isWithin(night, at(instant, 'UTC'))).toBe(within);
  });

  it('nobody who cannot read the clock is within them: the rule then counts', () => {
    const rule: Rule = { name: 'office-only', reason: 'made up', match: { outside: office }, consequence: { then: 'deny' } };
    const policy = { ...POLICY, rules: [rule], zones: ['Europe/Berlin'] };
    expect(decide(policy, FACTS).effect).toBe('deny');
    expect(decide(policy, { ...FACTS, clocks: { 'Europe/Berlin': { day: 5, minute: 9 * 60 } } }).effect).toBe('allow');
    expect(readWallClock('9:05 AM')).toBeUndefined();
  });
});

describe('an instant', () => {
  it.each([
    '2026-12-20T18:00:00+01:00',
    '1970-01-01T00:00Z',
    '2024-02-29T23:59:59-11:30',
    '2000-03-01T00:00:00Z',
    '2100-02-28T12:00:00+14:00',
  ])('%s is read as everybody reads it', (text) => {
    expect(readInstant(text)).toBe(Date.parse(text));
  });
  it.each(['2026-12-20', '2026-12-20T18:00:00', '2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', 'soon'])(
    '%s is none: the zone must be said, and the day must exist',
    (text) => {
      expect(readInstant(text)).toBeUndefined();
    },
  );
});

describe('a freeze by date', () => {
  it('holds from its first instant up to its end', () => {
    const rule: Rule = { name: 'year-end', reason: 'made up', match: { between: { fromMs: 10, toMs: 20 } }, consequence: { then: 'deny' } };
    const effects = [9, 10, 19, 20].map((nowMs) => decide({ ...POLICY, rules: [rule] }, { ...FACTS, nowMs }).effect);
    expect(effects).toEqual(['allow', 'deny', 'deny', 'allow']);
  });
});
