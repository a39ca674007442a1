// Durations as authors write them: a number and one unit.

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** 30s, 5m, 2h, 7d; from one second to 999 days. */
export const DURATION_PATTERN = /^[1-9][0-9]{0,5}[smhd]$/;
export const MAX_DURATION_MS = 999 * 86_400_000;

/** Milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  const ms = Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? Number.NaN);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}
