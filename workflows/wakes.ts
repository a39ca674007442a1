// A wake carries nothing: it only makes who waits ask the store again. Counted, so that none is lost between asking and sleeping.
import { condition } from '@temporalio/workflow';
import type { Waiting } from '../activities/contract.ts';

export interface Wakes {
  count: number;
  /** How many steps sleep now. */
  sleeping: number;
  /** How often one has stopped sleeping, whatever woke it. */
  woken: number;
}

/** Sleeps until a wake that came after `seen`, or until the time that the store gave. Cancellation is thrown. */
export async function sleepUntilWake(wakes: Wakes, seen: number, waiting: Waiting): Promise<void> {
  wakes.sleeping++;
  try {
    await condition(() => wakes.count !== seen, waiting.remainingMs, { summary: waiting.detail.slice(0, 200) });
  } finally {
    wakes.sleeping--;
    wakes.woken++;
  }
}
