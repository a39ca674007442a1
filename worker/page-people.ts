// Something needs a person now: in the log at once, in the store as a page, and from there on its way to people.
import type { Logger } from 'pino';
import type { ChannelDeps } from '../channels/deps.ts';
import { raise } from '../channels/pages.ts';
import { recipientsOf, type WhomDeps } from '../channels/whom.ts';
import type { PageCode } from '../store/page-codes.ts';
import type { Trx } from '../store/store.ts';

export interface PersonNeeded {
  readonly key: string;
  readonly code: PageCode;
  readonly message: string;
  readonly runId?: string;
  /** Sign-in names of whom it is for, beside whoever is told of everything. */
  readonly to?: readonly string[];
}

/** Never throws, unless within a transaction: then the page is a part of it and fails it, and the caller wakes `messages` after the commit. */
export type PagePeople = (needed: PersonNeeded, within?: Trx) => void | Promise<void>;

/** Wake people at once, whatever severity a run has. */
const CRITICAL: ReadonlySet<PageCode> = new Set(['RUNS_MISSING', 'BREAK_GLASS']);
const PAUSES_MS = [1_000, 5_000, 30_000, 120_000];

export function pagePeople(deps: Pick<ChannelDeps, 'store' | 'pages' | 'now'> & WhomDeps, log: Logger): PagePeople {
  const tell = async ({ to = [], ...page }: PersonNeeded, within?: Trx): Promise<void> => {
    const also = await recipientsOf(deps, to, within ?? deps.store.db);
    await raise(deps, { ...page, isCritical: CRITICAL.has(page.code) }, within, also);
  };
  const attempt = (needed: PersonNeeded, nth: number): void => {
    tell(needed).catch((error: unknown) => {
      const pause = PAUSES_MS[nth];
      log.error({ page: needed.key, err: error }, pause === undefined ? 'people could not be told' : 'people could not be told yet');
      if (pause !== undefined) setTimeout(() => attempt(needed, nth + 1), pause).unref();
    });
  };
  return (needed, within) => {
    log.warn({ page: needed.key }, needed.message);
    if (within !== undefined) return tell(needed, within);
    attempt(needed, 0);
  };
}
