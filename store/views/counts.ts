// Gauges for /metrics.
import { sql } from 'kysely';
import type { Db } from '../store.ts';
import { countStuck } from '../stuck.ts';
import { countUndelivered } from './pages.ts';

export async function countOpen(db: Db): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<Record<string, number>>`select
    (select count(*)::int from runs where state in ('queued', 'starting', 'running', 'waiting')) as runs_open,
    (select count(*)::int from runs where state = 'queued') as runs_queued,
    (select count(*)::int from approvals where state = 'open') as approvals_open,
    (select count(*)::int from holds where state in ('active', 'releasing')) as holds_active,
    (select count(*)::int from holds where state = 'debt') as holds_debt,
    (select count(*)::int from outbox where state = 'ready') as outbox_ready,
    (select count(*)::int from outbox where state = 'undeliverable') as outbox_undeliverable`.execute(db);
  const { pages, messages } = await countUndelivered(db);
  return { ...rows[0], pages_undelivered: pages, messages_failing: messages, runs_stuck: await countStuck(db) };
}
