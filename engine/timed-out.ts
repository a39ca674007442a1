// What a step's own `timeout` makes of it: the run's driver and the simulation say it in the same words.
import type { StepResult } from './command.ts';
import { engineError } from './errors.ts';

export const timedOut = (timeoutMs: number): StepResult => ({
  outcome: 'failed',
  error: engineError('STEP_TIMEOUT', `it did not end within its time-out of ${timeoutMs / 1000} s`),
});
