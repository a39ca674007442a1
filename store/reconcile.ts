// Runs that Temporal no longer carries: found by asking about the quiet ones, and closed here in one commit.
import { sql } from 'kysely';
import { appendAudit, type NewAuditEvent } from './audit.ts';
import { jsonText } from './json-text.ts';
import { endSteps, oweUnknownEffect } from './left-open.ts';
import { freeLocksParts } from './locks.ts';
import { mayLand } from './maybe-sent.ts';
import type { Db, Trx } from './store.ts';

export interface QuietRun {
  readonly id: string;
  /** The Temporal run that the store is bound to; null before the first write. */
  readonly temporal_run_id: string | null;
}

export interface QuietWish {
  /** Without progress for this long, seconds. */
  readonly quietS: number;
  /** Not asked about for this long, seconds. */
  readonly recheckS: number;
  readonly limit: number;
}

/** Takes the next ones to ask about, those that were never asked about first. Each is taken by one worker. */
export async function takeQuietRuns(db: Db, wish: QuietWish): Promise<QuietRun[]> {
  const { rows } = await sql<QuietRun>`
    update runs set checked_at = now() where id in (
      select id from runs where state in ('starting', 'running', 'waiting') and progress_at < now() - ${wish.quietS} * interval '1 second'
        and (checked_at is null or checked_at < now() - ${wish.recheckS} * interval '1 second')
      order by checked_at nulls first, progress_at limit ${wish.limit} for update skip locked
    ) returning id, temporal_run_id`.execute(db);
  return rows;
}

export interface Loss {
  readonly runId: string;
  /** What the verdict was based on: when the binding has changed since, there is no loss. */
  readonly temporalRunId: string | null;
  /** UPPER_SNAKE. */
  readonly code: string;
  /** In words. */
  readonly reason: string;
  /** A run that has moved within this time is not lost, seconds; 0: however lively it seems. */
  readonly quietS: number;
}

export interface LostRun {
  readonly playbook: string;
  readonly title: string;
  readonly owner: string;
  readonly debts: number;
  readonly unknown: number;
}

interface LosingRun {
  readonly id: string;
  readonly kind: string;
  readonly parent_run_id: string | null;
  readonly playbook: string;
  readonly title: string;
  readonly incident_id: string;
  readonly owner: string | null;
  readonly named_holds: string[] | null;
}

/**
 * Closes the run as lost: place and locks free, waiters woken, approvals withdrawn, what it holds (or was to release) owed by the playbook's
 * owner, the audit event. In the caller's transaction, which tells people too. Undefined: it has ended, moved, was bound anew, or an effect of it may still land; then nothing has changed.
 */
export async function loseRun(trx: Trx, loss: Loss, now: Date): Promise<LostRun | undefined> {
  const run = await closeRun(trx, loss);
  if (!run) return undefined;
  const owner = run.owner ?? 'cordon';
  const events: NewAuditEvent[] = [];
  const record = (code: NewAuditEvent['code'], body: NewAuditEvent['body']) => events.push({ at: now, code, actor: 'cordon', body });
  record('run.lost', { reason: loss.reason, code: loss.code });
  await freeLocks(trx, run.id);
  for (const id of await withdrawApprovals(trx, run.id)) record('approval.withdrawn', { approval: id, reason: loss.reason });
  const intents = await endSteps(trx, run.id);
  for (const step of intents) record('effect.unknown', { key: step.key, verb: step.verb, entity: step.entity });
  for (const step of intents) await oweUnknownEffect(trx, run, step, now);
  const debts = await oweHolds(trx, run, owner, loss.reason);
  for (const debt of debts) record('hold.debt', { hold: debt.id, verb: debt.verb, entity: debt.entity, reason: loss.reason });
  await appendAudit(trx, run.id, events);
  return { playbook: run.playbook, title: run.title, owner, debts: debts.length, unknown: intents.length };
}

async function closeRun(trx: Trx, loss: Loss): Promise<LosingRun | undefined> {
  const error = jsonText({ code: loss.code, message: loss.reason });
  const { rows } = await sql<LosingRun>`
    update runs set state = 'lost', outcome = 'lost', error = ${error}, worker = null, place_until = null, ended_at = now(), progress_at = now()
    where id = ${loss.runId} and state in ('queued', 'starting', 'running', 'waiting')
      and temporal_run_id is not distinct from ${loss.temporalRunId}::text
      and progress_at <= now() - ${loss.quietS} * interval '1 second'
      and not exists (select 1 from steps s where s.run_id = runs.id and ${mayLand('s')})
    returning id, kind, parent_run_id, playbook, title, incident_id,
      coalesce(
        (select v.plan->>'owner' from runs p join playbook_versions v on v.digest = p.plan_digest where p.id = coalesce(runs.parent_run_id, runs.id)),
        plan->>'owner') as owner,
      case when jsonb_typeof(inputs->'holds') = 'array' then array(select jsonb_array_elements_text(inputs->'holds')) end as named_holds`.execute(
    trx,
  );
  return rows[0];
}

/** The next in line for each lock is woken. */
async function freeLocks(trx: Trx, runId: string): Promise<void> {
  const part = freeLocksParts(sql`lost`);
  await sql`with lost as (select ${runId}::text as id), ${part.with} select count(*) from ${part.last}`.execute(trx);
}

async function withdrawApprovals(trx: Trx, runId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update approvals set state = 'withdrawn', decided_at = now() where run_id = ${runId} and state = 'open' returning id`.execute(trx);
  return rows.map((row) => row.id);
}

interface Debt {
  readonly id: string;
  readonly verb: string;
  readonly entity: string;
}

/** A lost playbook run owes what it holds, a lost undo run what it was to release. A lost hold run (it only asks) owes nothing: people are asked again. */
async function oweHolds(trx: Trx, run: LosingRun, owner: string, reason: string): Promise<Debt[]> {
  if (run.kind === 'hold') return [];
  // Only an undo run's inputs are ours: a playbook may have an input of that name too.
  const named = run.kind === 'undo' ? run.named_holds : null;
  const { rows } = await sql<Debt>`
    update holds set state = 'debt', debt_reason = ${`the run was lost: ${reason}`}, debt_owner = coalesce(debt_owner, ${owner}),
      debt_since = coalesce(debt_since, now())
    where run_id = ${run.kind === 'undo' ? (run.parent_run_id ?? run.id) : run.id} and state in ('active', 'releasing')
      and (${named === null} or id = any(${named ?? []}::text[]))
    returning id, verb, entity`.execute(trx);
  return rows;
}
