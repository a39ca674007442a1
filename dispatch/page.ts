// What a person must hear of now. The caller decides through which channel.

export interface Page {
  /** Stable. */
  readonly code: 'RUN_LOST' | 'RUNS_MISSING' | 'DELIVERY_GIVEN_UP' | 'DEBTS_OPEN' | 'HOLD_DRIFTED' | 'RUNS_STUCK' | 'BREAK_GLASS';
  /** What, where, and what to do, in words. */
  readonly message: string;
  /** Sign-in names of whom it is for; absent: whoever is told of everything. */
  readonly to?: readonly string[];
  readonly runId?: string;
  readonly alertId?: string;
  /** Tells apart pages of one code about neither: a repetition under the same key is the same page. */
  readonly key?: string;
}

export type Pager = (page: Page) => void | Promise<void>;
