// What stands in for @temporalio/workflow in a simulation: the same meaning (scopes, timers, conditions, two lanes), driven by temporal.ts.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ActivityCancellationType, ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';

export type Lane = 'local' | 'remote';

/** One execution of a workflow in memory, as its code sees it. */
export interface Machine {
  /** The run's own time, ms: of the event that is being worked on, also when it is worked on again. */
  nowMs: number;
  readonly conditions: Map<number, { readonly is: () => boolean; readonly resolve: () => void }>;
  readonly signals: Map<string, () => void>;
  next: number;
  readonly isLong: () => boolean;
  readonly startedMs: number;
  readonly schedule: (lane: Lane, name: string, input: unknown, options: LaneOptions) => Scheduled;
  readonly timer: (ms: number) => Scheduled;
}

export interface Scheduled {
  readonly ended: Promise<unknown>;
  readonly cancel: () => void;
}

export interface LaneOptions {
  readonly activityId?: string;
  readonly startToCloseTimeout: string;
  readonly heartbeatTimeout?: string;
  readonly retry: { readonly initialInterval?: string; readonly maximumInterval?: string; readonly maximumAttempts?: number };
}

const machines = new AsyncLocalStorage<Machine>();
const scopes = new AsyncLocalStorage<CancellationScope>();

const machine = (): Machine => found(machines.getStore());

export function runAs<T>(one: Machine, root: CancellationScope, work: () => T): T {
  return machines.run(one, () => scopes.run(root, work));
}

export const machineNowMs = (): number => machine().nowMs;

const isCancellation = (error: unknown): boolean =>
  error instanceof CancelledFailure || (error instanceof ActivityFailure && error.cause instanceof CancelledFailure);

export class ContinueAsNew extends Error {
  readonly input: unknown;
  constructor(input: unknown) {
    super('continues as new');
    this.input = input;
  }
}

async function continueAsNew(input: unknown): Promise<never> {
  throw new ContinueAsNew(input);
}

/** As the SDK's: cancelling reaches the scopes inside, until one that cannot be cancelled. */
export class CancellationScope {
  readonly cancelRequested: Promise<never>;
  readonly cancellable: boolean;
  private isRequested = false;
  private readonly reject: (error: unknown) => void;

  constructor(options: { readonly cancellable?: boolean; readonly root?: boolean } = {}) {
    this.cancellable = options.cancellable ?? true;
    let refuse: (error: unknown) => void = () => undefined;
    this.cancelRequested = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    this.cancelRequested.catch(() => undefined);
    this.reject = (error) => {
      this.isRequested = true;
      refuse(error);
    };
    if (options.root === true) return;
    const parent = CancellationScope.current();
    if (parent.cancellable) this.isRequested = parent.isRequested;
    parent.cancelRequested.catch((error: unknown) => {
      if (parent.cancellable || !this.cancellable) this.reject(error);
    });
  }

  get consideredCancelled(): boolean {
    return this.isRequested && this.cancellable;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return scopes.run(this, work);
  }

  cancel(): void {
    this.reject(new CancelledFailure('the scope was cancelled'));
  }

  static current(): CancellationScope {
    return found(scopes.getStore());
  }

  static cancellable<T>(work: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: true }).run(work);
  }

  static nonCancellable<T>(work: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: false }).run(work);
  }
}

async function sleep(ms: number): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return await scope.cancelRequested;
  const timer = machine().timer(Math.max(1, ms));
  await new Promise<void>((resolve, reject) => {
    timer.ended.then(() => resolve(), reject);
    if (scope.cancellable)
      scope.cancelRequested.catch((error: unknown) => {
        timer.cancel();
        reject(error);
      });
  });
}

function until(is: () => boolean): Promise<void> {
  const one = machine();
  const scope = CancellationScope.current();
  return new Promise((resolve, reject) => {
    if (scope.consideredCancelled) return void scope.cancelRequested.catch(reject);
    one.next += 1;
    const id = one.next;
    if (scope.cancellable)
      scope.cancelRequested.catch((error: unknown) => {
        one.conditions.delete(id);
        reject(error);
      });
    if (is()) resolve();
    else one.conditions.set(id, { is, resolve });
  });
}

async function condition(is: () => boolean, timeoutMs?: number): Promise<boolean | undefined> {
  if (timeoutMs === undefined) {
    await until(is);
    return undefined;
  }
  return await CancellationScope.cancellable(async () => {
    try {
      return await Promise.race([sleep(timeoutMs).then(() => false), until(is).then(() => true)]);
    } finally {
      CancellationScope.current().cancel();
    }
  });
}

const defineSignal = (name: string): string => name;
const setHandler = (name: string, handler: () => void): void => void machine().signals.set(name, handler);
const setCurrentDetails = (): void => undefined;

const workflowInfo = () => ({
  continueAsNewSuggested: machine().isLong(),
  startTime: new Date(machine().startedMs),
  searchAttributes: {},
});

/** Waits for what is cancelled to end by itself, as all of our activities ask for. */
async function scheduled(lane: Lane, name: string, input: unknown, options: LaneOptions): Promise<unknown> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) throw new CancelledFailure('cancelled before it was scheduled');
  const work = machine().schedule(lane, name, input, options);
  if (scope.cancellable) scope.cancelRequested.catch(() => work.cancel());
  return await work.ended;
}

const proxy = (lane: Lane, options: LaneOptions) =>
  new Proxy({}, { get: (_, name) => (input: unknown) => scheduled(lane, String(name), input, options) });

const proxyActivities = (options: LaneOptions) => proxy('remote', options);
const proxyLocalActivities = (options: LaneOptions) => proxy('local', options);

/** What workflow code imports. */
export const WORKFLOW_API = {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
};

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('workflow code ran outside of a workflow');
  return value;
}
