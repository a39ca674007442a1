import { describe, expect, it } from '@jest/globals';
import { comesRound, readCron } from '../../language/cron.ts';
import { TIME_ZONES } from '../../language/time-zones.ts';

const cronOf = (text: string) => {
  const read = readCron(text);
  if (!read.ok) throw new Error(read.message);
  return read.cron;
};

describe('a cron', () => {
  it.each([
    ['0 8 1 1,4,7,10 *', '2026-04-01T08:00', true],
    ['0 8 1 1,4,7,10 *', '2026-05-01T08:00', false],
    ['0 8 * * mon-fri', '2026-11-20T08:00', true], // a Friday
    ['0 8 * * 1-5', '2026-11-21T08:00', false], // a Saturday
    ['0 0 * * 7', '2026-11-22T00:00', true], // 7 is Sunday too
    ['*/15 9-17 * * *', '2026-11-22T17:45', true],
    ['5/20 * * * *', '2026-11-22T17:25', true],
    ['5/20 * * * *', '2026-11-22T17:20', false],
    ['0 0 29 feb *', '2028-02-29T00:00', true],
    ['0 0 * * *', '2026-02-29T00:00', undefined],
    ['0 0 * * *', 'tomorrow', undefined],
  ])('%s comes round at %s: %s', (text, local, comes) => {
    expect(comesRound(cronOf(text), local)).toBe(comes);
  });

  it.each([
    ['', '0 fields'],
    ['0 8 * *', '4 fields'],
    ['0 0 8 * * *', '6 fields'],
    ['@daily', 'five fields'],
    ['60 8 * * *', 'the minute must be 0 to 59'],
    ['0 24 * * *', 'the hour must be 0 to 23'],
    ['0 8 0 * *', 'the day of month'],
    ['0 8 * 13 *', 'the month'],
    ['0 8 * foo *', 'the month cannot be read'],
    ['0 8 * * 8', 'the day of week'],
    ['*/0 8 * * *', 'the minute'],
    ['9-5 8 * * *', 'the minute'],
    ['1-2-3 8 * * *', 'the minute'],
    ['0 8 1 * 1', 'a day of month and a day of week'],
    ['0 8 31 2,4 *', 'never comes round'],
    ['; 8 * * *', 'the minute'],
  ])('%s is refused: %s', (text, why) => {
    const read = readCron(text);
    expect(read.ok ? 'read' : read.message).toContain(why);
  });
});

it('every zone that is known here is known to Temporal’s clock, too', () => {
  expect(TIME_ZONES.has('Europe/Vienna')).toBe(true);
  for (const zone of TIME_ZONES) expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
});
