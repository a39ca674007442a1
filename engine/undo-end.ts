// How an undo ends, by what came of its effects: the run's driver and the simulation say it in the same words.
import type { StepResult } from './command.ts';
import { engineError } from './errors.ts';

export interface UndoCounts {
  /** Taken back now. */
  readonly undone: number;
  /** Found taken back. */
  readonly already: number;
  /** Could not be taken back: debts with an owner. */
  readonly owed: number;
}

/** changed: something was taken back · done: there was nothing to take back · failed: something is still in place. */
export function undoEnd({ undone, already, owed }: UndoCounts): StepResult {
  const counts = { undone, already, owed };
  if (owed === 0) return { outcome: undone > 0 ? 'changed' : 'done', counts };
  return { outcome: 'failed', counts, error: engineError('UNDO_INCOMPLETE', `${owed} effects could not be undone; they are owed`) };
}
