// An ordinary activity of the simulated Temporal: attempts with back-off, time limits, a heartbeat that a dead worker does not send.
import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { type ActivityContext, callActivity, type Ending, failedActivity, type SimulatedRun, type Worker } from './carried.ts';
import type { LaneOptions } from './workflow-api.ts';

export interface RemoteWork {
  readonly name: string;
  readonly input: unknown;
  readonly options: LaneOptions;
  readonly run: SimulatedRun;
  readonly worker: () => Worker | undefined;
  readonly ended: (ending: Ending) => void;
}

/** Looked at this often where there is no worker, ms. */
const NO_WORKER_MS = 500;
/** From a cancellation to the heartbeat that brings it, ms. */
const TOLD_MS = 400;

export function remoteActivity({ name, input, options, run, worker, ended }: RemoteWork): { readonly cancel: () => void } {
  const { initialInterval = '1 s', maximumInterval = '100 s', maximumAttempts = Number.POSITIVE_INFINITY } = options.retry;
  let attempt = 0;
  let over = false;
  let cancelled = false;
  let current: { readonly tell: () => void } | undefined;

  const finish = (ending: Ending) => {
    if (!over) ended(ending);
    over = true;
  };
  const begin = (): void => {
    current = undefined;
    if (over || run.status !== 'RUNNING') return;
    if (cancelled) {
      finish(failedActivity(name, new CancelledFailure('cancelled')));
      return;
    }
    const by = worker();
    if (!by || by.isDead()) return void setTimeout(begin, NO_WORKER_MS);
    attempt += 1;
    once(by);
  };
  const again = (ending: Ending): void => {
    const cause = !ending.ok && ending.error instanceof ActivityFailure ? ending.error.cause : undefined;
    const final = cause instanceof CancelledFailure || (cause instanceof ApplicationFailure && cause.nonRetryable === true);
    if (ending.ok || final || attempt >= maximumAttempts) {
      finish(ending);
      return;
    }
    const wished = cause instanceof ApplicationFailure ? cause.nextRetryDelay : undefined;
    const backoff = Math.min(msToNumber(initialInterval) * 2 ** (attempt - 1), msToNumber(maximumInterval));
    current = undefined;
    setTimeout(begin, typeof wished === 'number' ? wished : backoff);
  };
  const once = (by: Worker): void => {
    const abort = new AbortController();
    const context: ActivityContext = {
      info: { attempt, workflowExecution: { runId: run.runId, workflowId: run.workflowId } },
      cancellationSignal: abort.signal,
      heartbeat: () => undefined,
    };
    let mine = true;
    const end = (ending: Ending) => {
      if (!mine) return;
      mine = false;
      clearTimeout(timer);
      clearInterval(pulse);
      again(ending);
    };
    const late = () => end(failedActivity(name, ApplicationFailure.retryable('it gave no sign of life in time')));
    const timer = setTimeout(late, msToNumber(options.startToCloseTimeout));
    const heartbeatMs = options.heartbeatTimeout === undefined ? undefined : msToNumber(options.heartbeatTimeout);
    const pulse = heartbeatMs === undefined ? undefined : setInterval(() => by.isDead() && late(), heartbeatMs);
    current = {
      tell: () => {
        context.cancellationDetails = { cancelRequested: true };
        abort.abort();
      },
    };
    callActivity(by, context, name, input).then(end, () => undefined);
  };
  begin();
  return {
    cancel: () => {
      if (cancelled) return;
      cancelled = true;
      if (!current) return finish(failedActivity(name, new CancelledFailure('cancelled')));
      const { tell } = current;
      setTimeout(tell, TOLD_MS);
    },
  };
}
