// Plans by digest. A digest never changes its meaning, so what was loaded once stays good.
import type { Plan } from '../language/plan.ts';
import { loadPlans } from '../store/playbook-versions.ts';
import type { Db } from '../store/store.ts';

/** Far above the number of playbooks of one installation, with some old versions. */
const MAX_CACHED = 500;

export interface CachedPlan {
  readonly plan: Plan;
  /** Of its JSON. */
  readonly bytes: number;
}

export interface PlanCache {
  /** Those of the digests that exist, in at most one statement; of the transaction that one is in, for the embedded store has one session. */
  get(digests: readonly string[], within?: Db): Promise<ReadonlyMap<string, CachedPlan>>;
}

export function planCache(db: Db): PlanCache {
  const cached = new Map<string, CachedPlan>();
  return {
    async get(digests, within = db) {
      const missing = [...new Set(digests)].filter((digest) => !cached.has(digest));
      if (missing.length > 0) {
        for (const { digest, plan } of await loadPlans(within, missing)) cached.set(digest, { plan, bytes: jsonBytes(plan) });
      }
      const found = new Map(digests.flatMap((digest) => entryOf(cached, digest)));
      while (cached.size > MAX_CACHED) cached.delete(cached.keys().next().value ?? '');
      return found;
    },
  };
}

function entryOf(cached: Map<string, CachedPlan>, digest: string): [string, CachedPlan][] {
  const entry = cached.get(digest);
  return entry ? [[digest, entry]] : [];
}

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');
