// Slows guessing down, and locks nobody out for long. Failures count for a login together with the address they come from, so a stranger
// elsewhere cannot make the owner wait; a login that is tried from many addresses is slowed for addresses that never signed in to it. An address that
// tries many logins is slowed for logins that never signed in from it: behind a proxy, which is one address, those who have signed in lately go on as
// they did, and so does whoever is signed in and gives the password once more.

/** Free tries, then 1, 2, 4 … seconds. */
const FREE_FAILURES = 3;
const MAX_DELAY_MS = 60_000;
/** From all addresses together, within the hour. */
const LOGIN_FAILURES = 30;
const LOGIN_SPACING_MS = 5_000;
/** Of one address with all logins, tries under way included, so that many at once are not free. */
const PEER_FAILURES = 50;
const PEER_SPACING_MS = 1_000;
const FORGET_MS = 60 * 60 * 1000;
/** Entries kept; the oldest go first. */
export const MAX_ENTRIES = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export interface SignInThrottle {
  /** How long this try has to wait, ms; 0: go ahead. `isKnown`: who tries is signed in already. */
  waitMs(login: string, peer: string, nowMs: number, isKnown?: boolean): number;
  /** The try begins: for its address it has failed until `uncounted` takes that back. */
  begun(peer: string, nowMs: number): void;
  /** It was right, or never looked at. */
  uncounted(peer: string): void;
  failed(login: string, peer: string, nowMs: number): void;
  succeeded(login: string, peer: string): void;
}

/** `known`: who has signed in from where before this start, oldest first. */
export function signInThrottle(known: readonly { readonly login: string; readonly peer: string }[]): SignInThrottle {
  const pairs = new Map<string, Failures>();
  const logins = new Map<string, Failures>();
  const peers = new Map<string, Failures>();
  const pair = (login: string, peer: string) => JSON.stringify([login, peer]);
  const familiar = new Map(known.map(({ login, peer }) => [pair(canonicalLogin(login), peer), true]));
  return {
    waitMs(login, peer, nowMs, isKnown = false) {
      const own = pairs.get(pair(login, peer));
      const isStrange = !isKnown && !familiar.has(pair(login, peer));
      const ofLogin = isStrange ? spacingOf(logins.get(login), LOGIN_FAILURES, LOGIN_SPACING_MS, nowMs) : 0;
      const ofPeer = isStrange ? spacingOf(peers.get(peer), PEER_FAILURES, PEER_SPACING_MS, nowMs) : 0;
      // Bounded, should the clock be set back.
      return Math.min(MAX_DELAY_MS, Math.max(0, delayOf(own, nowMs), ofLogin, ofPeer));
    },
    begun(peer, nowMs) {
      note(peers, peer, nowMs);
    },
    uncounted(peer) {
      const known = peers.get(peer);
      if (known) peers.set(peer, { ...known, count: Math.max(0, known.count - 1) });
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

function spacingOf(failures: Failures | undefined, free: number, spacingMs: number, nowMs: number): number {
  return failures && failures.count >= free ? failures.lastMs + spacingMs - nowMs : 0;
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
