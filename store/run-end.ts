// The end of a run.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { appendAudit, auditCall, type NewAuditEvent } from './audit.ts';
import { debtOwner } from './debts.ts';
import { jsonText } from './json-text.ts';
import { endSteps, type OpenIntent, oweUnknownEffect } from './left-open.ts';
import { freeLocksParts } from './locks.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

export interface RunEnd {
  readonly runId: string;
  readonly temporalRunId: string;
  readonly state: string;
  readonly outcome: string;
  readonly error?: unknown;
  readonly outcomes: unknown;
}

export interface RunOver {
  /** False: it was over before, or is not ours. */
  readonly ended: boolean;
  /** Effects that were sent, whose end nobody has found out: they are owed now. */
  readonly unknown: readonly OpenIntent[];
}

/**
 * The run's last act: its end, its open approvals withdrawn, its locks and place free, who waits for a lock woken. Once; a second call
 * changes nothing. `tell` writes in the same commit that an effect is not known now.
 */
export async function endRun(
  db: Kysely<Database>,
  end: RunEnd,
  now: Date,
  tell: (trx: Trx, unknown: OpenIntent) => Promise<void>,
): Promise<RunOver> {
  const over = { at: now, code: 'run.ended', actor: 'cordon', body: { state: end.state, outcome: end.outcome } } as const;
  if (await close(db, end, [over], sql`not exists (select from steps where steps.run_id = runs.id and steps.state <> 'ended')`))
    return { ended: true, unknown: [] };
  return await db.transaction().execute(async (trx) => {
    // The chain's lock comes last, as everywhere: an ending that is being recorded has its step first.
    if (!(await close(trx, end, undefined, sql`true`))) return { ended: false, unknown: [] };
    const unknown = await endSteps(trx, end.runId);
    const run = await trx.selectFrom('runs').select(['id', 'incident_id']).where('id', '=', end.runId).executeTakeFirstOrThrow();
    for (const step of unknown) await oweUnknownEffect(trx, run, step, now);
    await oweSteps(trx, end.runId, unknown);
    for (const step of unknown) await tell(trx, step);
    const events = unknown.map(({ key, verb, entity }) => ({
      at: now,
      code: 'effect.unknown' as const,
      actor: 'cordon',
      body: { key, verb, entity },
    }));
    await appendAudit(trx, end.runId, [over, ...events]);
    return { ended: true, unknown };
  });
}

async function oweSteps(trx: Trx, runId: string, steps: readonly OpenIntent[]): Promise<void> {
  const keys = steps.map(({ key }) => key);
  await sql`update holds set state = 'debt', debt_reason = 'its run ended before it was known whether it took effect',
      debt_owner = ${debtOwner}, debt_since = now()
    where run_id = ${runId} and key = any(${keys}) and state = 'active'`.execute(trx);
}

async function close(db: Db, end: RunEnd, events: readonly NewAuditEvent[] | undefined, condition: RawBuilder<unknown>): Promise<boolean> {
  const locks = freeLocksParts(sql`ended`);
  const { rows } = await sql<{ seq: string }>`
    with ended as (
      update runs set state = ${end.state}, outcome = ${end.outcome}, error = ${end.error === undefined ? null : jsonText(end.error)},
        outcomes = ${jsonText(end.outcomes)}, ended_at = now(), progress_at = now(), place_until = null,
        temporal_run_id = coalesce(temporal_run_id, ${end.temporalRunId})
      where id = ${end.runId} and state in ('queued', 'starting', 'running', 'waiting')
        and (temporal_run_id is null or temporal_run_id = ${end.temporalRunId}) and ${condition}
      returning id
    ), withdrawn as (
      update approvals set state = 'withdrawn', decided_at = now() from ended where run_id = ended.id and approvals.state = 'open' returning approvals.id
    ), ${locks.with}
    -- The counts make the database do these first: the chain's lock comes last, as everywhere.
    select ${events ? auditCall(end.runId, events) : sql`'0'`} as seq from ended, (select count(*) from withdrawn) as w, (select count(*) from ${locks.last}) as u`.execute(
    db,
  );
  return rows.length > 0;
}
