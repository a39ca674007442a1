// A step's own `timeout` in a simulated world, as a run keeps it: what waits is withdrawn, what was not answered is looked at, nothing is sent again.
import type { PerformItem, StepResult } from '../command.ts';
import { timedOut } from '../timed-out.ts';
import type { Clock } from './clock.ts';
import type { People } from './people.ts';
import { UNSEEN } from './slowness.ts';

export interface Timed {
  readonly clock: Clock;
  readonly people: People;
  /** Keys of what was sent, and has no answer yet. */
  readonly sent: Set<string>;
  /** Keys of what waits for a product that is away. */
  readonly waits: Set<string>;
  readonly end: (key: string, result: StepResult) => void;
}

export function limitTime({ clock, people, sent, waits, end }: Timed, item: PerformItem, timeoutMs: number): void {
  clock.at(clock.nowMs() + timeoutMs, () => {
    if (people.withdraw(item.key) || waits.delete(item.key)) end(item.key, timedOut(timeoutMs));
    else if (sent.delete(item.key)) end(item.key, UNSEEN.has(item.verb) ? NOT_KNOWN : timedOut(timeoutMs));
  });
}

const NOT_KNOWN: StepResult = {
  outcome: 'unknown',
  error: { code: 'EFFECT_UNKNOWN', message: 'it may have taken effect before its time was over; the product cannot tell' },
};
