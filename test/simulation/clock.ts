// The simulation's time: every timer, date and stopwatch of this process, moved on by hand. PostgreSQL within PGlite asks the same clock.
import { jest } from '@jest/globals';

const realImmediate = setImmediate;

const BEGIN_MS = Date.parse('2030-03-04T08:00:00.000Z');

/** All that can happen without time passing has happened, as far as promises go. */
export const settled = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));

export function startClock(): void {
  jest.useFakeTimers({ now: BEGIN_MS, doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'hrtime'] });
}

/** To the next timer, once everything rests that `busy` counts. False: there is none before `untilMs`. */
export async function step(busy: () => number, untilMs: number): Promise<boolean> {
  await rest(busy);
  if (jest.getTimerCount() === 0 || Date.now() >= untilMs) return false;
  jest.advanceTimersToNextTimer();
  await rest(busy);
  return Date.now() < untilMs;
}

/** So many turns of the event loop without anything under way. */
const QUIET_TURNS = 4;

async function rest(busy: () => number): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await settled();
    quiet = busy() === 0 ? quiet + 1 : 0;
  }
}

/** Before the next case. */
export function resetClock(): void {
  jest.clearAllTimers();
  jest.setSystemTime(BEGIN_MS);
}
