// Claims what has a place, delivers it side by side, and writes down how it ended. One row that fails delays no other.
import { finishRows, hurryRows, postponeRow } from '../store/outbox.ts';
import { type ClaimedWork, claimWork, type WorkKind } from '../store/outbox-claims.ts';
import { DEFAULT_BOUNDS } from '../store/places.ts';
import { backoffMs, ROW_BACKOFF, TEMPORAL_BACKOFF } from './backoff.ts';
import type { Deliverer, Delivery } from './deliver.ts';
import type { DispatchDeps } from './deps.ts';
import { gatherer } from './gather.ts';
import type { TemporalHealth } from './health.ts';
import { giveUp } from './undeliverable.ts';

/** Deliveries at once; each is one call over one connection. */
const MAX_IN_FLIGHT = 64;
/** Marks rows that wait for Temporal alone; `hurryRows` finds them by it. */
const AWAY = 'TEMPORAL_AWAY: Temporal does not answer; delivered as soon as it does';

export interface WorkList {
  /** Claims once. When more may be waiting, it is kicked as soon as there is room. */
  round(): Promise<void>;
  readonly inFlight: number;
  /** Resolves when nothing is being delivered or written down. */
  settled(): Promise<void>;
}

export function workList(deps: DispatchDeps, health: TemporalHealth, deliverer: Deliverer, kick: () => void): WorkList {
  const { store } = deps;
  const random = deps.random ?? Math.random;
  const bounds = deps.bounds ?? DEFAULT_BOUNDS;
  const flights = new Set<Promise<void>>();
  const finished = gatherer<ClaimedWork>((works) => finishRows(store.db, works));
  let claims = 0;
  /** Of the flights, those to Temporal. */
  let calls = 0;
  /** The last claim took as many as it was allowed to: there may be more. */
  let limited = false;

  const delivered = async (work: ClaimedWork): Promise<Delivery> => {
    if (work.kind === 'notify') return await deliverer.deliver(work);
    calls += 1;
    try {
      return await deliverer.deliver(work);
    } finally {
      calls -= 1;
    }
  };
  const land = async (work: ClaimedWork) => {
    try {
      const delivery = await delivered(work);
      await settle(work, delivery);
      // A place came back, or there is room again. Otherwise nothing has changed: a run that ends says so itself.
      if (limited || delivery.kind !== 'done') kick();
    } catch (error) {
      // The store failed: the claim's lease ends by itself, then the row is delivered again.
      deps.log.error({ err: error, delivery: work.id }, 'how a delivery ended could not be written down');
    }
  };
  const settle = async (work: ClaimedWork, delivery: Delivery) => {
    if (delivery.kind === 'away') return await waitForTemporal(work, delivery.message);
    if (work.kind !== 'notify' && health.answered()) await hurryRows(store.db, AWAY);
    if (delivery.kind === 'done') await finished.add(work);
    else if (delivery.kind === 'later') await postpone(work, delivery.delayMs, delivery.why, false);
    else if (work.attempts + 1 >= delivery.maxAttempts) await giveUp(deps, work, `${delivery.code}: ${delivery.message}`);
    else await postpone(work, backoffMs(ROW_BACKOFF, work.attempts + 1, random()), `${delivery.code}: ${delivery.message}`, true);
    if (delivery.kind === 'done' && work.kind === 'start') store.wake('runs');
  };
  const waitForTemporal = async (work: ClaimedWork, message: string) => {
    if (!health.isAway) deps.log.warn({ reason: message }, 'Temporal does not answer; the backlog waits in the store');
    health.away();
    await postpone(work, backoffMs(TEMPORAL_BACKOFF, 20, random()), AWAY, false);
  };
  const postpone = (work: ClaimedWork, delayMs: number, error: string, counts: boolean) =>
    postponeRow(store.db, { claim: work, delayMs, error, counts, ...(work.placed ? { placeOf: work.about } : {}) });

  return {
    async round() {
      const allowed = health.allowance(MAX_IN_FLIGHT - flights.size, calls);
      const kinds = kindsNow(allowed > 0, deps.notify !== undefined);
      limited = flights.size >= MAX_IN_FLIGHT;
      if (kinds.length === 0 || limited) return;
      const limit = allowed > 0 ? allowed : MAX_IN_FLIGHT - flights.size;
      claims += 1;
      const works = await claimWork(store.db, { token: `${deps.workerId}#${claims}`, limit, kinds }, deps.workerId, bounds);
      for (const work of works) {
        const flight = land(work).finally(() => {
          flights.delete(flight);
        });
        flights.add(flight);
      }
      limited = works.length >= limit;
    },
    get inFlight() {
      return flights.size;
    },
    async settled() {
      while (flights.size > 0) await Promise.all(flights);
    },
  };
}

function kindsNow(temporal: boolean, notify: boolean): WorkKind[] {
  return [...(temporal ? (['start', 'wake', 'cancel'] as const) : []), ...(notify ? (['notify'] as const) : [])];
}
