// The plan of a run, by its digest: kept for as long as it is asked for, since a plan never changes under its digest.
import type { Kysely } from 'kysely';
import type { Plan } from '../language/plan.ts';
import { loadPlans } from '../store/playbook-versions.ts';
import type { Database } from '../store/tables.ts';

/** Plans kept in memory; the one asked for longest ago goes first. */
const KEPT = 200;

export function planReader(db: Kysely<Database>): (runId: string, digest: string) => Promise<Plan | undefined> {
  const plans = new Map<string, Plan>();
  return async (runId, digest) => {
    const kept = plans.get(digest);
    if (kept) {
      plans.delete(digest);
      plans.set(digest, kept);
      return kept;
    }
    const plan = (await loadPlans(db, [digest]))[0]?.plan ?? (await madePlan(db, runId, digest));
    if (!plan) return undefined;
    plans.set(digest, plan);
    const oldest = plans.keys().next();
    if (plans.size > KEPT && !oldest.done) plans.delete(oldest.value);
    return plan;
  };
}

async function madePlan(db: Kysely<Database>, runId: string, digest: string): Promise<Plan | undefined> {
  const row = await db.selectFrom('runs').select('plan').where('id', '=', runId).where('plan_digest', '=', digest).executeTakeFirst();
  // Only store/undo.ts writes this column, and it writes a Plan.
  return (row?.plan ?? undefined) as Plan | undefined;
}
