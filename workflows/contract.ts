// What the outside may ask of a run: names and shapes only.
import type { Given, RunState } from '../engine/engine.ts';
import type { Plan } from '../language/plan.ts';

export const TASK_QUEUE = 'cordon';
export const WORKFLOW_TYPE = 'runPlaybook';
/** Carries nothing: it only makes the run ask the store again. */
export const WAKE_SIGNAL = 'wake';

/** Plan and alert inline up to this size together, bytes of JSON; above, `plan` is absent and loaded by digest. */
export const INLINE_BYTES = 200_000;

export interface RunInput {
  readonly runId: string;
  readonly engine: number;
  readonly planDigest: string;
  readonly plan?: Plan;
  readonly given: Given;
  /** After continue-as-new. */
  readonly state?: RunState;
  /** After continue-as-new: when waits and time-outs that are under way are over, ms since 1970, by key. */
  readonly due?: Readonly<Record<string, number>>;
  /** After continue-as-new: what undos that are under way have taken back so far, by key. */
  readonly undone?: Readonly<Record<string, { readonly undone: number; readonly already: number }>>;
}

/** Temporal's workflow id of a run. */
export const workflowId = (runId: string): string => `run/${runId}`;

/** Started by Temporal's schedules: it only tells the store that it is time. */
export const TICK_WORKFLOW_TYPE = 'scheduledTick';

export interface TickInput {
  readonly scheduleId: string;
}

/** Temporal's ids of a schedule of ours, and of the workflows that it starts (Temporal adds the time to the latter). */
export const temporalScheduleId = (scheduleId: string): string => `cordon/${scheduleId}`;
export const tickWorkflowId = (scheduleId: string): string => `tick/${scheduleId}`;

/** Sole member of what a payload decodes to that was not encrypted with our keys: a forged start, signal or result. Its value says why. */
export const REFUSED = 'cordon.refused';
