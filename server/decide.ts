// A person's decision, handed to the store and answered with what the approval is now.
import { checkForm } from '../language/form.ts';
import { checkRows } from '../language/rows.ts';
import { decideApproval } from '../store/approvals.ts';
import { ackApproval } from '../store/escalations.ts';
import { readApproval } from '../store/views/approvals.ts';
import type { ApprovalDetail } from './contract.ts';
import type { ServerDeps } from './deps.ts';
import { formProblem, isProblemCode, type ProblemError, problem } from './problems.ts';
import { readerOf } from './reader.ts';
import type { Who } from './who.ts';

/** As the audit log and the console name it. */
export const CHANNELS: Readonly<Record<Who['via'], string>> = { session: 'console', token: 'cli', slack: 'slack' };
/** A granted approval is stale after this; then it is asked for again, ms. */
const USE_BY_MS = 60 * 60 * 1000;

export interface Decision {
  readonly approvalId: string;
  readonly decision: 'approve' | 'deny' | 'answer';
  readonly digest: string;
  readonly answer?: unknown;
  readonly reason?: string | undefined;
}

/** Throws the problem when the store does not take it: wrong digest, too late, not theirs to decide. */
export async function decide(deps: ServerDeps, who: Who, given: Decision): Promise<ApprovalDetail> {
  const { store } = deps;
  const answer = given.decision === 'answer' ? await checkedAnswer(deps, who, given) : undefined;
  const reader = await readerOf(deps, who);
  const result = await decideApproval(store.db, {
    approvalId: given.approvalId,
    person: reader,
    authorMay: reader.authorMay ?? false,
    decision: given.decision,
    ...(answer === undefined ? {} : { answer }),
    digest: given.digest,
    reason: given.reason ?? '',
    channel: CHANNELS[who.via],
    useByMs: deps.approvalUseByMs ?? USE_BY_MS,
    now: deps.now(),
  });
  if (result.kind === 'refused') throw refusal(result);
  for (const channel of ['outbox', 'approvals', 'runs']) store.wake(channel);
  const now = await readApproval(store.db, given.approvalId, reader);
  if (!now) throw problem('NOT_FOUND', `There is no approval ${given.approvalId}.`);
  return now;
}

/** "I have it": others are asked later. Throws the problem when it is not theirs to say, or was said already. */
export async function acknowledge(deps: ServerDeps, who: Who, approvalId: string): Promise<ApprovalDetail> {
  const { store } = deps;
  const reader = await readerOf(deps, who);
  const result = await ackApproval(store.db, { approvalId, person: reader, authorMay: reader.authorMay ?? false }, deps.now());
  if (result.kind === 'refused') throw refusal(result);
  store.wake('approvals');
  const now = await readApproval(store.db, approvalId, reader);
  if (!now) throw problem('NOT_FOUND', `There is no approval ${approvalId}.`);
  return now;
}

function refusal({ code, message }: { readonly code: string; readonly message: string }): ProblemError {
  return problem(code === 'APPROVAL_NOT_FOUND' ? 'NOT_FOUND' : isProblemCode(code) ? code : 'APPROVAL_ENDED', message);
}

/** What is asked never changes under its id, and the store refuses another digest: so it can be checked before the row is locked. */
async function checkedAnswer(deps: ServerDeps, who: Who, given: Decision): Promise<unknown> {
  const question = await readApproval(deps.store.db, given.approvalId, await readerOf(deps, who));
  if (!question?.form && !question?.rows) return given.answer;
  // Late, changed, or not theirs to answer: the store says so, whatever the answer looks like. What was not checked is not handed on.
  if (question.state !== 'open' || question.digest !== given.digest || !question.mayDecide) return undefined;
  const checked = question.form ? checkForm(question.form, given.answer) : question.rows && checkRows(question.rows, given.answer);
  if (checked && !checked.ok) throw formProblem('ANSWER_INVALID', checked.faults);
  return checked?.value;
}
