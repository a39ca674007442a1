// Dates: text in RFC 3339, in UTC. There is no clock in expressions; `run.started_at` and `alert.time` say when.
import { raise } from '../failure.ts';
import { toCelValue } from '../values.ts';
import { isInRange, isoText, type Moment, padded, parseMs, toMoment } from './calendar.ts';
import type { FunctionRow } from './row.ts';

export const DATE_ROWS: readonly FunctionRow[] = [
  {
    name: 'date_parse',
    group: 'dates',
    takes: { value: 'number|text' },
    gives: 'text',
    on: 'argument',
    doc: 'A date or time in one spelling, in UTC with milliseconds, so that `<` compares times. From text (without an offset it is UTC), or seconds (from 100,000,000,000 on: milliseconds) since 1970.',
    example: ["date_parse('2026-03-01T01:30:00+02:00')", '2026-02-28T23:30:00.000Z'],
    call: (given) => isoText(typeof given.any(0) === 'string' ? time('date_parse', given.text(0)) : ofNumber(given.number(0))),
  },
  {
    name: 'date_add',
    group: 'dates',
    takes: { date: 'text', duration: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'So much later: 30s, 5m, 2h, 7d; earlier with a `-` before it.',
    example: ["date_add('2026-02-27', '-36h')", '2026-02-25T12:00:00.000Z'],
    call: (given) => {
      const ms = time('date_add', given.text(0)) + durationMs(given.text(1));
      return isInRange(ms) ? isoText(ms) : raise('EXPRESSION_FAILED', 'date_add() leaves the years 1 to 9999');
    },
  },
  {
    name: 'date_diff',
    group: 'dates',
    takes: { from: 'text', to: 'text' },
    gives: 'number',
    on: 'argument',
    doc: 'Seconds from the one to the other; negative when the other was before.',
    example: ["date_diff('2026-01-01', '2026-01-02') / 3600", 24],
    call: (given) => (time('date_diff', given.text(1)) - time('date_diff', given.text(0))) / 1000,
  },
  {
    name: 'date_parts',
    group: 'dates',
    takes: { date: 'text' },
    gives: 'map',
    on: 'argument',
    doc: '`year`, `month`, `day`, `hour`, `minute`, `second`, and `weekday` from 1 (Monday) to 7, in UTC.',
    example: ["date_parts('2026-01-03T08:00:00Z').weekday >= 6", true],
    call: (given) => {
      const { year, month, day, hour, minute, second, weekday } = toMoment(time('date_parts', given.text(0)));
      return toCelValue({ year, month, day, hour, minute, second, weekday });
    },
  },
  {
    name: 'date_format',
    group: 'dates',
    takes: { date: 'text', format: 'text' },
    gives: 'text',
    on: 'argument',
    doc: "For people, in UTC: `yyyy` `MM` `dd` `HH` `mm` `ss`, `d` without a zero, `MMM` Jan, `MMMM` January, `EEE` Mon, `EEEE` Monday; other letters stand in '…'.",
    example: ["date_format('2026-01-03T08:05:00Z', 'EEE d MMM yyyy HH:mm')", 'Sat 3 Jan 2026 08:05'],
    call: (given) => formatted(toMoment(time('date_format', given.text(0))), given.text(1)),
  },
];

function time(name: string, text: string): number {
  return parseMs(text) ?? raise('EXPRESSION_FAILED', `${name}() was given text that is no date (2026-01-31 or 2026-01-31T08:00:00Z)`);
}

/** Seconds since 1970 reach it in the year 5138; milliseconds passed it in 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;

function ofNumber(value: number): number {
  const ms = Math.trunc(Math.abs(value) >= FIRST_MILLISECONDS ? value : value * 1000);
  return isInRange(ms) ? ms : raise('EXPRESSION_FAILED', 'date_parse() was given a number that is no time');
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  const [, sign, count, unit] = /^(-?)(\d{1,7})([smhd])$/.exec(text.trim()) ?? [];
  if (count === undefined) return raise('EXPRESSION_FAILED', 'date_add() was given text that is no duration (30s, 5m, 2h, -7d)');
  return (sign === '-' ? -1 : 1) * Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const FIELDS: Readonly<Record<string, (at: Moment) => string>> = {
  yyyy: (at) => padded(at.year, 4),
  MMMM: (at) => MONTHS[at.month - 1] ?? '',
  MMM: (at) => (MONTHS[at.month - 1] ?? '').slice(0, 3),
  MM: (at) => padded(at.month, 2),
  dd: (at) => padded(at.day, 2),
  d: (at) => `${at.day}`,
  HH: (at) => padded(at.hour, 2),
  mm: (at) => padded(at.minute, 2),
  ss: (at) => padded(at.second, 2),
  EEEE: (at) => DAYS[at.weekday - 1] ?? '',
  EEE: (at) => (DAYS[at.weekday - 1] ?? '').slice(0, 3),
};

function formatted(at: Moment, format: string): string {
  if (format.length > 200) return raise('EXPRESSION_FAILED', 'the format of date_format() is longer than 200 characters');
  return format.replace(/'([^']*)'|([A-Za-z])\2*/g, (word: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const field = FIELDS[word];
    return field
      ? field(at)
      : raise('EXPRESSION_FAILED', `the format of date_format() has letters that mean nothing; known: ${Object.keys(FIELDS).join(' ')}`);
  });
}
