// Something that a person writes about an approval.
import { addComment } from '../store/comments.ts';
import { readApproval } from '../store/views/approvals.ts';
import type { ApprovalDetail } from './contract.ts';
import { CHANNELS } from './decide.ts';
import type { ServerDeps } from './deps.ts';
import { problem } from './problems.ts';
import { readerOf } from './reader.ts';
import type { Who } from './who.ts';

/** Throws the problem when there is no such approval, or when too much was written already. */
export async function comment(deps: ServerDeps, who: Who, approvalId: string, text: string): Promise<ApprovalDetail> {
  const { store } = deps;
  const added = await addComment(store.db, { approvalId, personId: who.person.id, text, channel: CHANNELS[who.via] }, deps.now());
  if (added === 'full') throw problem('APPROVAL_FULL', `Two hundred comments have been written to ${approvalId}.`);
  store.wake('approvals');
  const now = added === 'added' ? await readApproval(store.db, approvalId, await readerOf(deps, who)) : undefined;
  if (!now) throw problem('NOT_FOUND', `There is no approval ${approvalId}.`);
  return now;
}
