// A full limit is the sign of a storm: people hear of it, though not for each effect.
import type { Limit } from '../policy/policy.ts';
import { type Claimant, tellFull } from '../store/limits.ts';
import type { Db } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';

export async function sayFull(db: Db, deps: ActivityDeps, claimant: Claimant, full: readonly Limit[]): Promise<void> {
  for (const name of await tellFull(db, claimant, full, deps.now())) {
    const limit = full.find((one) => one.name === name);
    const then = limit?.consequence.then === 'deny' ? 'what goes over it is denied' : 'what goes over it asks people';
    deps.page(`the limit ${name} is full: ${limit?.atMost} effects; ${then}`, claimant);
  }
}
