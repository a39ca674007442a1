// The only place that makes Temporal failures, and so decides what Temporal retries.
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isDataError, messageOf } from '../store/errors.ts';

/** Nothing that asks again can help: the run ends. */
export const refuse = (code: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: code, message, nonRetryable: true });

/** It may work later: Temporal asks again after the product's own wish, or by the step's policy. */
export const tryLater = (code: string, message: string, afterMs: number): ApplicationFailure =>
  ApplicationFailure.create({ type: code, message, nonRetryable: false, ...(afterMs > 0 ? { nextRetryDelay: afterMs } : {}) });

/** A value that the store cannot keep would be tried again for ever, unseen: the run ends instead, where people see it. */
export function refuseUnkept(error: unknown): never {
  if (isDataError(error)) throw refuse('VALUE_NOT_KEPT', `the store cannot keep a value of this step: ${messageOf(error)}`);
  throw error;
}

/** The run has asked for it to end, and it has. */
export const wantedNoMore = (message: string): CancelledFailure => new CancelledFailure(message);

export const runNotOurs = (runId: string): ApplicationFailure =>
  refuse('RUN_NOT_BOUND', `run ${runId} has ended, does not exist, or belongs to another Temporal run: nothing was done`);

export const notInPlan = (runId: string, id: string): ApplicationFailure =>
  refuse('STEP_NOT_IN_PLAN', `the plan of run ${runId} has no step '${id}' that does this: nothing was done`);
