// Durations as authors write them: numbers with a unit each, the largest first.

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** 30s, 5m, 2h, 7d, 1h30m; from one second to 999 days. */
export const DURATION_PATTERN = /^(?=[1-9])(?:[1-9][0-9]{0,5}d)?(?:[1-9][0-9]{0,5}h)?(?:[1-9][0-9]{0,5}m)?(?:[1-9][0-9]{0,5}s)?$/;
export const MAX_DURATION_MS = 999 * 86_400_000;

/** Milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  const parts = text.match(/[0-9]+[smhd]/g) ?? [];
  const ms = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNIT_MS[part.slice(-1)] ?? Number.NaN), 0);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}
