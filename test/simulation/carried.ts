// What the simulated Temporal keeps of a run, and how it calls an activity.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import type { CancellationScope, Lane, Machine } from './workflow-api.ts';

export type Ending = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Error };

export type Happening =
  | { readonly kind: 'signal'; readonly atMs: number }
  | { readonly kind: 'cancel'; readonly atMs: number }
  | { readonly kind: 'timer'; readonly seq: number; readonly atMs: number }
  | { readonly kind: 'activity'; readonly lane: Lane; readonly seq: number; readonly ending: Ending; readonly atMs: number };

/** What a worker's process answers with. */
export interface Worker {
  readonly activities: Readonly<Record<string, (input: never) => Promise<unknown>>>;
  readonly isDead: () => boolean;
}

export interface ActivityContext {
  readonly info: { readonly attempt: number; readonly workflowExecution: { readonly runId: string; readonly workflowId: string } };
  readonly cancellationSignal: AbortSignal;
  cancellationDetails?: { readonly cancelRequested: boolean };
  readonly heartbeat: () => void;
}

export const activityContexts = new AsyncLocalStorage<ActivityContext>();

export interface SimulatedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedMs: number;
  readonly input: string;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'CONTINUED_AS_NEW' | 'TERMINATED';
  failure?: Error;
  history: Happening[];
  /** So many events are written down: their workflow tasks have completed. */
  committed: number;
  /** What the run asked for, in order, up to there. */
  asked: readonly string[];
  readonly inbox: Happening[];
  readonly timers: Map<number, NodeJS.Timeout>;
  readonly remote: Map<number, { readonly cancel: () => void }>;
  live?: Live;
  pumping: boolean;
}

export interface Live {
  readonly machine: Machine;
  readonly root: CancellationScope;
  readonly open: Map<number, { readonly lane: Lane; readonly end: (ending: Ending) => void }>;
  readonly asked: string[];
  /** Given out and not begun: they begin when the task completes, and local ones at once. */
  readonly toBegin: { readonly lane: Lane; readonly work: () => void }[];
  readonly locals: Map<number, AbortController>;
  readonly doneLocally: Happening[];
  replaying: boolean;
  delivered: number;
  ended?: { readonly failure?: unknown };
}

export async function callActivity(by: Worker, context: ActivityContext, name: string, input: unknown): Promise<Ending> {
  const activity = by.activities[name];
  if (!activity) throw new Error(`there is no activity ${name}`);
  try {
    const value = await activityContexts.run(context, () => activity(input as never)); // JSON of what the workflow gave
    return { ok: true, value: value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown) };
  } catch (error) {
    const cause =
      error instanceof ApplicationFailure || error instanceof CancelledFailure ? error : ApplicationFailure.retryable(String(error));
    return failedActivity(name, cause);
  }
}

export const failedActivity = (name: string, cause: Error): Ending => ({
  ok: false,
  error: new ActivityFailure('the activity failed', name, undefined, RetryState.MAXIMUM_ATTEMPTS_REACHED, undefined, cause),
});
