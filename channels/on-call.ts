// Rotas that a product keeps, asked for once a minute. While it does not answer, what it said last goes on counting, and is shown as old.
import type { OpenConnectors } from '../connectors/registry.ts';
import type { Directory, Rota } from '../policy/addressed.ts';
import { keepRotas, noteRota, noteRotaFailure, readRotas } from '../store/oncall.ts';
import type { Store } from '../store/store.ts';

export interface ProductRota {
  readonly name: string;
  readonly connector: string;
  /** The product's own id of it. */
  readonly schedule: string;
}

const EVERY_MS = 60_000;
const WITHIN_MS = 10_000;

/** A directory whose rotas of products are always those that were read last. */
export function liveDirectory(
  fixed: Directory,
  rotas: readonly ProductRota[],
): { readonly directory: Directory; readonly set: (rota: string, people: readonly string[]) => void } {
  const known = new Map<string, readonly string[]>();
  const live = rotas.map(({ name }): readonly [string, Rota] => [
    name,
    {
      get people() {
        return known.get(name) ?? [];
      },
    },
  ]);
  const oncall = { ...fixed.oncall, ...Object.fromEntries(live) };
  return { directory: { ...fixed, oncall }, set: (rota, people) => void known.set(rota, people) };
}

/** Throws an Error that says what is wrong with the rotas of cordon.yaml. */
export function checkRotas(connectors: OpenConnectors, rotas: readonly ProductRota[]): void {
  for (const { name, connector } of rotas) {
    const instance = connectors.instance(connector);
    if (instance === undefined) throw new Error(`people.oncall.${name}: there is no connector "${connector}"`);
    if (instance.connector.onCall === undefined) throw new Error(`people.oncall.${name}: "${connector}" keeps no rotas`);
  }
}

export interface OnCallDeps {
  readonly store: Store;
  readonly connectors: OpenConnectors;
  readonly rotas: readonly ProductRota[];
  readonly set: (rota: string, people: readonly string[]) => void;
  readonly now: () => Date;
  readonly log: { warn(facts: object, message: string): void };
}

/** One look at all of them. Never throws. */
export async function readOnCall({ store, connectors, rotas, set, now, log }: OnCallDeps, signal: AbortSignal): Promise<void> {
  const ask = async ({ name, connector, schedule }: ProductRota) => {
    const instance = connectors.instance(connector);
    try {
      const people = await instance?.connector.onCall?.(
        instance.client,
        schedule,
        AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
      );
      if (people !== undefined) await noteRota(store.db, name, people, now());
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, rota: name }, 'who is on call could not be read; what was known of it goes on counting');
      await noteRotaFailure(store.db, name, error instanceof Error ? error.message : String(error), now());
    }
  };
  await Promise.allSettled(rotas.map(ask));
  for (const { rota, people } of await readRotas(store.db)) set(rota, people);
}

/** Resolves when what was known is known again; products are asked at once, and not waited for. */
export async function watchOnCall(deps: OnCallDeps, everyMs = EVERY_MS): Promise<{ readonly stop: () => Promise<void> }> {
  const stopping = new AbortController();
  await keepRotas(
    deps.store.db,
    deps.rotas.map((rota) => rota.name),
  );
  for (const { rota, people } of await readRotas(deps.store.db)) deps.set(rota, people);
  if (deps.rotas.length === 0) return { stop: async () => undefined };
  const look = () =>
    readOnCall(deps, stopping.signal).catch((error: unknown) => deps.log.warn({ err: error }, 'the look at who is on call failed'));
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await looking;
    },
  };
}
