// Slows guessing down without ever locking anybody out. Failures count for a login together with the address they come from, so a stranger
// elsewhere cannot make the owner wait; a login that is tried from many addresses is slowed for addresses that never signed in to it.

/** Free tries, then 1, 2, 4 … seconds. */
const FREE_FAILURES = 3;
const MAX_DELAY_MS = 60_000;
/** From all addresses together, within the hour. */
const LOGIN_FAILURES = 30;
const LOGIN_SPACING_MS = 5_000;
const FORGET_MS = 60 * 60 * 1000;
/** Entries kept; the oldest go first. */
const MAX_ENTRIES = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export interface SignInThrottle {
  /** How long this try has to wait, ms; 0: go ahead. */
  waitMs(login: string, peer: string, nowMs: number): number;
  failed(login: string, peer: string, nowMs: number): void;
  succeeded(login: string, peer: string): void;
}

export function signInThrottle(): SignInThrottle {
  const pairs = new Map<string, Failures>();
  const logins = new Map<string, Failures>();
  const familiar = new Map<string, true>();
  const pair = (login: string, peer: string) => JSON.stringify([login, peer]);
  return {
    waitMs(login, peer, nowMs) {
      const own = pairs.get(pair(login, peer));
      const all = logins.get(login);
      const isStrange = !familiar.has(pair(login, peer));
      // Bounded, should the clock be set back.
      return Math.min(MAX_DELAY_MS, Math.max(0, delayOf(own, nowMs), isStrange ? spacingOf(all, nowMs) : 0));
    },
    failed(login, peer, nowMs) {
      note(pairs, pair(login, peer), nowMs);
      note(logins, login, nowMs);
    },
    succeeded(login, peer) {
      pairs.delete(pair(login, peer));
      familiar.set(pair(login, peer), true);
      trim(familiar);
    },
  };
}

function delayOf(failures: Failures | undefined, nowMs: number): number {
  if (!failures || failures.count < FREE_FAILURES) return 0;
  const delayMs = Math.min(MAX_DELAY_MS, 1000 * 2 ** (failures.count - FREE_FAILURES));
  return failures.lastMs + delayMs - nowMs;
}

function spacingOf(failures: Failures | undefined, nowMs: number): number {
  return failures && failures.count >= LOGIN_FAILURES ? failures.lastMs + LOGIN_SPACING_MS - nowMs : 0;
}

function note(entries: Map<string, Failures>, key: string, nowMs: number): void {
  const before = entries.get(key);
  const isOld = before === undefined || nowMs - before.lastMs > FORGET_MS;
  entries.delete(key);
  entries.set(key, { count: isOld ? 1 : before.count + 1, lastMs: nowMs });
  trim(entries);
}

function trim(entries: Map<string, unknown>): void {
  const oldest = entries.size > MAX_ENTRIES ? entries.keys().next().value : undefined;
  if (oldest !== undefined) entries.delete(oldest);
}

/** One spelling for each login: what people may type differently is the same account. */
export const canonicalLogin = (login: string): string => login.normalize('NFKC').trim().toLowerCase();
