// Instants and lengths of time, as people read them. All take ISO 8601 text and milliseconds.

const STEPS: readonly (readonly [limitMs: number, unitMs: number, unit: string])[] = [
  [60_000, 1_000, 's'],
  [3_600_000, 60_000, 'min'],
  [86_400_000, 3_600_000, 'h'],
  [Number.POSITIVE_INFINITY, 86_400_000, 'd'],
];

/** "45 s", "12 min", "3 h", "4 d". */
function length(ms: number): string {
  for (const [limitMs, unitMs, unit] of STEPS) if (ms < limitMs) return `${Math.floor(Math.max(0, ms) / unitMs)} ${unit}`;
  return '';
}

/** What is left of a time, to the nearest unit: "8 h" one second after eight hours were given. */
export function left(ms: number): string {
  for (const [limitMs, unitMs, unit] of STEPS) if (ms < limitMs) return `${Math.round(Math.max(0, ms) / unitMs)} ${unit}`;
  return '';
}

/** "just now", "12 min ago", "in 3 h". */
export function relative(iso: string, nowMs: number): string {
  const awayMs = Date.parse(iso) - nowMs;
  if (Number.isNaN(awayMs)) return iso; // not an instant: shown as it came
  if (Math.abs(awayMs) < 5_000) return 'just now';
  return awayMs < 0 ? `${length(-awayMs)} ago` : `in ${left(awayMs)}`;
}

/** "03:04:12" in the reader's zone. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour12: false });
}

/** "21 Nov 2026, 03:04:12 (UTC 2026-11-21T02:04:12Z)". */
export function absolute(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const local = at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return `${local} (UTC ${at.toISOString().replace(/\.\d{3}Z$/, 'Z')})`;
}

/** "12:41", "1:02:41": what is left on a clock, never below zero. */
export function remaining(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** How long something took: "0.3 s", "12 s", "4 min 3 s". */
export function took(fromIso: string, untilIso: string): string {
  const ms = Math.max(0, Date.parse(untilIso) - Date.parse(fromIso));
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s` : length(ms);
}
