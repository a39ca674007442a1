// What a gate sees of its group: every effect resolved and read, each within a bound of its own, so that a product that says nothing keeps nobody
// from being asked about the rest.
import { Context } from '@temporalio/activity';
import { ConnectorFailure, type Json } from '../connectors/connector.ts';
import type { PerformItem, StepResult } from '../engine/command.ts';
import type { BoundRun } from '../store/runs.ts';
import { askProduct } from './ask-product.ts';
import type { Breakers } from './breaker.ts';
import type { GateInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { tryLater, wantedNoMore } from './failure.ts';
import { HEARTBEAT_MS, type LocalLanes } from './local-lane.ts';
import { productOf, sayAway, sayBack } from './outage.ts';
import { failed } from './outcome.ts';
import { type Resolved, resolveTarget } from './resolve-target.ts';

/** Targets looked at side by side. */
const AT_ONCE = 8;

export interface Seen {
  readonly item: PerformItem;
  readonly resolved: Resolved;
  readonly before: Json | undefined;
}

export type Look =
  | Seen
  /** It cannot be found, or asked for. */
  | { readonly failed: StepResult }
  /** Its product refuses us for good. */
  | { readonly refused: StepResult }
  /** Its product does not answer now; worth asking again after this long, ms. */
  | { readonly away: StepResult; readonly againMs: number };

export interface Looking {
  readonly deps: ActivityDeps;
  readonly outages: Breakers;
  readonly lanes: LocalLanes;
  readonly run: BoundRun;
  readonly input: GateInput;
}

/** One look for each effect, in their order; nothing for what only reads. Inside the workflow task it is short, or goes to the ordinary lane. */
export async function lookAtAll(looking: Looking): Promise<readonly Look[]> {
  const context = Context.current();
  if (context.info.isLocal) return await shortly(looking, context.cancellationSignal);
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await batches(looking, context.cancellationSignal, new Set());
  } finally {
    clearInterval(beat);
  }
}

async function shortly(looking: Looking, signal: AbortSignal): Promise<readonly Look[]> {
  const { deps, lanes, input } = looking;
  const closed = input.items.map(laneOf).find((lane) => !lanes.isOpen(lane));
  if (closed !== undefined) throw tryLater('LOCAL_LANE_CLOSED', `${closed} was slow lately`, 0);
  if (input.items.length > AT_ONCE) throw tryLater('LOCAL_DEADLINE', 'they are too many for a short look', 0);
  const open = new Set<PerformItem>();
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      for (const lane of new Set([...open].map(laneOf))) lanes.missed(lane);
      reject(tryLater('LOCAL_DEADLINE', 'it goes on in the ordinary lane', 0));
      controller.abort();
    }, deps.timing.localDeadlineMs);
  });
  try {
    const looks = batches(looking, AbortSignal.any([signal, controller.signal]), open);
    looks.catch(() => undefined); // past the deadline nobody waits for it
    return await Promise.race([looks, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

const laneOf = (item: PerformItem): string => item.via ?? item.verb;

/** `open`: those that are being looked at. */
async function batches(looking: Looking, signal: AbortSignal, open: Set<PerformItem>): Promise<readonly Look[]> {
  const { deps, outages, run, input } = looking;
  const away = new Map<string, Extract<Look, { readonly away: unknown }>>();
  for (const product of new Set(input.items.map((item) => productOf(deps, item)))) {
    const againMs = product === undefined ? 0 : outages.waitMs(product, `${run.id} ${input.key}`);
    if (product !== undefined && againMs > 0) away.set(product, { away: failed('UNAVAILABLE', `${product} does not answer`), againMs });
  }
  const looks: Look[] = [];
  for (let at = 0; at < input.items.length; at += AT_ONCE) {
    const some = input.items.slice(at, at + AT_ONCE).map(async (item) => {
      const product = productOf(deps, item);
      const known = product === undefined ? undefined : away.get(product);
      if (known) return known;
      open.add(item);
      const look = await lookAt(looking, item, signal).finally(() => open.delete(item));
      if (product !== undefined && look && 'away' in look) away.set(product, look);
      return look;
    });
    for (const look of await Promise.all(some)) if (look) looks.push(look);
  }
  return looks;
}

async function lookAt(looking: Looking, item: PerformItem, signal: AbortSignal): Promise<Look | undefined> {
  const { deps, outages, run, input } = looking;
  const about = { run, product: productOf(deps, item) };
  try {
    const look = await within(2 * deps.timing.requestTimeoutMs, signal, async (bound) => await see(deps, run, item, bound));
    await sayBack(deps, outages, about);
    return look;
  } catch (error) {
    const context = Context.current();
    // The local lane is told of a late workflow task in the words of a cancellation: then the ordinary lane goes on.
    if (signal.aborted && !context.info.isLocal) throw wantedNoMore('nobody waits for the approval any more');
    if (!(error instanceof ConnectorFailure) || signal.aborted) throw error;
    if (error.kind === 'permanent') {
      await sayBack(deps, outages, about);
      // The effect has its own `on_error` when its turn comes.
      return { refused: failed(error.code, error.message) };
    }
    await sayAway(deps, outages, about, error);
    const waitMs = about.product === undefined ? 0 : outages.waitMs(about.product, `${run.id} ${input.key}`);
    return { away: failed(error.code, error.message), againMs: Math.max(waitMs, error.retryAfterMs ?? 0) };
  }
}

/** A connector that does not listen to its signal is left behind. */
async function within<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectorFailure('retryable', 'TIMEOUT', `it did not answer within ${ms / 1000} s`));
      controller.abort();
    }, ms);
  });
  try {
    const done = work(AbortSignal.any([signal, controller.signal]));
    done.catch(() => undefined); // past its time nobody waits for it
    return await Promise.race([done, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for what only reads. */
async function see(deps: ActivityDeps, run: BoundRun, item: PerformItem, signal: AbortSignal): Promise<Look | undefined> {
  const resolution = await resolveTarget(deps, item, signal);
  if (!resolution.ok) return { failed: resolution.result };
  const { resolved } = resolution;
  const { action, instance, target } = resolved;
  if (action.risk === 'read') return undefined;
  if (action.delivery !== 'readable') return { item, resolved, before: undefined };
  const context = { key: `${run.id}.${item.id}.look`, signal, sending: () => undefined };
  const look = async () => await action.read(instance.client, resolved.input, target?.entity, context);
  return { item, resolved, before: await askProduct(deps, item.verb, look) };
}
