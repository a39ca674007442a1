// A token bucket: so many at once, so many a second over time. Pure; the caller keeps the state and hands in the clock.

export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export type Taken =
  | { readonly ok: true; readonly bucket: Bucket }
  | { readonly ok: false; readonly bucket: Bucket; readonly waitSeconds: number };

export const fullBucket = (rate: Rate, nowMs: number): Bucket => ({ tokens: rate.burst, atMs: nowMs });

/** A clock that goes backwards refills nothing. */
export function takeToken(bucket: Bucket, rate: Rate, nowMs: number): Taken {
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = Math.min(rate.burst, bucket.tokens + (passedMs / 1000) * rate.perSecond);
  if (tokens >= 1) return { ok: true, bucket: { tokens: tokens - 1, atMs: nowMs } };
  return { ok: false, bucket: { tokens, atMs: nowMs }, waitSeconds: (1 - tokens) / rate.perSecond };
}
