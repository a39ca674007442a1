// What became of one effect, as a sentence with its time. It says "verified" only for what was read back.
import type { StepRow } from '../../../server/contract.ts';
import { clock } from '../../time.ts';
import { waitsFor } from '../../words.ts';

export function effectWords(step: StepRow): string {
  const at = step.endedAt ? ` at ${clock(step.endedAt)}` : '';
  switch (step.state) {
    case 'reading':
      return 'reading the present state';
    case 'waiting':
      return `waiting for ${waitsFor(step.waitingOn)}`;
    case 'intent':
      return 'sent; the answer has not come yet';
    case 'skipped':
      return 'skipped';
    case 'not-reached':
      return 'not reached';
    case 'ended':
      return endedWords(step, at);
    default:
      return step.state satisfies never;
  }
}

function endedWords(step: StepRow, at: string): string {
  const cause = step.error ? `: ${step.error.message}` : '';
  switch (step.outcome) {
    case 'changed':
      if (step.after === undefined || step.after === null) return `done, acknowledged by the product${at}; nothing to read back`;
      return step.recovered ? `found done after a crash, verified by reading back${at}` : `done, verified by reading back${at}`;
    case 'already':
      return `already so${at}; nothing was sent`;
    case 'pending':
      return `taken by the product${at}; it has not happened yet`;
    case 'unverified':
      return `NOT verified: sent, and reading back does not show it${at}${cause}`;
    case 'failed':
      return `failed${at}${cause}`;
    case 'unknown':
      return `outcome unknown${at}: it may or may not have happened; a person must look${cause}`;
    case 'would':
      return 'would have been done; this playbook only observes';
    case 'denied':
      return `denied${at}; nothing was sent${cause}`;
    default:
      return `${step.outcome ?? 'ended'}${at}${cause}`;
  }
}
