import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantKey } from '../../alerts/instant.ts';

it('counts the seconds as the calendar of JavaScript does, for every instant and zone that is tried', () => {
  const zones = fc.tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
  const dates = fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, zones, (date, [sign, hours, minutes]) => {
      const wanted = String(Math.floor(date.getTime() / 1000));
      const utc = `${date.toISOString().slice(0, 19)}Z`;
      expect(instantKey(utc)).toBe(wanted);
      const offsetMs = (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
      const local = new Date(date.getTime() + offsetMs).toISOString().slice(0, 19);
      const two = (count: number) => String(count).padStart(2, '0');
      expect(instantKey(`${local}${sign}${two(hours)}:${two(minutes)}`)).toBe(wanted);
    }),
    { numRuns: 1_000, seed: 1 },
  );
});
