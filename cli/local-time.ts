// Wall clocks: hours that a change of the clocks leaves out do not exist.

const DAY_MS = 86_400_000;

/** `local`: 2026-03-29T02:30, as a clock in the zone shows it. */
export function existsIn(zone: string, local: string): boolean {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc)) return false;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const shown = (ms: number): string => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
  };
  // The zone is as far from UTC as it is a day before or a day after.
  const aheadMs = [asUtc - DAY_MS, asUtc + DAY_MS].map((ms) => Date.parse(`${shown(ms)}:00Z`) - ms);
  return aheadMs.some((ahead) => shown(asUtc - ahead) === local);
}
