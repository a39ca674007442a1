// Many approvals that ask for the same thing, decided in one go: each by itself, with all its rules, over the digest that was shown of it.

import { readAlikeness } from '../store/views/alike.ts';
import type { BatchOutcome } from './contract.ts';
import { type Decision, decide } from './decide.ts';
import type { ServerDeps } from './deps.ts';
import { isProblem, problem } from './problems.ts';
import type { Who } from './who.ts';

export interface Batch {
  readonly decision: 'approve' | 'deny';
  readonly approvals: readonly { readonly id: string; readonly digest: string }[];
  readonly reason?: string | undefined;
}

/** Throws APPROVAL_NOT_ALIKE where one of them asks for something else: nothing is decided then. One that is refused keeps no other back. */
export async function decideAlike(deps: ServerDeps, who: Who, { decision, approvals, reason }: Batch): Promise<readonly BatchOutcome[]> {
  const ids = [...new Set(approvals.map(({ id }) => id))];
  if (ids.length < approvals.length) throw problem('INVALID_INPUT', 'One of them is named twice.');
  const known = await readAlikeness(deps.store.db, ids);
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw problem('NOT_FOUND', `There is no approval ${missing}.`);
  if (new Set(known.values()).size > 1)
    throw problem('APPROVAL_NOT_ALIKE', 'They are not of one playbook and step with the same actions, so one look is not enough for all.');
  const outcomes: BatchOutcome[] = [];
  for (const { id, digest } of approvals) outcomes.push(await one(deps, who, { approvalId: id, decision, digest, reason }));
  return outcomes;
}

async function one(deps: ServerDeps, who: Who, given: Decision): Promise<BatchOutcome> {
  try {
    const { id, title, state } = await decide(deps, who, given);
    return { id, title, state };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { id: given.approvalId, code: error.problem, detail: error.message };
  }
}
