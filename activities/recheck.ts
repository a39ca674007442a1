// Drift: what the ledger says is held is read at the product again. What somebody has released there is reported once, and left as it is.
import { recordDrift, recordInForce, takeHoldsToCheck } from '../store/drift.ts';
import type { HoldRecord } from '../store/holds.ts';
import type { Trx } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';
import { heldBy, readHeld } from './held.ts';

export type RecheckDeps = Pick<ActivityDeps, 'store' | 'connectors' | 'now' | 'log' | 'page'>;

export interface RecheckWish {
  /** Each hold is looked at this often, seconds. */
  readonly everyS: number;
  /** In one pass: products are not to be flooded with reads. */
  readonly limit: number;
  /** One product may take this long, ms. */
  readonly withinMs: number;
}

/** Returns how many were found no longer in force, and were not known to be. */
export async function recheckHolds(deps: RecheckDeps, wish: RecheckWish): Promise<number> {
  const holds = await takeHoldsToCheck(deps.store.db, wish);
  let news = 0;
  for (const hold of holds) if (await hasDrifted(deps, hold, wish.withinMs)) news += 1;
  if (news > 0) for (const channel of ['holds', 'messages']) deps.store.wake(channel);
  return news;
}

const sayDrifted = (hold: HoldRecord): string =>
  `No longer in force, though held by Cordon; somebody has released it at the product:
- ${hold.entity_name}: ${hold.verb} through ${hold.connector}, held by run ${hold.run_id} (${hold.id})`;

async function hasDrifted(deps: RecheckDeps, hold: HoldRecord, withinMs: number): Promise<boolean> {
  const held = heldBy(deps, hold);
  // A product that is gone cannot be asked; the undo will say so. Nothing is concluded.
  if ('code' in held) return false;
  try {
    const state = await readHeld(held, `${hold.id}.check`, AbortSignal.timeout(withinMs));
    if (held.action.done(state, held.input)) {
      if (await recordInForce(deps.store.db, hold, deps.now())) deps.store.wake('holds');
      return false;
    }
    const about = { runId: hold.run_id, key: `drift.${hold.id}.${deps.now().toISOString()}` };
    const tell = async (trx: Trx) => await deps.page(sayDrifted(hold), about, trx);
    return await recordDrift(deps.store.db, hold, 'read again: it is not in force', deps.now(), tell);
  } catch (error) {
    deps.log.warn({ err: error, hold: hold.id }, 'what is held could not be looked at; it is tried again');
    return false;
  }
}
