// A Temporal client that keeps state: runs by workflow id, what was asked of them, and whether the server is there at all.
import { ServiceError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { StartOptions, TemporalClient } from '../../dispatch/temporal.ts';
import { type RunInput, WORKFLOW_TYPE, workflowId } from '../../workflows/contract.ts';

export interface FakeRun {
  readonly input: RunInput;
  readonly summary: string;
  /** Temporal's run id. */
  runId: string;
  status: string;
  signals: number;
  cancelled: number;
}

export interface FakeTemporal {
  readonly client: TemporalClient;
  /** By our run id; of each workflow id the latest. */
  readonly runs: Map<string, FakeRun>;
  /** Our run ids, in the order of their first start. */
  readonly started: string[];
  /** Every call that reached the client, also while it was down. */
  calls: number;
  down: boolean;
  /** Answers an error for a call about this run, else nothing. */
  refuse: (runId: string) => Error | undefined;
  /** Older Temporal runs of a workflow id, by their run id. */
  readonly past: Map<string, FakeRun>;
}

/** As gRPC's own: `details`, `metadata` and a code. */
export function grpcError(code: number, details: string): Error {
  return new ServiceError('the call failed', { cause: Object.assign(new Error(details), { code, details, metadata: {} }) });
}

export function fakeTemporal(): FakeTemporal {
  const fake: FakeTemporal = {
    runs: new Map(),
    started: [],
    past: new Map(),
    calls: 0,
    down: false,
    refuse: () => undefined,
    client: {
      withDeadline: (_deadline, call) => call(),
      workflow: {
        async start(type, options) {
          await reach(fake, options.args[0].runId);
          return begin(fake, type, options);
        },
        getHandle: (id, runId) => handle(fake, id, runId),
      },
    },
  };
  return fake;
}

async function reach(fake: FakeTemporal, runId: string): Promise<void> {
  fake.calls += 1;
  await Promise.resolve();
  if (fake.down) throw grpcError(14, 'connection refused');
  const refusal = fake.refuse(runId);
  if (refusal) throw refusal;
}

function begin(fake: FakeTemporal, type: string, options: StartOptions): unknown {
  const [input] = options.args;
  if (type !== WORKFLOW_TYPE || options.workflowId !== workflowId(input.runId)) throw new Error('started under a wrong name');
  const before = fake.runs.get(input.runId);
  if (before && before.status !== 'RUNNING') throw new WorkflowExecutionAlreadyStartedError('started before', options.workflowId, type);
  if (before) return before;
  const run = { input, summary: options.staticSummary, runId: `temporal-${input.runId}`, status: 'RUNNING', signals: 0, cancelled: 0 };
  fake.runs.set(input.runId, run);
  fake.started.push(input.runId);
  return run;
}

function handle(fake: FakeTemporal, id: string, runId: string | undefined) {
  const name = id.replace(/^run\//, '');
  const find = async () => {
    await reach(fake, name);
    const latest = fake.runs.get(name);
    const run = runId === undefined || latest?.runId === runId ? latest : fake.past.get(runId);
    if (!run) throw new WorkflowNotFoundError('no such run', id, runId);
    return run;
  };
  const open = async () => {
    const run = await find();
    if (run.status !== 'RUNNING') throw new WorkflowNotFoundError('it has ended', id, runId);
    return run;
  };
  return {
    async signal() {
      (await open()).signals += 1;
    },
    async cancel() {
      (await open()).cancelled += 1;
    },
    async describe() {
      const run = await find();
      return { runId: run.runId, status: { name: run.status } };
    },
  };
}
