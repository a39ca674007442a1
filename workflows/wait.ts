// Waits for a time: a timer of the run's, towards an instant that survives continue-as-new. The store is told, so that people see it and
// the working place is for others meanwhile.
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Command, StepResult } from '../engine/command.ts';
import { nowMs } from './clock.ts';
import { patiently } from './lanes.ts';
import type { Driving } from './run-command.ts';

/** Shorter rests between the turns of a loop are nobody's business. */
const SHOWN_MS = 60_000;

type Wait = Extract<Command, { readonly kind: 'wait' }>;
type Timed = Exclude<Wait['on'], { readonly event: string }>;

export async function waitForTime({ key, id, own }: Wait, on: Timed, driving: Driving): Promise<StepResult> {
  const { runId, due, wakes } = driving;
  const known = due.get(key);
  const untilMs = known ?? ('untilMs' in on ? on.untilMs : nowMs() + on.forMs);
  due.set(key, untilMs);
  const isShown = own === undefined || (own === 'rest' && 'forMs' in on && on.forMs >= SHOWN_MS);
  const leftMs = (): number => Math.max(0, untilMs - nowMs());
  try {
    if (known === undefined && isShown) await patiently('pause', { runId, key, id, forMs: leftMs() }, `${key}.pause`);
    wakes.sleeping++;
    try {
      await sleep(leftMs(), { summary: `${id} waits` });
    } finally {
      wakes.sleeping--;
      wakes.woken++;
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    due.delete(key);
    if (isShown)
      await CancellationScope.nonCancellable(async () => await patiently('withdraw', { runId, key, id, kind: 'wait' }, `${key}.withdraw`));
    return { outcome: 'cancelled' };
  }
  due.delete(key);
  if (isShown) await CancellationScope.nonCancellable(async () => await patiently('resume', { runId, key, id }, `${key}.resume`));
  return { outcome: 'done' };
}
