// Temporal for a simulation: server and worker in one, over the real workflow code. What it keeps of a run is a history of events; after a kill, or an
// eviction, the run is worked on from its history again, and the attempts of its open workflow task are lost, as with the real one.
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import type { TemporalClient } from '../../dispatch/temporal.ts';
import {
  type ActivityContext,
  callActivity,
  type Ending,
  failedActivity,
  type Happening,
  type Live,
  type SimulatedRun,
  type Worker,
} from './carried.ts';
import { settled } from './clock.ts';
import { remoteActivity } from './remote-activity.ts';
import { CancellationScope, ContinueAsNew, type Lane, type LaneOptions, runAs } from './workflow-api.ts';

export interface SimulatedTemporal {
  readonly client: TemporalClient;
  readonly runs: readonly SimulatedRun[];
  /** A worker's process has come; undefined: it has died. */
  readonly setWorker: (worker: Worker | undefined) => void;
  /** Puts what is cached out, as a full cache does. */
  readonly evict: () => void;
  readonly terminate: (workflowId: string) => void;
  /** Works on a run's history once more; what is not as it was. */
  readonly replay: (run: SimulatedRun) => Promise<string | undefined>;
  down: boolean;
}

export type WorkflowCode = (input: never) => Promise<unknown>;

const TASK_TIMEOUT_MS = 5_000;

