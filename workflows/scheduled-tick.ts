// A schedule of Temporal has come round. The store decides what follows; this only says which schedule, and for what time.
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { REFUSED, type TickInput } from './contract.ts';
import { patiently } from './lanes.ts';

export async function scheduledTick(input: TickInput): Promise<void> {
  // What was not encrypted with our keys arrives as a refusal: a start that somebody sent straight to Temporal.
  if (typeof input !== 'object' || input === null || REFUSED in input || typeof input.scheduleId !== 'string')
    throw ApplicationFailure.nonRetryable('this start did not come from Cordon: nothing was done', 'START_REFUSED');
  const { searchAttributes, startTime } = workflowInfo();
  const [scheduled] = searchAttributes.TemporalScheduledStartTime ?? [];
  const at = typeof scheduled === 'object' ? scheduled : startTime;
  await patiently('tick', { scheduleId: input.scheduleId, at: at.toISOString() }, 'tick');
}
