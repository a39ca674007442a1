// The calendar by arithmetic, in UTC: no clock and no zones, and nothing that could differ between two computers.

const MS_PER_DAY = 86_400_000;

export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
}

/** Years 1 to 9999, as RFC 3339 writes them. */
const MIN_MS = toMs({ year: 1, month: 1, day: 1 });
const MAX_MS = toMs({ year: 9999, month: 12, day: 31 }) + MS_PER_DAY - 1;

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970; undefined for what is no date. Without an offset it is UTC; a leap second counts as the second before it. */
export function parseMs(text: string): number | undefined {
  const found = RFC3339.exec(text.trim());
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((part) => Number(part ?? 0));
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const fraction = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = offsetMs(found[8]);
  if (offset === undefined) return undefined;
  const ms = toMs({ year, month, day }) + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + fraction - offset;
  return isInRange(ms) ? ms : undefined;
}

export const isInRange = (ms: number): boolean => Number.isFinite(ms) && ms >= MIN_MS && ms <= MAX_MS;

function offsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || /^[Zz]$/.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

// Days by eras of 400 years, years beginning in March: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
function toMs({ year, month, day }: Pick<Moment, 'year' | 'month' | 'day'>): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * MS_PER_DAY;
}

export function toMoment(ms: number): Moment {
  const days = Math.floor(ms / MS_PER_DAY);
  const inDay = ms - days * MS_PER_DAY;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(inDay / 3_600_000),
    minute: Math.floor(inDay / 60_000) % 60,
    second: Math.floor(inDay / 1000) % 60,
    ms: inDay % 1000,
    weekday: ((((days + 3) % 7) + 7) % 7) + 1,
  };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

export const padded = (value: number, digits: number): string => `${value}`.padStart(digits, '0');

/** Always in UTC and with milliseconds, so that texts order as times do. */
export function isoText(ms: number): string {
  const at = toMoment(ms);
  const date = `${padded(at.year, 4)}-${padded(at.month, 2)}-${padded(at.day, 2)}`;
  return `${date}T${padded(at.hour, 2)}:${padded(at.minute, 2)}:${padded(at.second, 2)}.${padded(at.ms, 3)}Z`;
}
