// What activities are built from. Everything that touches the world or the clock comes in here.
import type { OpenConnectors } from '../connectors/registry.ts';
import type { Plan } from '../language/plan.ts';
import type { Directory } from '../policy/addressed.ts';
import type { Inventory } from '../policy/inventory.ts';
import type { Policy } from '../policy/policy.ts';
import type { Store, Trx } from '../store/store.ts';

import { type BreakerTiming, DEFAULT_BREAKER } from './breaker.ts';

export type { Instance } from '../connectors/registry.ts';

/** The opened instances, as far as activities use them. */
export type Connectors = Pick<OpenConnectors, 'servers' | 'instance' | 'actionOf'>;

export interface Timing {
  /** A request's own timeout at a product, ms. The lease is longer. */
  readonly requestTimeoutMs: number;
  /** How long a lock and an intent are ours without renewal, ms. */
  readonly leaseMs: number;
  /** A local attempt answers within this or hands over to the remote lane, ms. */
  readonly localDeadlineMs: number;
  /** The local lane of a connector stays closed this long after two missed deadlines, ms. */
  readonly laneClosedMs: number;
  /** How long the messenger's read-back is tried where the action does not say, ms. */
  readonly settleMs: number;
  /** Of products that do not answer. */
  readonly outage: BreakerTiming;
}

export const DEFAULT_TIMING: Timing = {
  requestTimeoutMs: 10_000,
  leaseMs: 12_000,
  localDeadlineMs: 1_800,
  laneClosedMs: 30_000,
  settleMs: 5_000,
  outage: DEFAULT_BREAKER,
};

export interface Log {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface ActivityDeps {
  readonly store: Store;
  readonly connectors: Connectors;
  /** The policy and the inventory in force now; files may change while we run. */
  readonly policy: () => Policy;
  readonly inventory: () => Inventory;
  /** Groups and rotas that questions are put to. */
  readonly directory: Directory;
  /** Exact names and addresses, lower case, of this machine and of the accounts that Cordon uses: never a target. */
  readonly ourselves: () => readonly string[];
  /** The plan of a run by its digest, from the store; cached. Undefined: there is none. */
  readonly plan: (runId: string, digest: string) => Promise<Plan | undefined>;
  /** This process; another one after each start. */
  readonly owner: string;
  /** Working places of this worker. */
  readonly place: (runId: string) => Promise<boolean>;
  readonly now: () => Date;
  /** Never goes back, ms. */
  readonly monotonicMs: () => number;
  readonly timing: Timing;
  readonly log: Log;
  /** Failure points of fault tests; does nothing otherwise. */
  readonly fail: (point: string) => void;
  /** Tells people that something needs them. Within a transaction it is stored in that commit, or fails it; then `store.wake('messages')`. */
  readonly page: (message: string, about: { runId: string; key: string }, within?: Trx) => void | Promise<void>;
}
