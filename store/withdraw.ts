// A step that is no longer wanted while it waits: its approval is withdrawn, its record ends as cancelled. What has been sent and not answered,
// or was refused and may land all the same, is no such thing: it stays open, and the answer says so.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import type { StepIdentity } from './effects.ts';
import { maybeSent } from './maybe-sent.ts';
import type { Database } from './tables.ts';

export async function withdrawStep(
  db: Kysely<Database>,
  step: Omit<StepIdentity, 'generation'> & { readonly temporalRunId: string },
  now: Date,
): Promise<{ readonly intent: boolean }> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string }>`
      with run as (
        select id from runs where id = ${step.runId} and coalesce(temporal_run_id, ${step.temporalRunId}) = ${step.temporalRunId}
      ), ended as (
        update steps set state = 'ended', outcome = 'cancelled', waiting_on = null, waiting_until = null, ended_at = clock_timestamp()
        from run where run_id = run.id and key = ${step.key} and state <> 'ended' and not ${maybeSent('steps')}
      ), never_begun as (
        -- An attempt may be at it all the same, before its first write: it finds the step ended, and sends nothing.
        insert into steps (run_id, key, step_id, kind, state, outcome, ended_at)
        select id, ${step.key}, ${step.stepId}, ${step.kind}, 'ended', 'cancelled', clock_timestamp() from run
        on conflict do nothing
      ), unqueued as (
        delete from lock_waiters using run where run_id = run.id and key = ${step.key}
      )
      update approvals set state = 'withdrawn', decided_at = now() from run
      where run_id = run.id and key = ${step.key} and approvals.state = 'open' returning approvals.id`.execute(trx);
    const withdrawn = rows.map((row) => ({ at: now, code: 'approval.withdrawn' as const, actor: 'cordon', body: { approval: row.id } }));
    await appendAudit(trx, step.runId, withdrawn);
    const open = await sql`
      select 1 from steps join runs on runs.id = steps.run_id
      where runs.id = ${step.runId} and coalesce(runs.temporal_run_id, ${step.temporalRunId}) = ${step.temporalRunId} and steps.key = ${step.key} and steps.generation = 0
        and ${maybeSent('steps')}`.execute(trx);
    return { intent: open.rows.length > 0 };
  });
}
