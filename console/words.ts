// State in words, and the tone that goes beside them. Colour is never alone: every tone has a word and a shape.
import { codesOf, replaceUnseen } from '../language/unseen.ts';
import { VERBS } from '../language/verbs.ts';
import type { AlertRow, ApprovalRow, HoldRow, RunRow, StepRow } from '../server/contract.ts';

/** needs: a person must act · held: contained · ok: verified · bad: failed or NOT verified · wait: waiting or working · none: nothing to do. */
export type Tone = 'needs' | 'held' | 'ok' | 'bad' | 'wait' | 'none';

export interface Said {
  readonly tone: Tone;
  readonly word: string;
}

const said = (tone: Tone, word: string): Said => ({ tone, word });

const SEVERITY_WORDS = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'] as const;

export function severityWord(severityId: number): string {
  return SEVERITY_WORDS[severityId] ?? 'unknown';
}

export function alertSaid(alert: AlertRow): Said {
  if (alert.state === 'quarantined') return said('needs', 'quarantined');
  if (alert.status === 'resolved') return said('none', 'resolved');
  if (alert.suppressed && alert.runs.length === 0) return said('none', 'suppressed');
  return alert.runs.length > 0 ? said('wait', 'answered') : said('none', 'open');
}

export function runSaid(run: Pick<RunRow, 'state' | 'waiting'>): Said {
  if (run.state === 'lost') return said('bad', 'lost');
  if (run.state === 'failed') return said('bad', 'failed');
  if (run.state === 'waiting') return run.waiting?.approvalId ? said('needs', 'needs a person') : said('wait', 'waiting');
  if (run.state === 'running' || run.state === 'queued' || run.state === 'starting') return said('wait', run.state);
  return said('none', run.state);
}

export function approvalSaid(approval: Pick<ApprovalRow, 'state' | 'kind' | 'mayDecide'>): Said {
  if (approval.state === 'open') return approval.mayDecide ? said('needs', 'needs you') : said('wait', 'waits for others');
  if (approval.state === 'void') return said('bad', 'void');
  return said('none', approval.state === 'granted' ? 'approved' : approval.state);
}

export function holdSaid(hold: Pick<HoldRow, 'state' | 'driftedAt'>): Said {
  if (hold.state === 'active' && hold.driftedAt) return said('bad', 'no longer in force');
  if (hold.state === 'active') return said('held', 'held');
  if (hold.state === 'releasing') return said('wait', 'releasing');
  if (hold.state === 'debt') return said('bad', 'debt');
  if (hold.state === 'settled') return said('none', 'settled by hand');
  if (hold.state === 'foreign') return said('needs', 'changed by others');
  return said('none', 'released');
}

/** What became of an effect. Green only for what was read back: `after` is that proof. */
export function stepSaid(step: StepRow): Said {
  if (step.state === 'waiting') return step.approvalId ? said('needs', 'needs a person') : said('wait', 'waiting');
  if (step.state === 'reading') return said('wait', step.error ? 'no answer yet, tried again' : 'reading the present state');
  if (step.state === 'intent') return said('wait', 'sent, waiting for the answer');
  if (step.state === 'skipped') return said('none', 'skipped');
  if (step.state === 'not-reached') return said('none', 'not reached');
  return outcomeSaid(step);
}

function outcomeSaid(step: StepRow): Said {
  const readBack = step.after !== undefined && step.after !== null;
  switch (step.outcome) {
    case 'changed':
      return readBack ? said('ok', step.recovered ? 'verified (recovered)' : 'verified') : said('none', 'done, acknowledged');
    case 'already':
      return said('ok', 'already so');
    case 'pending':
      return said('wait', 'pending at the product');
    case 'unverified':
      return said('bad', 'NOT verified');
    case 'failed':
      return said('bad', 'failed');
    case 'unknown':
      return said('bad', 'outcome unknown');
    case 'denied':
      return said('none', 'denied');
    case 'would':
      return said('none', 'only observed');
    case 'done':
      return said('none', step.kind === 'gate' && (step.approvalId ?? step.input.approval) ? 'approved' : 'done');
    default:
      return said('none', step.outcome ?? 'ended');
  }
}

/** What was asked, what the product said, and what is true; undefined for what is no effect, or has not ended. */
export function truthOf(step: StepRow): { readonly asked: string; readonly said: string; readonly isTrue: string } | undefined {
  if ((step.kind !== 'do' && step.kind !== 'undo') || step.state !== 'ended' || step.outcome === 'read') return undefined;
  const asked = step.says ?? step.verb ?? step.stepId;
  const found = TRUTHS[step.outcome ?? ''];
  if (!found) return undefined;
  const [said, isTrue] = found;
  const unread = step.outcome === 'changed' && (step.after === undefined || step.after === null);
  const error = step.outcome === 'failed' && step.error ? `${step.error.code}: ${step.error.message}` : undefined;
  return { asked, said: error ?? said, isTrue: unread ? 'It cannot be read back: its word is all there is.' : isTrue };
}

/** By outcome: what the product said, and what is true. */
const TRUTHS: Readonly<Record<string, readonly [string, string]>> = {
  changed: ['It accepted it.', 'Read back: it is so.'],
  already: ['Nothing was sent.', 'Read: it was so already.'],
  unverified: ['It accepted it.', 'NOT verified: reading back does not show it.'],
  unknown: ['No answer that can be relied on.', 'Not known. It is not sent again by itself; look at the product.'],
  failed: ['It refused.', 'It was not done.'],
  denied: ['Nothing was sent.', 'It was not done.'],
  expired: ['Nothing was sent.', 'It was not done: nobody approved it in time.'],
  would: ['Nothing was sent.', 'Only observed: it would have been done.'],
};

/** What a run or a step waits for; the codes are the engine's. */
const WAITS_FOR: Readonly<Record<string, string>> = {
  approval: 'a decision',
  question: 'an answer',
  lock: 'another run that works on the same thing',
  lease: 'an earlier attempt to end',
  freeze: 'the end of the freeze',
  outage: 'the product to answer again',
  place: 'a free place',
  settle: 'the product to get there',
};

export function waitsFor(code: string | undefined): string {
  return code === undefined ? 'its turn' : (WAITS_FOR[code] ?? code);
}

/** What happens when a wait is over without an answer. */
export function thenWords(code: string | undefined): string {
  if (code === 'approval') return 'then silence is a no';
  return code === 'question' ? "then the playbook's own answer is taken" : 'then it is tried again';
}

/** What is not seen is made visible: text of alerts is hostile. Line ends and tabs stay. */
export function plain(text: string): string {
  return replaceUnseen(text, (run) => run.replace(/[^\t\n\r]/gu, (found) => `⟨U+${codesOf(found).join()}⟩`));
}

/** "one alert", "3 alerts", "1,204 alerts". */
export function count(amount: number, one: string, many = `${one}s`): string {
  return amount === 1 ? `one ${one}` : `${amount.toLocaleString('en')} ${many}`;
}

/** "a", "a and b", "a, b and c". */
export function list(parts: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (parts.length < 2) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}

/** With a full stop, unless it ends itself. */
export function sentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

/** "Isolate a host"; a verb of a newer server stays as it is. */
export function verbWords(verb: string): string {
  return VERBS[verb]?.title ?? verb;
}

/** Lower-cases the first letter only where the second is lower-case too, so that "SSH" and "IP" keep theirs. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
