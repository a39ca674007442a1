// What dispatch is given by the composition root.
import type { PlaceBounds } from '../store/places.ts';
import type { Store } from '../store/store.ts';
import type { Pager } from './page.ts';
import type { TemporalClient } from './temporal.ts';

export interface DispatchLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface DispatchDeps {
  readonly store: Store;
  /** Over the NativeConnection that the worker uses: runs then start eagerly on it. */
  readonly client: TemporalClient;
  /** Unique per process, or kept over restarts; plain letters, digits, '-' and '.'. Also the worker of `takePlace`. */
  readonly workerId: string;
  /** Default: DEFAULT_BOUNDS. */
  readonly bounds?: PlaceBounds;
  readonly now: () => Date;
  /** Of this process, never set. */
  readonly monotonicMs: () => number;
  readonly log: DispatchLog;
  /** Fault injection: `dispatch.claimed` is after a claim was committed and before the start. */
  readonly fail: (point: string) => void | Promise<void>;
  readonly page: Pager;
  /** Delivers a notification about an approval (outbox rows of kind `notify`). Absent: they wait for a worker that has it. */
  readonly notify?: (notification: { readonly runId: string; readonly payload: unknown }) => Promise<void>;
  readonly engineVersion: number;
  /** Address of the console without a final slash. */
  readonly consoleUrl: string;
  readonly timing?: Partial<DispatchTiming>;
  /** In [0, 1), for jitter. Default: Math.random. */
  readonly random?: () => number;
}

export interface DispatchTiming {
  /** Looks for rows whose wake was missed, for what has expired and for holds that are due. */
  readonly sweepMs: number;
  readonly reconcileMs: number;
  /** How often Temporal's schedules are compared with the published playbooks. */
  readonly schedulesMs: number;
  /** A run without progress for this long is asked about in Temporal, seconds. */
  readonly quietS: number;
  /** And again after this long, seconds. */
  readonly recheckS: number;
  /** Owners are reminded of what they owe this often, seconds. */
  readonly remindDebtsS: number;
  /** A call to a Temporal that is away ends only after its own time limit; a stop waits for deliveries no longer than this. */
  readonly stopWithinMs: number;
}

export const DEFAULT_TIMING: DispatchTiming = {
  sweepMs: 1_000,
  reconcileMs: 10_000,
  schedulesMs: 60_000,
  quietS: 20,
  recheckS: 30,
  remindDebtsS: 86_400,
  stopWithinMs: 3_000,
};
