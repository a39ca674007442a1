// What a person must hear of now. The caller decides through which channel.

export interface Page {
  /** Stable. */
  readonly code: 'RUN_LOST' | 'RUNS_MISSING' | 'DELIVERY_GIVEN_UP';
  /** What, where, and what to do, in words. */
  readonly message: string;
  readonly runId?: string;
  readonly alertId?: string;
}

export type Pager = (page: Page) => void | Promise<void>;
