// What each source has posted.
import { sql } from 'kysely';
import type { Db } from '../store.ts';
import { presentIso } from './page.ts';

export interface SourceCounts {
  readonly alerts: number;
  readonly quarantined: number;
  /** Its last post, ISO 8601. */
  readonly lastSeenAt?: string;
}

/** By source name. */
export async function listSourceCounts(db: Db): Promise<ReadonlyMap<string, SourceCounts>> {
  const { rows } = await sql<{ source: string; alerts: number; quarantined: number; last: Date | null }>`
    select source, count(*) filter (where state = 'accepted')::int as alerts, count(*) filter (where state = 'quarantined')::int as quarantined,
      max(last_seen_at) as last from alerts group by source`.execute(db);
  return new Map(
    rows.map((row) => [row.source, { alerts: row.alerts, quarantined: row.quarantined, ...presentIso('lastSeenAt', row.last) }]),
  );
}
