// When a schedule comes round: the five fields of cron, read and checked. Day of month and day of week together mean different things in
// different programs, so they are refused.

export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
}

export type CronRead = { readonly ok: true; readonly cron: Cron } | { readonly ok: false; readonly message: string };

interface FieldRule {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly FieldRule[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of week', from: 0, to: 7, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

export function readCron(text: string): CronRead {
  const parts = text.trim().split(/\s+/);
  if (text.trim().startsWith('@')) return { ok: false, message: 'has five fields: minute hour day month weekday, such as 0 8 * * 1-5' };
  if (parts.length !== 5)
    return {
      ok: false,
      message: `has ${parts.length === 1 && parts[0] === '' ? 0 : parts.length} fields, and needs five: minute hour day month weekday`,
    };
  const sets: Set<number>[] = [];
  for (const [index, rule] of FIELDS.entries()) {
    const read = readField(parts[index] ?? '', rule);
    if (typeof read === 'string') return { ok: false, message: `the ${rule.name} ${read}` };
    sets.push(read);
  }
  const [minutes = new Set(), hours = new Set(), days = new Set(), months = new Set(), given = new Set()] = sets;
  if (parts[2] !== '*' && parts[4] !== '*')
    return { ok: false, message: 'names a day of month and a day of week; make two triggers of it' };
  const weekdays = new Set([...given].map((day) => day % 7));
  if (![...months].some((month) => [...days].some((day) => day <= (LENGTHS[month - 1] ?? 0))))
    return { ok: false, message: 'never comes round: no month has that day' };
  return { ok: true, cron: { minutes, hours, days, months, weekdays } };
}

/** Of a leap year: the 29th of February does come round. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The numbers, or why it cannot be read. */
function readField(text: string, rule: FieldRule): Set<number> | string {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const every = step === undefined ? 1 : /^\d{1,2}$/.test(step) ? Number(step) : 0;
    if (more.length > 0 || every < 1) return `cannot be read at "${part.slice(0, 20)}"`;
    const [first, last] =
      range === '*' ? [rule.from, rule.name === 'day of week' ? 6 : rule.to] : boundsOf(range, rule, step !== undefined);
    if (first === undefined || last === undefined) return `cannot be read at "${part.slice(0, 20)}"`;
    if (first < rule.from || last > rule.to || first > last) return `must be ${rule.from} to ${rule.to}, and is "${part.slice(0, 20)}"`;
    for (let at = first; at <= last; at += every) found.add(at);
  }
  return found;
}

function boundsOf(range: string, rule: FieldRule, isStepped: boolean): readonly [number | undefined, number | undefined] {
  const [low = '', high, ...more] = range.split('-');
  if (more.length > 0) return [undefined, undefined];
  const first = numberOf(low, rule);
  // 5/15: from 5 on, every 15.
  return [first, high === undefined ? (isStepped ? rule.to : first) : numberOf(high, rule)];
}

function numberOf(text: string, { words }: FieldRule): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = text === '' ? -1 : (words?.indexOf(text.toLowerCase()) ?? -1);
  return index < 0 ? undefined : index;
}

/** A wall clock's time in the schedule's own zone: "2026-01-01T08:00". Undefined where there is no such time. */
export function comesRound(cron: Cron, local: string): boolean | undefined {
  const [, year, month, day, hour, minute] = (/^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/.exec(local) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined) return undefined;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && !isLeap ? 28 : (LENGTHS[month - 1] ?? 0);
  if (day < 1 || day > days || hour > 23 || minute > 59) return undefined;
  const isDay = cron.days.has(day) && cron.months.has(month) && cron.weekdays.has(weekday(year, month, day));
  return isDay && cron.hours.has(hour) && cron.minutes.has(minute);
}

/** 0 is Sunday (Sakamoto's way). */
function weekday(year: number, month: number, day: number): number {
  const y = month < 3 ? year - 1 : year;
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0;
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + day) % 7;
}
