// What a start finds again from before, for the line that says so.
import { sql } from 'kysely';
import type { Store } from '../store/store.ts';

export interface Kept {
  readonly alerts: number;
  readonly runs: number;
  readonly open: number;
  readonly contained: number;
}

export async function countKept(store: Store): Promise<Kept> {
  const { rows } = await sql<Kept>`select
      (select count(*)::int from alerts) as alerts,
      (select count(*)::int from runs) as runs,
      (select count(*)::int from runs where ended_at is null) as open,
      (select count(*)::int from holds where state = 'active') as contained`.execute(store.db);
  return rows[0] ?? { alerts: 0, runs: 0, open: 0, contained: 0 };
}

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Undefined when there is nothing from before. */
export function sayKept({ alerts, runs, open, contained }: Kept): string | undefined {
  if (alerts + runs === 0) return undefined;
  return `Kept from before: ${many(alerts, 'alert')}, ${many(runs, 'run')} (${open} open, going on), ${contained} contained.`;
}
