// Owing wakes from within another statement, so that what causes a wake and the wake are one commit and one round trip.
import { type RawBuilder, sql } from 'kysely';

/** `insert …` that arms the one wake row of each run in `relation` (its column run_id, no run twice). */
export const armWakes = (relation: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into outbox (kind, about, dedupe, priority, lane)
  select 'wake', r.id, 'wake:' || r.id, r.severity_id, r.lane from ${relation} as one join runs r on r.id = one.run_id
  on conflict (dedupe) do update set state = 'ready', claimed_by = null, claimed_until = null, attempts = 0, next_at = now(), ended_at = null`;
