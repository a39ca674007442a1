// What went out and may be in force, or may come to be: the one answer that every place gives to it.
import { type RawBuilder, sql } from 'kysely';

/** Name that the statement has `steps` under. */
type Steps = 'steps' | 's';

/**
 * A request of ours went out for this step (of either kind, doing or undoing) and nobody knows how it ended: it was not answered (`intent`), or it was
 * refused for now, which proves nothing. Only of the latter a step without an intent keeps its before-state (withdrawIntent), whatever it waits for.
 */
export const maybeSent = (steps: Steps): RawBuilder<boolean> => {
  const s = sql.raw(steps);
  return sql`(${s}.state = 'intent' or (${s}.state <> 'ended' and ${s}.before is not null))`;
};

const landed = (steps: Steps): RawBuilder<unknown> => {
  const s = sql.raw(steps);
  return sql`${s}.lease_until + coalesce(${s}.lands_within_ms, 0) * interval '1 millisecond'`;
};

/** It was sent, and has not had its time to take effect yet. Where the store has not kept since when, it has had it. */
export const mayLand = (steps: Steps): RawBuilder<boolean> =>
  sql`(${maybeSent(steps)} and coalesce(${landed(steps)} > clock_timestamp(), false))`;

/** That time, ms from now by the store's clock; 0: it is over, or nothing was sent. */
export const landsInMs = (steps: Steps): RawBuilder<number> =>
  sql`case when ${mayLand(steps)} then (extract(epoch from ${landed(steps)} - clock_timestamp()) * 1000)::float8 else 0 end`;
