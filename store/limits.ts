// How many effects were begun within a limit's window. Counted from the steps themselves, under the limit row's lock, so that the last place goes once.
import { type RawBuilder, sql } from 'kysely';
import type { Limit } from '../policy/policy.ts';
import { appendAudit } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';

/** Of the effects of a run: a step's own earlier attempts do not count against it. */
export interface Claimant {
  readonly runId: string;
  readonly key: string;
}

/** By limit; counted up to the limit. */
export type Used = Readonly<Record<string, number>>;

/** At most one page for each limit in this time, ms. */
const PAGE_EVERY_MS = 5 * 60_000;

/** As an expression, for a statement that asks more. The limits stay locked until the transaction ends. */
export function lockedPlaces(claimant: Claimant, limits: readonly Limit[]): RawBuilder<Used | null> {
  if (limits.length === 0) return sql`null::json`;
  return sql`limit_places(${claimant.runId}, ${claimant.key}, ${jsonText(limits.map(asked))}::json, true)`;
}

/** Without the lock: what it would say now, for people. */
export async function readPlaces(db: Db, claimant: Claimant, limits: readonly Limit[]): Promise<Used> {
  if (limits.length === 0) return {};
  const { rows } = await sql<{ used: Used }>`
    select limit_places(${claimant.runId}, ${claimant.key}, ${jsonText(limits.map(asked))}::json, false) as used`.execute(db);
  return rows[0]?.used ?? {};
}

const asked = ({ name, match, atMost, withinMs }: Limit) => ({ name, at_most: atMost, within_ms: withinMs, ...match });

/** Of these full limits, those that people have not heard of lately; the run's audit chain says it for each of them. */
export async function tellFull(db: Db, claimant: Claimant, limits: readonly Limit[], now: Date): Promise<readonly string[]> {
  if (limits.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    insert into limits (name, told_at) select name, clock_timestamp() from unnest(${limits.map(({ name }) => name)}::text[]) name order by name
    on conflict (name) do update set told_at = excluded.told_at
    where limits.told_at is null or limits.told_at < excluded.told_at - ${PAGE_EVERY_MS} * interval '1 millisecond'
    returning name`.execute(db);
  const events = limits.map(({ name, atMost }) => ({
    at: now,
    code: 'policy.limit_full' as const,
    actor: 'cordon',
    body: { limit: name, atMost, key: claimant.key },
  }));
  await appendAudit(db, claimant.runId, events);
  return rows.map(({ name }) => name);
}
