// What a start finds again from before.
import { sql } from 'kysely';
import type { Db } from '../store.ts';

export interface Kept {
  readonly alerts: number;
  readonly runs: number;
  readonly open: number;
  readonly contained: number;
}

export async function countKept(db: Db): Promise<Kept> {
  const { rows } = await sql<Kept>`select
      (select count(*)::int from alerts) as alerts,
      (select count(*)::int from runs) as runs,
      (select count(*)::int from runs where ended_at is null) as open,
      (select count(*)::int from holds where state = 'active') as contained`.execute(db);
  return rows[0] ?? { alerts: 0, runs: 0, open: 0, contained: 0 };
}
