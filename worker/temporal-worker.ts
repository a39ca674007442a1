// Temporal's worker: executes runs and their activities in this process. If it fails it is made again; it never takes the API with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataConverter, type NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Activities } from '../activities/contract.ts';
import { TASK_QUEUE } from '../workflows/contract.ts';

export interface RunWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  /** The built workflow bundle. */
  readonly bundlePath: string;
  readonly activities: Activities;
  readonly cachedRuns: number;
  readonly log: Logger;
}

export interface RunWorker {
  /** Takes tasks now? */
  readonly working: () => boolean;
  readonly stop: () => Promise<void>;
}

const MAX_PAUSE_MS = 15_000;

/** Resolves when the worker takes tasks. Throws when it cannot be made (a bundle that does not fit, a namespace that does not exist). */
export async function startWorker(options: RunWorkerOptions): Promise<RunWorker> {
  const stopping = new AbortController();
  let worker = await createWorker(options);
  let working = true;
  const life = (async () => {
    for (let failures = 0; ; ) {
      const began = performance.now();
      try {
        await worker.run();
        return;
      } catch (error) {
        working = false;
        options.log.error({ err: error }, 'the Temporal worker failed; it is made again');
      }
      failures = performance.now() - began > 60_000 ? 1 : failures + 1;
      for (;;) {
        await sleep(Math.min(500 * 2 ** failures, MAX_PAUSE_MS), undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        try {
          worker = await createWorker(options);
          break;
        } catch (error) {
          failures += 1;
          options.log.error({ err: error }, 'the Temporal worker cannot be made; it is tried again');
        }
      }
      working = true;
    }
  })();
  return {
    working: () => working,
    stop: async () => {
      stopping.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await life;
    },
  };
}

function createWorker({ connection, namespace, dataConverter, bundlePath, activities, cachedRuns }: RunWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    dataConverter,
    workflowBundle: { codePath: bundlePath },
    activities,
    maxCachedWorkflows: cachedRuns,
    maxConcurrentWorkflowTaskExecutions: Math.min(100, cachedRuns),
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentLocalActivityExecutions: 100,
    maxEagerActivityReservationsPerWorkflowTask: 10,
    // Caps the stall of a run whose worker has died.
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '5s',
    // Without it an activity that never returns would keep the worker from ever ending.
    shutdownForceTime: '8s',
  });
}
