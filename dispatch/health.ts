// Is Temporal there? While it is away nothing piles onto it: one delivery at a time tries, further and further apart, up to some seconds.
import { backoffMs, TEMPORAL_BACKOFF } from './backoff.ts';

export interface TemporalHealth {
  /** How many deliveries may be claimed now, while `calls` are under way: all, one to try with, or none. */
  allowance(most: number, calls: number): number;
  away(): void;
  /** True: it was away until now. */
  answered(): boolean;
  readonly isAway: boolean;
}

/** By a clock that nobody sets: one that was set back would put off everything for as long. */
export function temporalHealth(monotonicMs: () => number, random: () => number): TemporalHealth {
  let failures = 0;
  let untilMs = 0;
  return {
    allowance(most, calls) {
      if (failures === 0) return most;
      // A call to a server that is away takes longer to fail than the next try is off.
      return calls > 0 || monotonicMs() < untilMs ? 0 : Math.min(1, most);
    },
    away() {
      // Many calls in flight fail together: that is one failure.
      if (failures > 0 && monotonicMs() < untilMs) return;
      failures += 1;
      untilMs = monotonicMs() + backoffMs(TEMPORAL_BACKOFF, failures, random());
    },
    answered() {
      const wasAway = failures > 0;
      failures = 0;
      untilMs = 0;
      return wasAway;
    },
    get isAway() {
      return failures > 0;
    },
  };
}
