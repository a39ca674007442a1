// What dispatch asks of Temporal, in five calls, and what went wrong there in one word. The only file here that knows the client's errors.
import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type RunInput, TASK_QUEUE, WAKE_SIGNAL, WORKFLOW_TYPE, workflowId } from '../workflows/contract.ts';
import type { SchedulesOfClient } from './temporal-schedules.ts';

/** What of `Client` (@temporalio/client) is used. Over the worker's NativeConnection, else eager starts fail. */
export interface TemporalClient {
  readonly workflow: {
    start(type: string, options: StartOptions): Promise<unknown>;
    getHandle(id: string, runId?: string): TemporalHandle;
  };
  /** Absent where nothing is scheduled (tests). */
  readonly schedule?: SchedulesOfClient;
  withDeadline<R>(deadline: number | Date, fn: () => Promise<R>): Promise<R>;
}

export interface StartOptions {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args: [RunInput];
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE';
  readonly workflowIdConflictPolicy: 'USE_EXISTING';
  readonly requestEagerStart: boolean;
  readonly staticSummary: string;
  /** How long a run whose worker was killed in a workflow task waits for another one. */
  readonly workflowTaskTimeout: '5 s';
}

export interface TemporalHandle {
  signal(name: string): Promise<void>;
  cancel(): Promise<unknown>;
  describe(): Promise<{ readonly runId: string; readonly status: { readonly name: string } }>;
}

export interface Described {
  /** Temporal's run id. */
  readonly runId: string;
  /** RUNNING, COMPLETED, TERMINATED … as the client names them. */
  readonly status: string;
}

/**
 * away: nobody answers, or we are not let in; no other call would work either · busy: this call failed and may work later ·
 * not_found: no such run · permanent: this call never will.
 */
export type CallFailure = 'away' | 'busy' | 'not_found' | 'permanent';

/** `exists`: started before; whether it still runs is the reconciler's question. */
export type StartAnswer = 'started' | 'exists';

export interface Temporal {
  start(input: RunInput, summary: string): Promise<StartAnswer>;
  wake(runId: string): Promise<void>;
  cancel(runId: string): Promise<void>;
  /** The named Temporal run, else the latest. Undefined: Temporal knows of none. */
  describe(runId: string, temporalRunId?: string): Promise<Described | undefined>;
}

/** Without a deadline a call to a server that hangs never ends. Below CLAIM_LEASE_S. */
const CALL_TIMEOUT_MS = 10_000;
/** Temporal's own limit of a summary, bytes; a character of ours may have four, and encryption adds some. */
const SUMMARY_CHARACTERS = 80;

export function temporalOf(client: TemporalClient): Temporal {
  const bounded = <R>(call: () => Promise<R>) => client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call);
  const handle = (runId: string, temporalRunId?: string) => client.workflow.getHandle(workflowId(runId), temporalRunId);
  return {
    async start(input, summary) {
      try {
        await bounded(() => client.workflow.start(WORKFLOW_TYPE, startOptions(input, summary)));
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
        throw error;
      }
    },
    wake: (runId) => bounded(() => handle(runId).signal(WAKE_SIGNAL)),
    async cancel(runId) {
      await bounded(() => handle(runId).cancel());
    },
    async describe(runId, temporalRunId) {
      try {
        const found = await bounded(() => handle(runId, temporalRunId).describe());
        return { runId: found.runId, status: found.status.name };
      } catch (error) {
        if (callFailure(error) === 'not_found') return undefined;
        throw error;
      }
    },
  };
}

/** A start acknowledged twice is one run: while it runs the existing one is used, once it has ended a second one is refused. */
const startOptions = (input: RunInput, summary: string): StartOptions => ({
  workflowId: workflowId(input.runId),
  taskQueue: TASK_QUEUE,
  args: [input],
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
  requestEagerStart: true,
  workflowTaskTimeout: '5 s',
  staticSummary: [...summary].slice(0, SUMMARY_CHARACTERS).join(''),
});

/** CANCELLED, DEADLINE_EXCEEDED, PERMISSION_DENIED, UNAVAILABLE, UNAUTHENTICATED. */
const AWAY_CODES: ReadonlySet<number> = new Set([1, 4, 7, 14, 16]);
/** The call itself is wrong: INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED. */
const PERMANENT_CODES: ReadonlySet<number> = new Set([3, 9, 11, 12]);

/** An unknown error of the client's own (it could not encode the input, say) is permanent: it would come again. */
export function callFailure(error: unknown): CallFailure {
  if (error instanceof WorkflowNotFoundError) return 'not_found';
  if (error instanceof NamespaceNotFoundError) return 'away';
  const grpc = grpcCode(error);
  if (grpc !== undefined) return AWAY_CODES.has(grpc) ? 'away' : PERMANENT_CODES.has(grpc) ? 'permanent' : 'busy';
  // A ServiceError without a code lost its connection; so did the native bridge's TransportError.
  if (error instanceof ServiceError || (error instanceof Error && error.name === 'TransportError')) return 'away';
  return 'permanent';
}

function grpcCode(error: unknown): number | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isGrpcServiceError(at)) return at.code;
  }
  return undefined;
}
