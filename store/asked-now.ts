// Whom an approval is put to by now.
import { sql } from 'kysely';
import type { Addressed } from '../policy/addressed.ts';

/** Of an approval `a`: they are asked too when the time for it has come, also where the sweep has not told them yet. */
export const ESCALATED_TO = sql`coalesce((select jsonb_agg(e.addressed_to order by e.step)
  from escalations e where e.approval_id = a.id and e.at <= clock_timestamp()), '[]')`;

export const addressedOf = (row: {
  readonly addressed_to: Addressed;
  readonly escalated_to: readonly Addressed[];
}): readonly Addressed[] => [row.addressed_to, ...row.escalated_to];
