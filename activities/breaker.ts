// One breaker for each product: when it does not answer, what would contain waits instead of failing, one attempt at a time finds out whether it is
// back, and then they go on at a bounded rate. Each process learns for itself; nothing rests on it but when an attempt is made.

export interface BreakerTiming {
  /** Failures in a row, over all runs, that open it. */
  readonly openAfter: number;
  /** One attempt in this time while it is open, ms. */
  readonly probeMs: number;
  /** Attempts a second once it answers again. */
  readonly perSecond: number;
  /** What has waited this long, for a product that is away this long, is tried, and fails, all the same: the playbook's `on_error` is to have its turn, ms. */
  readonly patienceMs: number;
  /** A group is asked about without what cannot be looked at, once the rest has waited this long for it, ms. */
  readonly askAfterMs: number;
}

export const DEFAULT_BREAKER: BreakerTiming = { openAfter: 5, probeMs: 15_000, perSecond: 5, patienceMs: 900_000, askAfterMs: 60_000 };

/** It may be away: refused connections, time-outs, 5xx. What it says about us or our request is no outage. */
const OUTAGE: ReadonlySet<string> = new Set(['UNREACHABLE', 'TIMEOUT', 'UNAVAILABLE', 'SERVER_ERROR']);

export interface Breakers {
  /** 0: go on. Else wait this long and ask again, ms. `key` names the attempt: it keeps its turn. */
  readonly waitMs: (product: string, key: string) => number;
  /** Is this failure one that counts? True: it has just opened. */
  readonly failed: (product: string, code: string) => boolean;
  /** How long it has been open, ms; 0: it is not. */
  readonly openMs: (product: string) => number;
  /** It answered. True: it has just closed. */
  readonly met: (product: string) => boolean;
}

interface Breaker {
  failures: number;
  /** When the next attempt may find out, ms; undefined: closed. */
  probeAt?: number;
  /** When it opened, ms; means nothing while it is closed. */
  openedAt: number;
  /** Turns given to those who waited, by key; all of them are over when the last one is. */
  readonly turns: Map<string, number>;
  lastTurn: number;
}

export function breakers(timing: BreakerTiming, nowMs: () => number): Breakers {
  const all = new Map<string, Breaker>();
  // A product that answers now and then, and is away again before long, has been away since the first time.
  const spells = new Map<string, { readonly since: number; readonly until: number }>();
  const waitTurn = (breaker: Breaker, key: string, now: number): number => {
    const mine = breaker.turns.get(key);
    if (mine !== undefined && now >= mine) {
      breaker.turns.delete(key);
      return 0;
    }
    if (mine !== undefined) return mine - now;
    breaker.lastTurn = Math.max(breaker.lastTurn + 1_000 / timing.perSecond, now);
    if (breaker.lastTurn <= now) return 0;
    breaker.turns.set(key, breaker.lastTurn);
    return breaker.lastTurn - now;
  };
  return {
    waitMs(product, key) {
      const breaker = all.get(product);
      if (!breaker) return 0;
      const now = nowMs();
      if (breaker.probeAt !== undefined) {
        if (now < breaker.probeAt) return breaker.probeAt - now;
        breaker.probeAt = now + timing.probeMs;
        return 0;
      }
      if (breaker.failures > 0) return 0;
      if (now > breaker.lastTurn + timing.probeMs) {
        all.delete(product);
        return 0;
      }
      return waitTurn(breaker, key, now);
    },
    failed(product, code) {
      if (!OUTAGE.has(code)) return false;
      const breaker: Breaker = all.get(product) ?? { failures: 0, openedAt: 0, turns: new Map(), lastTurn: 0 };
      all.set(product, breaker);
      breaker.failures += 1;
      if (breaker.probeAt !== undefined || breaker.failures < timing.openAfter) return false;
      const now = nowMs();
      const spell = spells.get(product);
      breaker.openedAt = spell && now - spell.until < timing.patienceMs ? spell.since : now;
      breaker.probeAt = now + timing.probeMs;
      breaker.turns.clear();
      return true;
    },
    openMs(product) {
      const breaker = all.get(product);
      return breaker?.probeAt === undefined ? 0 : nowMs() - breaker.openedAt;
    },
    met(product) {
      const breaker = all.get(product);
      if (!breaker || breaker.failures === 0) return false;
      const wasOpen = breaker.probeAt !== undefined;
      if (wasOpen) spells.set(product, { since: breaker.openedAt, until: nowMs() });
      breaker.failures = 0;
      delete breaker.probeAt;
      breaker.lastTurn = nowMs();
      if (!wasOpen) all.delete(product);
      return wasOpen;
    },
  };
}
