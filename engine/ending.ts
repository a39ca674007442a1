// How a list's end is the end of the run, or of the called playbook, that it is the whole of.
import type { Plan } from '../language/plan.ts';
import type { Ending } from './frame.ts';
import type { Progress } from './run.ts';

export function endingOf(progress: Exclude<Progress, { readonly at: 'open' }>, onFailure: Plan['onFailure']): Ending {
  if (progress.at === 'well') return { finish: { state: 'completed', outcome: 'completed' }, undo: false };
  const error = { ...progress.error, step: progress.step };
  // A denial is an answer, not a failure: on_failure has no say.
  if (progress.at === 'denied') return { finish: { state: 'stopped', outcome: 'denied', error }, undo: false };
  return { finish: { state: 'failed', outcome: 'failed', error }, undo: onFailure === 'undo' };
}
