// Allowed hours. Arithmetic only: what the clock of a zone shows is a fact, since zones change by law.
import type { Hours, WallClock } from './policy.ts';

/** For Intl.DateTimeFormat('en-GB', { ...WALL_CLOCK, timeZone }): what `readWallClock` reads. */
export const WALL_CLOCK = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const DAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const SHOWN = /^([A-Z][a-z]{2}),? ([0-9]{2}):([0-9]{2})$/;

/** "Mon 09:05" or "Mon, 09:05"; undefined when it shows something else. */
export function readWallClock(shown: string): WallClock | undefined {
  const parts = SHOWN.exec(shown);
  const day = DAYS.indexOf(parts?.[1] ?? '') + 1;
  return parts && day > 0 ? { day, minute: Number(parts[2]) * 60 + Number(parts[3]) } : undefined;
}

/** The first minute belongs to it, the last does not. False when nobody can tell. */
export function isWithin(hours: Hours, clock: WallClock | undefined): boolean {
  if (!clock) return false;
  const { fromMinute, toMinute } = hours;
  const today = hours.days.includes(clock.day);
  if (fromMinute < toMinute) return today && clock.minute >= fromMinute && clock.minute < toMinute;
  const yesterday = hours.days.includes(clock.day === 1 ? 7 : clock.day - 1);
  return (today && clock.minute >= fromMinute) || (yesterday && clock.minute < toMinute);
}

/** What the clocks of these zones show, as far as they can be read. `show` formats one of them as WALL_CLOCK says; it may throw. */
export function readClocks(zones: readonly string[], show: (zone: string) => string): Record<string, WallClock> {
  const read = (zone: string): readonly (readonly [string, WallClock])[] => {
    try {
      const clock = readWallClock(show(zone));
      return clock ? [[zone, clock]] : [];
    } catch {
      return []; // this machine does not know the zone: the rule then counts against the effect
    }
  };
  return Object.fromEntries(zones.flatMap(read));
}
