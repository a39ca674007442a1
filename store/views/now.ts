// What needs a person now, and the counts beside the console's rail.
import { sql } from 'kysely';
import type { Now } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { countStuck } from '../stuck.ts';
import { type ApprovalReader, listUrgent } from './approvals.ts';
import { readFreeze } from './freeze.ts';
import { listHolds } from './holds.ts';
import { readUndelivered } from './pages.ts';
import { listRuns } from './runs.ts';

interface Counts {
  readonly approvals: number;
  readonly debts: number;
  readonly drifted: number;
  readonly lost_runs: number;
  readonly quarantined: number;
  readonly undeliverable: number;
  readonly contained: number;
  readonly open_runs: number;
  /** All of them: beside a real product nobody is told that nothing real is touched. */
  readonly simulated: boolean;
}

export async function readNow(
  db: Db,
  reader: ApprovalReader,
  { now, wakesNobody }: { readonly now: Date; readonly wakesNobody: boolean },
): Promise<Now> {
  const { rows } = await sql<Counts>`select
    (select count(*)::int from approvals where state = 'open') as approvals,
    (select count(*)::int from holds where state = 'debt') as debts,
    (select count(*)::int from holds where state = 'active' and drifted_at is not null) as drifted,
    (select count(*)::int from runs where state = 'lost') as lost_runs,
    (select count(*)::int from alerts where state = 'quarantined') as quarantined,
    (select count(*)::int from outbox where state = 'undeliverable') as undeliverable,
    (select count(*)::int from holds where state in ('active', 'releasing', 'debt')) as contained,
    (select count(*)::int from runs where state in ('queued', 'starting', 'running', 'waiting')) as open_runs,
    (select coalesce(bool_and(simulated), false) from connector_states) as simulated`.execute(db);
  const counts = rows[0];
  return {
    approvals: await listUrgent(db, reader),
    drifted: (await listHolds(db, { state: 'drifted' })).items,
    debts: (await listHolds(db, { state: 'debt' })).items,
    quarantined: counts?.quarantined ?? 0,
    lostRuns: (await listRuns(db, { state: 'lost', limit: 20 })).items,
    totals: {
      approvals: counts?.approvals ?? 0,
      debts: counts?.debts ?? 0,
      drifted: counts?.drifted ?? 0,
      lostRuns: counts?.lost_runs ?? 0,
    },
    stuck: await countStuck(db),
    undeliverable: counts?.undeliverable ?? 0,
    undelivered: await readUndelivered(db, wakesNobody),
    contained: counts?.contained ?? 0,
    openRuns: counts?.open_runs ?? 0,
    freeze: await readFreeze(db, now),
    simulated: counts?.simulated ?? false,
  };
}
