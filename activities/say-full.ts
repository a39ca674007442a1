// A full limit is the sign of a storm: people hear of it, though not for each effect.
import type { Limit } from '../policy/policy.ts';
import { type Claimant, tellFull } from '../store/limits.ts';
import type { Trx } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';

/** In the commit that notes who was told; each limit has a page of its own. */
export async function sayFull(trx: Trx, deps: ActivityDeps, claimant: Claimant, full: readonly Limit[]): Promise<void> {
  for (const name of await tellFull(trx, claimant, full, deps.now())) {
    const limit = full.find((one) => one.name === name);
    const then = limit?.consequence.then === 'deny' ? 'what goes over it is denied' : 'what goes over it asks people';
    const about = { ...claimant, key: `${claimant.key}.limit.${name}` };
    await deps.page(`the limit ${name} is full: ${limit?.atMost} effects; ${then}`, about, trx);
  }
}