export function simulatedTemporal(code: () => WorkflowCode, longAfter: number): SimulatedTemporal {
  const runs: SimulatedRun[] = [];
  let worker: Worker | undefined;
  const latest = (workflowId: string) => runs.findLast((run) => run.workflowId === workflowId);

  function start(workflowId: string, input: unknown): SimulatedRun {
    const run: SimulatedRun = {
      workflowId,
      runId: `temporal-${runs.length + 1}`,
      startedMs: Date.now(),
      input: JSON.stringify(input),
      status: 'RUNNING',
      history: [],
      committed: 0,
      asked: [],
      inbox: [],
      timers: new Map(),
      remote: new Map(),
      pumping: false,
    };
    runs.push(run);
    void pump(run);
    return run;
  }

  function begin(run: SimulatedRun, replaying: boolean): Live {
    const open: Live['open'] = new Map();
    const root = new CancellationScope({ root: true });
    const live: Live = {
      open,
      root,
      asked: [],
      toBegin: [],
      locals: new Map(),
      doneLocally: [],
      replaying,
      delivered: 0,
      machine: {
        nowMs: run.startedMs,
        conditions: new Map(),
        signals: new Map(),
        next: 0,
        startedMs: run.startedMs,
        isLong: () => live.delivered >= longAfter,
        schedule: (lane, name, input, options) => {
          const sent: unknown = JSON.parse(JSON.stringify(input));
          const { seq, ended } = opened(live, lane, `${lane} ${name} ${options.activityId ?? ''} ${JSON.stringify(sent)}`);
          const given = { seq, name, input: sent, options };
          live.toBegin.push({ lane, work: () => (lane === 'local' ? beginLocal(run, live, given) : beginRemote(run, given)) });
          const cancel = () => (lane === 'local' ? live.locals.get(seq)?.abort() : onCommit(live, () => run.remote.get(seq)?.cancel()));
          return { ended, cancel };
        },
        timer: (ms) => {
          const { seq, ended } = opened(live, 'remote', `timer ${ms}`);
          onCommit(live, () => beginTimer(run, seq, ms));
          return {
            ended,
            cancel: () => {
              live.open.delete(seq);
              onCommit(live, () => clearTimeout(run.timers.get(seq)));
            },
          };
        },
      },
    };
    runAs(live.machine, root, async () => await code()(JSON.parse(run.input) as never)).then(
      () => (live.ended = {}),
      (failure: unknown) => (live.ended = { failure }),
    );
    return live;
  }

  function beginTimer(run: SimulatedRun, seq: number, ms: number): void {
    if (run.timers.has(seq)) return;
    run.timers.set(
      seq,
      setTimeout(() => tell(run, { kind: 'timer', seq, atMs: Date.now() }), ms),
    );
  }

  function beginRemote(run: SimulatedRun, given: Given): void {
    if (run.remote.has(given.seq)) return;
    const ended = (ending: Ending) => tell(run, { kind: 'activity', lane: 'remote', seq: given.seq, ending, atMs: Date.now() });
    run.remote.set(given.seq, remoteActivity({ ...given, run, worker: () => worker, ended }));
  }

  function beginLocal(run: SimulatedRun, live: Live, { seq, name, input, options }: Given): void {
    const by = worker;
    // Answered from the history, or no process to do it.
    if (!by || !live.open.has(seq)) return;
    const abort = new AbortController();
    live.locals.set(seq, abort);
    const context: ActivityContext = {
      info: { attempt: 1, workflowExecution: { runId: run.runId, workflowId: run.workflowId } },
      cancellationSignal: abort.signal,
      heartbeat: () => undefined,
    };
    const end = (ending: Ending) => {
      clearTimeout(timer);
      if (!live.locals.delete(seq) || run.live !== live || by.isDead()) return;
      live.doneLocally.push({ kind: 'activity', lane: 'local', seq, ending, atMs: Date.now() });
      void pump(run);
    };
    const timer = setTimeout(
      () => end(failedActivity(name, new TimeoutFailure('it took too long', undefined, 'START_TO_CLOSE'))),
      msToNumber(options.startToCloseTimeout),
    );
    callActivity(by, context, name, input).then(end, () => undefined);
  }

  const tell = (run: SimulatedRun, one: Happening): void => {
    if (run.status !== 'RUNNING') return;
    run.inbox.push(one);
    void pump(run);
  };

  /** Works on a run until it waits. One at a time for each run. */
  async function pump(run: SimulatedRun): Promise<void> {
    if (run.pumping) return;
    run.pumping = true;
    while (worker && !worker.isDead() && run.status === 'RUNNING') {
      if (!run.live) await revive(run);
      const { live } = run;
      if (!live) continue;
      const one = live.doneLocally.shift() ?? (live.locals.size === 0 ? run.inbox.shift() : undefined);
      if (!one) break;
      run.history.push(one);
      await deliver(live, one);
      if (run.live === live) taskEnds(run, live);
    }
    run.pumping = false;
  }

  async function revive(run: SimulatedRun): Promise<void> {
    const live = begin(run, true);
    run.live = live;
    await settled();
    for (const one of run.history) await deliver(live, one);
    live.replaying = false;
    if (run.live === live) taskEnds(run, live);
  }

  /** Local attempts begin at once; the task completes when none is under way, and only then does the rest begin. */
  function taskEnds(run: SimulatedRun, live: Live): void {
    const isLocal = () => [...live.open.values()].some((one) => one.lane === 'local');
    const now = live.toBegin.splice(0);
    for (const { lane, work } of now) if (lane === 'local') work();
    const rest = now.filter(({ lane }) => lane === 'remote');
    if (isLocal()) return void live.toBegin.unshift(...rest);
    if (live.ended && run.inbox.length > 0) return void takeBack(run);
    for (const { work } of rest) work();
    run.committed = run.history.length;
    run.asked = [...live.asked];
    if (live.ended) closeRun(run, live.ended);
  }

  /** The server takes no end of a run that has not seen everything (UNHANDLED_COMMAND): the task is done again, with all of it at once. */
  function takeBack(run: SimulatedRun): void {
    putOut(run);
    run.history.push(...run.inbox.splice(0));
  }

  function closeRun(run: SimulatedRun, { failure }: { readonly failure?: unknown }): void {
    for (const timer of run.timers.values()) clearTimeout(timer);
    delete run.live;
    if (failure instanceof ContinueAsNew) {
      run.status = 'CONTINUED_AS_NEW';
      start(run.workflowId, failure.input);
    } else if (failure === undefined) run.status = 'COMPLETED';
    else {
      run.status = 'FAILED';
      run.failure = failure instanceof Error ? failure : new Error(String(failure));
    }
  }

  function putOut(run: SimulatedRun): void {
    const { live } = run;
    if (!live) return;
    for (const abort of live.locals.values()) abort.abort();
    delete run.live;
    const lost = run.history.splice(run.committed);
    run.inbox.unshift(...lost.filter((one) => one.kind !== 'activity' || one.lane === 'remote'));
  }

  const handle = (workflowId: string, runId?: string) => {
    const find = () => {
      if (temporal.down) throw away();
      const run = runId === undefined ? latest(workflowId) : runs.find((one) => one.runId === runId);
      if (!run) throw new WorkflowNotFoundError('no such run', workflowId, runId);
      return run;
    };
    const open = () => {
      const run = find();
      if (run.status !== 'RUNNING') throw new WorkflowNotFoundError('it has ended', workflowId, runId);
      return run;
    };
    return {
      signal: async () => tell(open(), { kind: 'signal', atMs: Date.now() }),
      cancel: async () => tell(open(), { kind: 'cancel', atMs: Date.now() }),
      describe: async () => {
        const run = find();
        return { runId: run.runId, status: { name: run.status } };
      },
    };
  };

  const temporal: SimulatedTemporal = {
    runs,
    down: false,
    setWorker: (next) => {
      worker = next;
      if (!next) for (const run of runs) putOut(run);
      else setTimeout(() => runs.forEach((run) => void pump(run)), TASK_TIMEOUT_MS);
    },
    evict: () => {
      for (const run of runs) putOut(run);
      setTimeout(() => runs.forEach((run) => void pump(run)), TASK_TIMEOUT_MS);
    },
    terminate: (workflowId) => {
      const run = latest(workflowId);
      if (run?.status !== 'RUNNING') return;
      run.status = 'TERMINATED';
      closeQuietly(run);
    },
    replay: async (run) => {
      const live = begin(run, true);
      await settled();
      for (const one of run.history.slice(0, run.committed)) await deliver(live, one);
      const at = run.asked.findIndex((asked, index) => asked !== live.asked[index]);
      return at < 0 ? undefined : `command ${at + 1} was "${run.asked[at]}" and is "${live.asked[at] ?? 'nothing'}"`;
    },
    client: {
      withDeadline: (_, call) => call(),
      workflow: {
        async start(type, options) {
          if (temporal.down) throw away();
          const known = latest(options.workflowId);
          if (known && known.status !== 'RUNNING')
            throw new WorkflowExecutionAlreadyStartedError('started before', options.workflowId, type);
          return known ?? start(options.workflowId, options.args[0]);
        },
        getHandle: handle,
      },
    },
  };
  return temporal;

  function closeQuietly(run: SimulatedRun): void {
    for (const timer of run.timers.values()) clearTimeout(timer);
    delete run.live;
  }
}

