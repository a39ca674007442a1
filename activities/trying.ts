// A product that takes its time, or fails for now: people see what the run is at, before anything has come of it.
import { recordTrying } from '../store/effects.ts';
import type { PerformInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

/** Without an answer for this long, it is said, ms. */
export const SAY_AFTER_MS = 2_000;

/** For the eye alone: nothing rests on it, and its own failure holds up nothing. */
export async function sayTrying(
  deps: ActivityDeps,
  { runId, item, undo }: PerformInput,
  error?: { readonly code: string; readonly message: string },
): Promise<void> {
  const kind = undo === undefined ? ('do' as const) : ('undo' as const);
  const identity = { runId, key: item.key, generation: undo === undefined ? 0 : 1, stepId: item.id, kind };
  const facts = { verb: item.verb, params: item.params, ...(item.why === undefined ? {} : { why: item.why }) };
  await recordTrying(deps.store.db, identity, facts, error).then(
    () => deps.store.wake('runs'),
    (failure: unknown) => deps.log.warn({ err: failure, run: runId, key: item.key }, 'it could not be recorded that a step is being tried'),
  );
}
