// An ending that people must hear of: the page is stored in the commit that makes it their business, so that no crash parts them.
import { type Ending, recordEnding } from '../store/effects.ts';
import type { Trx } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';
import { lockLost } from './look-again.ts';

/** `page`: in words; absent: nobody need hear of it. */
export async function recordTold(deps: ActivityDeps, ending: Ending, page: string | undefined): Promise<void> {
  const { runId, key, kind } = ending.identity;
  // Apart from what was said of the step before it ended, and of the effect before its undo.
  const tell = page === undefined ? undefined : async (trx: Trx) => await deps.page(page, { runId, key: `${key}.${kind}.end` }, trx);
  if (!(await recordEnding(deps.store.db, ending, deps.now(), tell))) throw lockLost();
  if (tell) deps.store.wake('messages');
}
