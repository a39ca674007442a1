// How far a zone's wall clock is ahead of UTC, and from when: as data, for code that may not ask for zones itself.

export interface ZoneOffset {
  readonly fromMs: number;
  readonly aheadMs: number;
}

const DAY_MS = 86_400_000;
/** Zones change by law: what is known is written down for this long, and a process lives shorter. */
const YEARS_AHEAD = 5;
/** No zone keeps an offset for less than this. */
const STEP_MS = 7 * DAY_MS;

/** From the instant on, in order. Throws a RangeError for a zone that this machine does not know. */
export function offsetsOf(zone: string, fromMs: number, nowMs: number): readonly ZoneOffset[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });
  const ahead = (ms: number): number => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const shown = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
    return shown - Math.floor(ms / 1000) * 1000;
  };
  const first = Math.min(fromMs, nowMs);
  const offsets: ZoneOffset[] = [{ fromMs: first, aheadMs: ahead(first) }];
  for (let at = first; at < nowMs + YEARS_AHEAD * 365 * DAY_MS; at += STEP_MS) {
    const before = offsets.at(-1)?.aheadMs ?? 0;
    if (ahead(at + STEP_MS) !== before) offsets.push(changeBetween(at, at + STEP_MS, before, ahead));
  }
  return offsets;
}

/** To the second. */
function changeBetween(fromMs: number, toMs: number, before: number, ahead: (ms: number) => number): ZoneOffset {
  let [low, high] = [fromMs, toMs];
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (ahead(middle) === before) low = middle === low ? high : middle;
    else high = middle;
  }
  return { fromMs: high, aheadMs: ahead(high) };
}
