// One run with all that belongs to it.
import type { Step } from '../../language/plan.ts';
import type { ApprovalRow, HoldRow, RunDetail } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { type ApprovalReader, listApprovals } from './approvals.ts';
import { listHolds } from './holds.ts';
import { iso, PAGE_SIZE } from './page.ts';
import { flattenPlan, planOf } from './plans.ts';
import { readRunRecord, runRow } from './runs.ts';
import { loopsOfRun, stepsOfRun } from './steps.ts';

export async function readRun(db: Db, id: string, reader: ApprovalReader): Promise<RunDetail | undefined> {
  const record = await readRunRecord(db, id);
  if (!record) return undefined;
  const steps: readonly Step[] = (await planOf(db, id))?.steps ?? [];
  const approvals: readonly ApprovalRow[] = (await listApprovals(db, { run: id, limit: PAGE_SIZE.most }, reader)).items;
  const holds: readonly HoldRow[] = (await listHolds(db, { run: id, limit: PAGE_SIZE.most })).items;
  return {
    ...runRow(record),
    planDigest: record.plan_digest,
    inputs: record.inputs,
    joins: await joinsOf(db, id),
    steps: await stepsOfRun(db, id),
    loops: await loopsOfRun(db, id),
    holds,
    approvals,
    plan: flattenPlan(steps),
  };
}

async function joinsOf(db: Db, runId: string): Promise<RunDetail['joins']> {
  const rows = await db
    .selectFrom('run_joins')
    .innerJoin('alerts', 'alerts.id', 'run_joins.alert_id')
    .select(['alert_id', 'title', 'at'])
    .where('run_id', '=', runId)
    .orderBy('at')
    .limit(500)
    .execute();
  return rows.map((row) => ({ alertId: row.alert_id, title: row.title, at: iso(row.at) }));
}
