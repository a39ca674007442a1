// Durations as people write them, for holds that are renewed.
import { problem } from './problems.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_MS = 90 * 86_400_000;

/** Ms. Throws INVALID_INPUT for anything but 1m to 90d. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (!(ms <= MOST_MS)) throw problem('INVALID_INPUT', `"for" is ${JSON.stringify(text)}: write 30m, 8h or 7d, at most 90d.`);
  return ms;
}
