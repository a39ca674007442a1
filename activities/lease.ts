// A look at a slow product, or an effect of several requests to it, takes longer than one lease: while this process works, its lock and intent are
// renewed. A process that is paused or dead renews nothing, and what is over stays over.
import { renewLease, renewLock } from '../store/locks.ts';
import type { ActivityDeps } from './deps.ts';

export interface Lease {
  /** On the monotonic clock, ms. */
  readonly endsMs: () => number;
  /** Nothing is renewed after it. */
  readonly stop: () => Promise<void>;
}

interface Leased {
  readonly runId: string;
  readonly key: string;
  /** Absent where the step has no target and so no lock. */
  readonly fence: string | undefined;
}

type Deps = Pick<ActivityDeps, 'store' | 'timing' | 'owner' | 'monotonicMs' | 'log'>;

/** Parts of the time between the last moment that a request may go out and the lease's end: one renewal may be late. */
const RENEWALS = 3;
/** ms. What hangs for longer is let go of, so that it is seen and others are not kept waiting for ever. */
const AT_MOST_MS = 5 * 60_000;

/** Lock and intent. */
export function keepLease(deps: Deps, of: Leased & { readonly generation: number }, firstEndsMs: number): Lease {
  const wish = { ...of, owner: deps.owner, leaseMs: deps.timing.leaseMs };
  return renewed(deps, of, firstEndsMs, async () => await renewLease(deps.store.db, wish));
}

/** There is no intent yet: the lock alone is ours as long as the look takes. */
export async function whileLooking<T>(deps: Deps, of: Leased, look: () => Promise<T>): Promise<T> {
  const { fence } = of;
  if (fence === undefined) return await look();
  const lease = renewed(deps, of, 0, async () => await renewLock(deps.store.db, fence, deps.timing.leaseMs));
  try {
    return await look();
  } finally {
    await lease.stop();
  }
}

function renewed(deps: Deps, of: Leased, firstEndsMs: number, ask: () => Promise<boolean>): Lease {
  const { leaseMs, requestTimeoutMs } = deps.timing;
  let endsMs = firstEndsMs;
  const lastMs = deps.monotonicMs() + AT_MOST_MS;
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    // From before it is asked for: the store's lease ends no sooner than ours.
    const beganMs = deps.monotonicMs();
    if (await ask()) endsMs = beganMs + leaseMs;
  };
  const timer = setInterval(
    () => {
      if (deps.monotonicMs() > lastMs) return;
      renewing ??= renew()
        .catch((error: unknown) => deps.log.warn({ err: error, run: of.runId, key: of.key }, 'a lease could not be renewed'))
        .finally(() => {
          renewing = undefined;
        });
    },
    Math.max(1, (leaseMs - requestTimeoutMs) / RENEWALS),
  );
  return {
    endsMs: () => endsMs,
    stop: async () => {
      clearInterval(timer);
      await renewing;
    },
  };
}
