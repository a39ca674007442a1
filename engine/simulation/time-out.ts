// A step's own `timeout` in a simulated world, as a run keeps it: what waits is withdrawn, what was not answered is looked at, nothing is sent again.
import type { PerformItem, StepResult } from '../command.ts';
import { timedOut } from '../timed-out.ts';
import type { Clock } from './clock.ts';
import type { People } from './people.ts';

export interface Timed {
  readonly clock: Clock;
  readonly people: People;
  /** Keys of what was sent, and has no answer yet. */
  readonly sent: Set<string>;
  readonly end: (key: string, result: StepResult) => void;
}

export function limitTime({ clock, people, sent, end }: Timed, item: PerformItem, timeoutMs: number): void {
  clock.at(clock.nowMs() + timeoutMs, () => {
    if (people.withdraw(item.key)) end(item.key, timedOut(timeoutMs));
    else if (sent.delete(item.key)) end(item.key, UNSEEN.has(item.verb) ? NOT_KNOWN : timedOut(timeoutMs));
  });
}

/** What these have done cannot be looked at; everything else is read, and is not there before its product has answered. */
const UNSEEN: ReadonlySet<string> = new Set(['notify.message', 'notify.page', 'http.send']);

const NOT_KNOWN: StepResult = {
  outcome: 'unknown',
  error: { code: 'EFFECT_UNKNOWN', message: 'it may have taken effect before its time was over; the product cannot tell' },
};
