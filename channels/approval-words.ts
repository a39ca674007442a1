// What a message about an approval says: what is asked, then who decided, then what is true. Made from the store each time, so that it is never older than that.
import type { Button } from '../connectors/talk.ts';
import type { ApprovalDetail, ApprovalItem, StepRow } from '../server/contract.ts';
import { clock, isCut, minute, plain } from './plain.ts';

export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly Button[];
  /** Nothing of it will change any more. */
  readonly isFinal: boolean;
}

/** Effects that a message lists. Where there are more, nobody can have read them there: then it only links. */
const LISTED = 20;
const BEGIN = {
  asked: 'Waits for a decision',
  raised: 'More is needed than was approved',
  reminder: 'Still waits for a decision',
  escalation: 'Nobody has decided yet',
};

export type Occasion = keyof typeof BEGIN;

export function approvalWords(approval: ApprovalDetail, occasion: Occasion): Words {
  const title = plain(approval.title);
  if (approval.state === 'open')
    return { title: `${BEGIN[occasion]}: ${title}`, lines: openLines(approval), buttons: buttonsOf(approval), isFinal: false };
  const effects = approval.state === 'granted' ? effectsOf(approval) : { lines: [], isFinal: true };
  return {
    title: `${endOf(approval)}: ${title}`,
    lines: [...decisionLines(approval), ...effects.lines],
    buttons: [],
    isFinal: effects.isFinal,
  };
}

function openLines(approval: ApprovalDetail): readonly string[] {
  const { requirement, given, items, kind, silence, expiresAt, playbook, addressedTo } = approval;
  const need = `Put to ${addressedTo.map(plain).join(' and ')}`;
  const count = kind === 'approval' ? `; ${given} of ${requirement.count} approvals by ${requirement.roles.join(', ')} or above` : '';
  const more = items.length > LISTED ? [`… and ${items.length - LISTED} more effects: the console lists them all.`] : [];
  return [
    ...items.slice(0, LISTED).map(itemLine),
    ...more,
    ...(approval.alert === undefined ? [] : [`Alert: ${plain(approval.alert.title)} (${plain(approval.alert.source)})`]),
    `${need}${count}. Playbook ${playbook}.`,
    ...decisionLines(approval),
    `Until ${minute(expiresAt)}; silence means ${kind === 'question' ? `"${plain(silence)}"` : 'no'}.`,
  ];
}

function itemLine({ says, risk, saysUndo, why, simulated, criticality, dependents }: ApprovalItem): string {
  const facts = [
    risk === 'destructive' ? 'CANNOT BE UNDONE' : saysUndo === undefined ? risk : `undo: ${plain(saysUndo)}`,
    ...(criticality === undefined ? [] : [`criticality ${plain(criticality)}`]),
    ...(dependents.length === 0 ? [] : [`${dependents.length} depend on it`]),
    ...(simulated ? ['practice range'] : []),
  ];
  return `• ${plain(says)} (${facts.join('; ')})${why === undefined ? '' : ` Why: ${plain(why)}`}`;
}

/** Only what was shown whole can be approved there. What needs a reason or fresh proof of who somebody is needs the console, which asks for it. */
function buttonsOf(approval: ApprovalDetail): readonly Button[] {
  const { kind, items, id, digest, requirement } = approval;
  const needsConsole =
    kind !== 'approval' ||
    requirement.stepUpMs !== undefined ||
    items.length > LISTED ||
    items.some((item) => item.risk === 'destructive' || isCut(item.says));
  if (needsConsole) return [];
  const value = `${id} ${digest}`;
  return [
    { name: 'approve', text: 'Approve', value },
    { name: 'deny', text: 'Deny', value },
  ];
}

const DECIDED = { approve: 'Approved', deny: 'Denied', answer: 'Answered' };

const decisionLines = ({ decisions }: ApprovalDetail): readonly string[] =>
  decisions.map(({ by, standsInFor, decision, answer, reason, channel, at }) => {
    const said = answer === undefined ? '' : ` "${plain(answer)}"`;
    return `${DECIDED[decision]}${said} by ${plain(by)}${standsInFor === undefined ? '' : ` for ${plain(standsInFor)}`} (${channel}) at ${clock(at)}${reason === '' ? '' : `: ${plain(reason)}`}`;
  });

function endOf({ state, decisions, voidReason }: ApprovalDetail): string {
  const by = (decision: string) => {
    const names = decisions.filter((one) => one.decision === decision).map((one) => plain(one.by));
    return names.length === 0 ? '' : ` by ${names.join(' and ')}`;
  };
  const words: Readonly<Record<ApprovalDetail['state'], string>> = {
    open: 'Waits for a decision',
    granted: `Approved${by('approve')}`,
    denied: `Denied${by('deny')}`,
    answered: `Answered${by('answer')}`,
    expired: 'Nobody decided in time, which is a no',
    void: `No longer what was asked${voidReason === undefined ? '' : ` (${plain(voidReason)})`}`,
    withdrawn: 'Withdrawn',
  };
  return words[state];
}

function effectsOf({ items, effects, runId, runEnded }: ApprovalDetail): Pick<Words, 'lines' | 'isFinal'> {
  const done = new Map(effects.filter((step) => step.kind === 'do').map((step) => [step.key, step]));
  const open = items.filter((item) => done.get(item.key)?.state !== 'ended');
  const lines = items.slice(0, LISTED).map((item) => effectLine(item, done.get(item.key), runEnded));
  const more = items.length > LISTED ? [`… and ${items.length - LISTED} more: the console shows them all.`] : [];
  const changed = effects.some((step) => step.outcome === 'changed' || step.outcome === 'unverified');
  const undo =
    changed && items.some((item) => item.saysUndo !== undefined)
      ? [`To undo it: the run's page in the console, or: npx cordon runs undo ${runId}`]
      : [];
  return { lines: [...lines, ...more, ...undo], isFinal: open.length === 0 || runEnded };
}

function effectLine(item: ApprovalItem, step: StepRow | undefined, runEnded: boolean): string {
  const says = plain(item.says);
  if (step?.state !== 'ended') return `… ${says}: ${runEnded ? 'was not begun' : 'still to be done'}`;
  const at = step.endedAt === undefined ? '' : ` at ${clock(step.endedAt)}`;
  const error = step.error === undefined ? '' : ` (${plain(step.error.message)})`;
  switch (step.outcome) {
    case 'changed':
      // What was read afterwards is kept with the step; a product that cannot be read has nothing there.
      return `✔ ${says}: done, ${step.after === undefined ? `and this product cannot be read back${at}` : `verified by reading back${at}`}`;
    case 'already':
      return `✔ ${says}: was so already${at}`;
    case 'unverified':
      return `✘ ${says}: NOT verified: the product took it, but reading back did not show it${at}${error}`;
    case 'unknown':
      return `✘ ${says}: UNKNOWN: it was sent, and nobody can tell what became of it${at}${error}`;
    default:
      return `✘ ${says}: ${step.outcome ?? 'failed'}${at}${error}`;
  }
}