const onCommit = (live: Live, work: () => void): void => void live.toBegin.push({ lane: 'remote', work });

interface Given {
  readonly seq: number;
  readonly name: string;
  readonly input: unknown;
  readonly options: LaneOptions;
}

function opened(live: Live, lane: Lane, asked: string): { readonly seq: number; readonly ended: Promise<unknown> } {
  live.asked.push(asked);
  live.machine.next += 1;
  const seq = live.machine.next;
  const ended = new Promise<unknown>((resolve, reject) => {
    live.open.set(seq, { lane, end: (ending) => (ending.ok ? resolve(ending.value) : reject(ending.error)) });
  });
  ended.catch(() => undefined);
  return { seq, ended };
}

async function deliver(live: Live, one: Happening): Promise<void> {
  live.delivered += 1;
  live.machine.nowMs = one.atMs;
  if (one.kind === 'signal') for (const handler of live.machine.signals.values()) handler();
  else if (one.kind === 'cancel') live.root.cancel();
  else {
    const open = live.open.get(one.seq);
    live.open.delete(one.seq);
    open?.end(one.kind === 'timer' ? { ok: true, value: undefined } : one.ending);
  }
  for (;;) {
    await settled();
    const isTrue = (condition: { readonly is: () => boolean }) => runAs(live.machine, live.root, condition.is);
    const next = [...live.machine.conditions].find(([, condition]) => isTrue(condition));
    if (!next) return;
    live.machine.conditions.delete(next[0]);
    next[1].resolve();
  }
}

const away = (): Error => Object.assign(new Error('connection refused'), { name: 'TransportError' });
