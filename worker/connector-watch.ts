// Asks every product now and then who we are there, so that people see what answers before an alert needs it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Instance, OpenConnectors } from '../connectors/registry.ts';
import { type ConnectorAnswer, knownAccounts, nameConnectors, noteConnector } from '../store/connector-states.ts';
import type { Store } from '../store/store.ts';

const EVERY_MS = 60_000;
/** A product that takes longer has failed to answer. */
const WITHIN_MS = 10_000;
const MAX_DETAIL = 500;

export interface ConnectorWatch {
  /** Who we are at the products, as they said when they last answered, also before a restart; lower case. */
  readonly accounts: () => readonly string[];
  /** All have been asked once: what acts before does not know whom not to act on. Settles within 10 s. */
  readonly asked: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface WatchOptions {
  readonly store: Store;
  readonly connectors: Pick<OpenConnectors, 'instances'>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly everyMs?: number;
}

/** Resolves when the products are named; they are asked at once, without waiting for their answers. */
export async function watchConnectors({ store, connectors, log, now, everyMs = EVERY_MS }: WatchOptions): Promise<ConnectorWatch> {
  const stopping = new AbortController();
  await nameConnectors(store, connectors.instances);
  const states = new Map<string, ConnectorAnswer['state']>();
  const accounts = new Map(await knownAccounts(store.db));

  const ask = async (instance: Instance) => {
    const answer = await answerOf(instance, AbortSignal.any([stopping.signal, AbortSignal.timeout(WITHIN_MS)]), now);
    if (answer.account !== undefined) accounts.set(instance.id, answer.account);
    if (stopping.signal.aborted) return;
    await noteConnector(store.db, instance.id, answer);
    if (states.get(instance.id) === answer.state) return;
    states.set(instance.id, answer.state);
    if (answer.state === 'failed') log.warn({ connector: instance.id }, `a product does not answer as it should: ${answer.detail}`);
  };
  const askAll = async () => {
    const asked = await Promise.allSettled(connectors.instances.map(ask));
    for (const one of asked) if (one.status === 'rejected') log.warn({ err: one.reason }, "a product's state could not be written down");
  };
  let asking = askAll();
  // A connector that does not listen to its signal is not waited for.
  const asked = Promise.race([asking, sleep(WITHIN_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined)]);
  const timer = setInterval(() => {
    asking = asking.then(askAll);
  }, everyMs);
  timer.unref();
  return {
    accounts: () => [...accounts.values()],
    asked,
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await asking;
    },
  };
}

async function answerOf({ connector, client }: Instance, signal: AbortSignal, now: () => Date): Promise<ConnectorAnswer> {
  try {
    const { as, detail } = await connector.ping(client, signal);
    const account = as.normalize('NFC').toLowerCase();
    return { state: 'ok', detail: cut(`as ${as}${detail === undefined ? '' : `, ${detail}`}`), account, at: now() };
  } catch (error) {
    return { state: 'failed', detail: cut(error instanceof Error ? error.message : String(error)), at: now() };
  }
}

const cut = (text: string): string => text.slice(0, MAX_DETAIL);
