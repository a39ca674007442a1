// Delivers one claimed row: a start, a wake, a cancellation, a notification. Answers what becomes of the row; the work list acts on it.
import { cancelQueuedRun } from '../store/outbox.ts';
import type { ClaimedWork } from '../store/outbox-claims.ts';
import type { DispatchDeps } from './deps.ts';
import type { CachedPlan, PlanCache } from './plans.ts';
import { madePlanOf, runInput } from './run-input.ts';
import { callFailure, type Temporal } from './temporal.ts';

export type Delivery =
  | { readonly kind: 'done' }
  /** Not yet, and nobody's fault. */
  | { readonly kind: 'later'; readonly delayMs: number; readonly why: string }
  | { readonly kind: 'away'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string; readonly maxAttempts: number };

export interface Deliverer {
  deliver(work: ClaimedWork): Promise<Delivery>;
}

/** Tries before a row is given up. Busy: with the cap of ROW_BACKOFF that is about half an hour. */
const MAX_ATTEMPTS = { permanent: 5, busy: 30 } as const;
const NOT_STARTED_YET_MS = 1_000;
const ENDED: ReadonlySet<string> = new Set(['completed', 'stopped', 'failed', 'cancelled', 'lost']);
const done: Delivery = { kind: 'done' };

export function deliverer(deps: DispatchDeps, temporal: Temporal, plans: PlanCache): Deliverer {
  const byKind: Record<ClaimedWork['kind'], (work: ClaimedWork) => Promise<Delivery>> = {
    start: (work) => startRun(deps, temporal, plans, work),
    wake: (work) => wakeRun(temporal, work),
    cancel: (work) => cancelRun(deps, temporal, work),
    notify: (work) => notify(deps, work),
  };
  return {
    async deliver(work) {
      // What is owed to a run that has ended is owed no more; only people still hear of it.
      if (work.kind !== 'notify' && ENDED.has(work.run_state)) return done;
      try {
        return await byKind[work.kind](work);
      } catch (error) {
        return deliveryFailure(work, error);
      }
    },
  };
}

function deliveryFailure(work: ClaimedWork, error: unknown): Delivery {
  const message = error instanceof Error ? error.message : String(error);
  if (work.kind === 'notify') return { kind: 'failed', message, code: 'NOTIFY_FAILED', maxAttempts: MAX_ATTEMPTS.permanent };
  const failure = callFailure(error);
  if (failure === 'away') return { kind: 'away', message };
  const busy = failure === 'busy';
  return {
    kind: 'failed',
    message,
    code: busy ? 'TEMPORAL_BUSY' : 'TEMPORAL_REFUSED',
    maxAttempts: MAX_ATTEMPTS[busy ? 'busy' : 'permanent'],
  };
}

async function startRun(deps: DispatchDeps, temporal: Temporal, plans: PlanCache, work: ClaimedWork): Promise<Delivery> {
  const plan = madePlanOf(work) ?? (await planOf(plans, work.plan_digest));
  if (!plan) {
    const message = `the plan ${work.plan_digest} of ${work.playbook} is not in the store`;
    return { kind: 'failed', code: 'PLAN_MISSING', message, maxAttempts: MAX_ATTEMPTS.permanent };
  }
  await deps.fail('dispatch.claimed');
  await temporal.start(runInput(work, plan, deps), work.title);
  return done;
}

const planOf = async (plans: PlanCache, digest: string): Promise<CachedPlan | undefined> => (await plans.get([digest])).get(digest);

async function wakeRun(temporal: Temporal, work: ClaimedWork): Promise<Delivery> {
  try {
    await temporal.wake(work.about);
    return done;
  } catch (error) {
    if (callFailure(error) !== 'not_found') throw error;
    // Temporal has it no more: that is the reconciler's finding, and there is nobody to wake.
    return notStarted(work) ?? done;
  }
}

async function cancelRun(deps: DispatchDeps, temporal: Temporal, work: ClaimedWork): Promise<Delivery> {
  if (work.run_state === 'queued' && (await cancelQueuedRun(deps.store.db, work.about, deps.now()))) {
    deps.store.wake('runs');
    return done;
  }
  try {
    await temporal.cancel(work.about);
    return done;
  } catch (error) {
    if (callFailure(error) !== 'not_found') throw error;
    return notStarted(work) ?? done;
  }
}

/** Its start is still on the list, or under way on another worker. */
function notStarted(work: ClaimedWork): Delivery | undefined {
  if (work.run_state !== 'queued' && work.run_state !== 'starting') return undefined;
  return { kind: 'later', delayMs: NOT_STARTED_YET_MS, why: 'the run has not started yet' };
}

async function notify(deps: DispatchDeps, work: ClaimedWork): Promise<Delivery> {
  await deps.notify?.({ runId: work.about, payload: work.payload });
  return done;
}
