// How long to wait before the next try, ms. Doubling, capped, with jitter so that what failed together does not come back together.

export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

/** For one row that fails by itself. */
export const ROW_BACKOFF: Backoff = { firstMs: 500, capMs: 60_000 };
/** For all of Temporal being away: short, so that everything flows within seconds of its return. */
export const TEMPORAL_BACKOFF: Backoff = { firstMs: 250, capMs: 5_000 };

/** `failures` from 1; `random` in [0, 1). Between half and all of the full delay. */
export function backoffMs(backoff: Backoff, failures: number, random: number): number {
  const full = Math.min(backoff.capMs, backoff.firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(full / 2 + (full / 2) * random);
}
