// The breaker around an attempt: who has to wait for a product that is away, and who is told that it is.
import type { PerformItem } from '../engine/command.ts';
import { noteOutage } from '../store/connector-states.ts';
import { recordWaiting } from '../store/effects.ts';
import type { BoundRun } from '../store/runs.ts';
import type { Breakers } from './breaker.ts';
import type { PerformAnswer, Waiting } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { waiting } from './outcome.ts';

interface Attempt {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly undo: boolean;
}

/** The one product that would serve it; undefined where several could, or where nothing would wait for it. */
export function productOf(deps: ActivityDeps, item: PerformItem): string | undefined {
  const [only, ...more] = deps.connectors.servers(item.verb);
  return item.via ?? (more.length === 0 ? only?.id : undefined);
}

/** Only what contains or releases waits: a look-up has its `default`, and a message must not hold up what comes after it. */
function contains(deps: ActivityDeps, { item, undo }: Attempt): boolean {
  if (undo) return true;
  const instance = deps.connectors.servers(item.verb)[0];
  const risk = instance && deps.connectors.actionOf(instance, item.verb)?.risk;
  return risk === 'reversible' || risk === 'destructive';
}

export async function waitForProduct(deps: ActivityDeps, outages: Breakers, work: Attempt): Promise<Waiting | undefined> {
  const { run, item, undo } = work;
  const product = productOf(deps, item);
  if (product === undefined || !contains(deps, work)) return undefined;
  // Both: a step may have been held back for hours by something else (a freeze, a window) when the product goes away.
  if (isPatienceOver(deps, run) && outages.openMs(product) >= deps.timing.outage.patienceMs) return undefined;
  const waitMs = outages.waitMs(product, `${run.id} ${item.key} ${undo ? 1 : 0}`);
  if (waitMs <= 0) return undefined;
  return await held(deps, work, waitMs, `${product} does not answer; it is tried again`);
}

/**
 * An undo whose attempts are used up: what contains stays contained meanwhile, so it is waited for as long as for a product that is known to be
 * away, whether or not the breaker has seen enough failures to open. Undefined: it has waited long enough.
 */
export async function undoLater(
  deps: ActivityDeps,
  { run, item }: Omit<Attempt, 'undo'>,
  last: { readonly code: string; readonly message: string },
): Promise<Waiting | undefined> {
  if (isPatienceOver(deps, run)) return undefined;
  return await held(
    deps,
    { run, item, undo: true },
    deps.timing.outage.probeMs,
    `it could not be undone yet (${last.code}); it is tried again`,
  );
}

const isPatienceOver = (deps: ActivityDeps, run: BoundRun): boolean => (run.step?.held_ms ?? 0) >= deps.timing.outage.patienceMs;

async function held(deps: ActivityDeps, { run, item, undo }: Attempt, waitMs: number, detail: string): Promise<Waiting> {
  const identity = {
    runId: run.id,
    key: item.key,
    generation: undo ? 1 : 0,
    stepId: item.id,
    kind: undo ? ('undo' as const) : ('do' as const),
  };
  const facts = { verb: item.verb, params: item.params, ...(item.why === undefined ? {} : { why: item.why }) };
  await recordWaiting(deps.store.db, { identity, facts, on: 'outage', untilMs: waitMs }, true);
  deps.store.wake('outbox');
  return waiting('outage', waitMs, detail);
}

/** What an attempt has shown of the product. */
export async function learn(deps: ActivityDeps, outages: Breakers, work: Attempt, answer: PerformAnswer): Promise<void> {
  const about = { run: work.run, product: productOf(deps, work.item) };
  if (answer.kind === 'retry') await sayAway(deps, outages, about, answer);
  if (answer.kind === 'ended' && answer.result.outcome !== 'cancelled') await sayBack(deps, outages, about);
}

interface About {
  readonly run: BoundRun;
  readonly product: string | undefined;
}

export async function sayAway(
  deps: ActivityDeps,
  outages: Breakers,
  { run, product }: About,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<void> {
  if (product === undefined || !outages.failed(product, code)) return;
  await noteOutage(deps.store.db, { connector: product, reason: message, on: true }, deps.now());
  const said = `${product} does not answer (${code}). What would contain through it waits, and is tried now and then`;
  await deps.page(said, { runId: run.id, key: `outage.${product}` });
}

export async function sayBack(deps: ActivityDeps, outages: Breakers, { product }: About): Promise<void> {
  if (product === undefined || !outages.met(product)) return;
  await noteOutage(deps.store.db, { connector: product, reason: 'it answers again', on: false }, deps.now());
}
