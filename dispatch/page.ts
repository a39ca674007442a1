// What a person must hear of now. The caller decides through which channel.
import type { PageCode } from '../store/page-codes.ts';
import type { Trx } from '../store/store.ts';

export interface Page {
  readonly code: PageCode;
  /** What, where, and what to do, in words. */
  readonly message: string;
  /** Sign-in names of whom it is for; absent: whoever is told of everything. */
  readonly to?: readonly string[];
  readonly runId?: string;
  readonly alertId?: string;
  /** Tells apart pages of one code about neither: a repetition under the same key is the same page. */
  readonly key?: string;
}

/**
 * Within a transaction it is stored in that commit, or fails it: nobody is told of what did not happen, and what happened is told whatever crashes.
 * Call `store.wake('messages')` after the commit.
 */
export type Pager = (page: Page, within?: Trx) => void | Promise<void>;
