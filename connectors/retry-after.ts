// A product's wish when to come back, from its Retry-After header.

/** No product makes us wait longer than this by itself, ms: 5 minutes. */
const MAX_RETRY_AFTER_MS = 300_000;

/** Seconds or an HTTP date, to ms between 0 and 5 minutes; undefined where the header says nothing that can be read. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const wishMs = /^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (Number.isNaN(wishMs)) return undefined;
  return Math.min(Math.max(Math.round(wishMs), 0), MAX_RETRY_AFTER_MS);
}
