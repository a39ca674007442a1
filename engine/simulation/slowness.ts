// How long a run waits for a product, as production does: a request has its time, and what was accepted is read back for a while. What comes later
// comes to nobody. Not what a connector may say of itself: the times that hold where nothing else is said (test/activities/waiting-times.test.ts).
import { own } from '../../language/own.ts';
import type { ScenarioAnswer } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import type { PerformItem, StepResult } from '../command.ts';
import { NOT_VERIFIED } from './products.ts';

/** What was accepted is read back for so long. */
export const READ_BACK_MS = 5_000;
/** One request. */
export const REQUEST_MS = 10_000;
/** What contains waits so long for a product that is known to be away. */
export const PATIENCE_MS = 900_000;
/** People are asked about the others of a group after so long. */
export const ASK_AFTER_MS = 60_000;

/** What these have done cannot be looked at; everything else is read back. */
export const UNSEEN: ReadonlySet<string> = new Set(['notify.message', 'notify.page', 'http.send']);
/** Sent once, and never again by itself. */
const ONCE: ReadonlySet<string> = new Set(['http.send']);

interface Slow {
  /** Since it was sent, ms. */
  readonly afterMs: number;
  readonly result: StepResult;
}

/** How it ends where it takes longer than anybody waits; undefined: in time. */
export function tooSlow(item: PerformItem, { outcome, takesMs, fails }: ScenarioAnswer, attempts: number): Slow | undefined {
  // It never gets so far.
  if (fails >= attempts) return undefined;
  if (outcome !== undefined && outcome !== 'changed' && outcome !== 'read') return undefined;
  const isRead = own(VERBS, item.verb)?.risk === 'read';
  if (!isRead && !UNSEEN.has(item.verb)) {
    return takesMs <= READ_BACK_MS ? undefined : { afterMs: READ_BACK_MS, result: { outcome: 'unverified', error: NOT_VERIFIED } };
  }
  if (takesMs <= REQUEST_MS) return undefined;
  const tries = ONCE.has(item.verb) ? 1 : attempts;
  const error = { code: 'TIMEOUT', message: `no answer within ${REQUEST_MS / 1000} s (${tries} attempts)` };
  return { afterMs: tries * REQUEST_MS, result: { outcome: isRead ? 'failed' : 'unknown', error } };
}

/** What waits for a product that is away: a look-up has its `default`, and a message must not hold up what comes after it. */
export function waitsForProduct({ verb }: PerformItem): boolean {
  const risk = own(VERBS, verb)?.risk;
  return risk === 'reversible' || risk === 'destructive';
}

export const notReached = (words: string | undefined): StepResult => ({
  outcome: 'failed',
  error: { code: 'UNREACHABLE', message: words ?? 'the product does not answer' },
});
