// An ending that people must hear of: the page is stored in the commit that makes it their business, so that no crash parts them.
import { type Ending, recordEnding } from '../store/effects.ts';
import type { ActivityDeps } from './deps.ts';

/** `page`: in words; absent: nobody need hear of it. */
export async function recordTold(deps: ActivityDeps, ending: Ending, page: string | undefined): Promise<void> {
  const { runId, key, kind } = ending.identity;
  if (page === undefined) return await recordEnding(deps.store.db, ending, deps.now());
  // Apart from what was said of the step before it ended, and of the effect before its undo.
  await recordEnding(deps.store.db, ending, deps.now(), async (trx) => await deps.page(page, { runId, key: `${key}.${kind}.end` }, trx));
  deps.store.wake('messages');
}
