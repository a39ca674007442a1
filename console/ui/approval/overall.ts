// What became of an approval as a whole. "Done" is said only of what was done, and nothing is waited for that cannot come any more.
import type { ApprovalDetail, ApprovalItem } from '../../../server/contract.ts';
import { type Said, stepSaid } from '../../words.ts';

/** Ended without anything having been sent. */
const NOT_DONE: readonly (string | undefined)[] = ['denied', 'expired', 'cancelled', 'would'];

/** Approved, and nothing is known of them yet. */
export const notBegun = ({ state, items, effects }: ApprovalDetail): readonly ApprovalItem[] =>
  state === 'granted' ? items.filter((item) => !effects.some(({ key }) => key === item.key)) : [];

export const notBegunWords = (runEnded: boolean): string => (runEnded ? 'was not begun: the run has ended' : 'waiting for its turn');

export function overallSaid(approval: ApprovalDetail): Said {
  if (approval.state !== 'granted') return { tone: approval.state === 'void' ? 'bad' : 'none', word: STATE_WORDS[approval.state] };
  const said = approval.effects.map(stepSaid);
  const bad = said.find(({ tone }) => tone === 'bad');
  if (bad) return bad;
  const missing = notBegun(approval).length;
  if ((missing > 0 && !approval.runEnded) || said.some(({ tone }) => tone === 'wait' || tone === 'needs'))
    return { tone: 'wait', word: 'approved, being carried out' };
  const begun = approval.effects.filter(({ kind }) => kind === 'do');
  const notDone = missing + begun.filter(({ outcome }) => NOT_DONE.includes(outcome)).length;
  if (notDone > 0) return { tone: 'none', word: notDone === missing + begun.length ? 'approved, not done' : 'done in part' };
  const isVerified = said.length > 0 && said.every(({ tone }) => tone === 'ok');
  return isVerified ? { tone: 'ok', word: 'done, verified' } : { tone: 'none', word: 'done' };
}

const STATE_WORDS: Readonly<Record<ApprovalDetail['state'], string>> = {
  open: 'open',
  granted: 'approved',
  denied: 'denied',
  expired: 'expired: silence is a no',
  void: 'void',
  answered: 'answered',
  withdrawn: 'withdrawn: no longer needed',
};
