// Simulated time: what is due happens in order of time, and in order of request where times are equal.

export interface Clock {
  /** ms since the run began. */
  readonly nowMs: () => number;
  readonly at: (ms: number, act: () => void) => void;
  /** Goes to the next time at which something is due and lets it happen; false when nothing is. */
  readonly step: () => boolean;
}

export function createClock(): Clock {
  const due: { readonly ms: number; readonly act: () => void }[] = [];
  let now = 0;
  return {
    nowMs: () => now,
    at: (ms, act) => {
      const later = due.findIndex((one) => one.ms > ms);
      due.splice(later < 0 ? due.length : later, 0, { ms, act });
    },
    step: () => {
      const first = due.shift();
      if (!first) return false;
      now = Math.max(now, first.ms);
      first.act();
      return true;
    },
  };
}

/** Where simulated runs begin. */
export const SIMULATED_START = '2026-01-01T00:00:00.000Z';
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** ISO 8601, this long after SIMULATED_START; within that year and two more, none of which leaps. */
export function isoAfter(ms: number): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  let day = Math.floor(ms / 86_400_000);
  const year = 2026 + Math.floor(day / 365);
  day %= 365;
  let month = 0;
  while (day >= (DAYS_IN_MONTH[month] ?? 365)) {
    day -= DAYS_IN_MONTH[month] ?? 0;
    month += 1;
  }
  const rest = ms % 86_400_000;
  const time = `${pad(Math.floor(rest / 3_600_000))}:${pad(Math.floor(rest / 60_000) % 60)}:${pad(Math.floor(rest / 1000) % 60)}`;
  return `${year}-${pad(month + 1)}-${pad(day + 1)}T${time}.${pad(rest % 1000, 3)}Z`;
}
