// Reads until it is so, or the time is over: a 202 is not a promise kept.
import type { Json } from '../connectors/connector.ts';

/** First looks come fast: most products are done within a few of them, ms. */
const FIRST_LOOKS_MS = [0, 20, 40, 80, 160];

export interface Settled {
  readonly state: Json;
  readonly done: boolean;
}

export async function settle(
  read: () => Promise<Json>,
  done: (state: Json) => boolean,
  limits: { readonly everyMs: number; readonly forMs: number; readonly nowMs: () => number },
): Promise<Settled> {
  const until = limits.nowMs() + limits.forMs;
  for (let look = 0; ; look++) {
    const pause = Math.min(FIRST_LOOKS_MS[look] ?? limits.everyMs, limits.everyMs);
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const state = await read();
    if (done(state)) return { state, done: true };
    if (limits.nowMs() >= until) return { state, done: false };
  }
}
