// Delivers the outbox: decides alerts, admits, starts and wakes runs, and looks after what Temporal and time do to them. Any number of
// workers share the work; each delivery is idempotent by its id.
import { forgetClaims } from '../store/outbox.ts';
import { whatWaits } from '../store/outbox-claims.ts';
import { forgetPlaces } from '../store/places.ts';
import { alertDecider } from './decide.ts';
import { deliverer } from './deliver.ts';
import { DEFAULT_TIMING, type DispatchDeps } from './deps.ts';
import { temporalHealth } from './health.ts';
import { planCache } from './plans.ts';
import { pump } from './pump.ts';
import { reconciler } from './reconcile.ts';
import { scheduleKeeper } from './schedules.ts';
import { sweeper } from './sweep.ts';
import { temporalOf } from './temporal.ts';
import { temporalSchedules } from './temporal-schedules.ts';
import { tickDecider } from './ticks.ts';
import { workList } from './work-list.ts';

export interface Dispatch {
  /** Takes no more, waits some seconds for what is being delivered. What was not, is claimed again by whoever comes next. */
  stop(): Promise<void>;
  /** Looks for work now. */
  kick(): void;
  /** Resolves when everything that is due now was delivered or put off. */
  idle(): Promise<void>;
  /** A reconciliation now, instead of at its next time. */
  reconcile(): Promise<void>;
  /** Compares Temporal's schedules with the published playbooks now. */
  schedules(): Promise<void>;
  /** What time has brought about, now. */
  sweep(): Promise<void>;
}

export function startDispatch(deps: DispatchDeps): Dispatch {
  const { store, log } = deps;
  const timing = { ...DEFAULT_TIMING, ...deps.timing };
  const temporal = temporalOf(deps.client);
  const plans = planCache(store.db);
  const decider = alertDecider(deps, plans);
  const works = workList(deps, temporalHealth(deps.monotonicMs, deps.random ?? Math.random), deliverer(deps, temporal, plans), () =>
    main.kick(),
  );
  const sweeps = sweeper(deps);
  const reconciliation = reconciler(deps, temporal);
  const failed = (what: string) => (error: unknown) => log.error({ err: error }, `${what} failed; it is tried again`);

  let cleared = false;
  const main = pump(async () => {
    if (!cleared) await clearLeftovers(deps);
    cleared = true;
    const waits = await whatWaits(store.db);
    const more = waits.alerts && (await decider.round());
    // What has just been decided waits too.
    if (waits.alerts || waits.work) await works.round();
    return more;
  }, failed('dispatch'));
  const sweep = pump(async () => {
    await sweeps.sweep();
    return false;
  }, failed('the sweep'));
  const ticks = tickDecider(deps, plans);
  const tick = pump(ticks.round, failed('the schedules'));
  const keeper = deps.client.schedule && scheduleKeeper(deps, plans, temporalSchedules(deps.client.schedule));
  const schedules = pump(async () => {
    await keeper?.pass();
    return false;
  }, failed('the look at the schedules'));
  const reconcile = pump(async () => {
    await reconciliation.pass();
    return false;
  }, failed('reconciliation'));

  const unsubscribe = [
    store.onWake('outbox', () => {
      main.kick();
      tick.kick();
    }),
    store.onWake('playbooks', schedules.kick),
  ];
  const timers = [
    setInterval(() => {
      main.kick();
      sweep.kick();
      tick.kick();
    }, timing.sweepMs),
    setInterval(schedules.kick, timing.schedulesMs),
    setInterval(reconcile.kick, timing.reconcileMs),
  ];
  main.kick();
  schedules.kick();

  const idle = async () => {
    do {
      await main.settled();
      await works.settled();
    } while (!main.quiet || works.inFlight > 0);
  };
  return {
    kick: main.kick,
    idle,
    async reconcile() {
      reconcile.kick();
      await reconcile.settled();
    },
    async schedules() {
      schedules.kick();
      await schedules.settled();
    },
    async sweep() {
      sweep.kick();
      await sweep.settled();
    },
    async stop() {
      for (const end of unsubscribe) end();
      for (const timer of timers) clearInterval(timer);
      const ended = Promise.all([main.stop(), sweep.stop(), reconcile.stop(), tick.stop(), schedules.stop()]).then(works.settled);
      await within(timing.stopWithinMs, ended);
    },
  };
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

/** What a process of our name, or on the embedded store any process, had in hand when it died. */
async function clearLeftovers(deps: DispatchDeps): Promise<void> {
  const whose = deps.store.kind === 'pglite' ? 'all' : { workerId: deps.workerId };
  await forgetClaims(deps.store.db, whose);
  await forgetPlaces(deps.store.db, whose);
}
