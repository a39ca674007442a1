// What became of an alert: runs that it started or joined, and why, in the commit that takes it off the list.
import { sql } from 'kysely';
import { auditCall, type NewAuditEvent } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Claim } from './outbox.ts';
import type { Db, Trx } from './store.ts';

export interface OpenRunRow {
  readonly run_id: string;
  readonly playbook: string;
  readonly dedupe_key: string;
  readonly dedupe_until: Date | null;
}

/** Runs that have not ended, of these playbooks with these keys. */
export async function findOpenRuns(db: Db, keys: readonly { readonly playbook: string; readonly key: string }[]): Promise<OpenRunRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<OpenRunRow>`
    select r.id as run_id, r.playbook, r.dedupe_key, r.dedupe_until
    from unnest(${keys.map((one) => one.playbook)}::text[], ${keys.map((one) => one.key)}::text[]) as wanted(playbook, key)
    join runs r on r.playbook = wanted.playbook and r.dedupe_key = wanted.key
    where r.state in ('queued', 'starting', 'running', 'waiting')`.execute(db);
  return rows;
}

/**
 * The alert joins the run. The run's row is locked, so that its end waits for this commit or has been seen: false, and a new run is due.
 * A second time changes nothing. What the source said to be over has begun again.
 */
export async function joinRun(trx: Trx, runId: string, alertId: string): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    with run as (
      select id from runs where id = ${runId} and state in ('queued', 'starting', 'running', 'waiting') for share
    ), joined as (
      insert into run_joins (run_id, alert_id) select id, ${alertId} from run on conflict do nothing
    ), begun_again as (
      delete from resolutions using run where resolutions.run_id = run.id
    )
    select true as open from run`.execute(trx);
  return rows.length > 0;
}

export interface DecisionRow {
  readonly alertId: string;
  /** null: about no playbook in particular. */
  readonly playbook: string | null;
  readonly decision: 'start' | 'join' | 'duplicate' | 'suppressed' | 'no_match' | 'error';
  readonly reason: string;
  readonly runId?: string;
  readonly suppression?: string;
}

/** The decisions, the alerts' mark, the end of their rows and the audit events of the runs, in one statement. */
export async function recordDecisions(
  trx: Db,
  claims: readonly (Claim & { readonly alertId: string })[],
  decisions: readonly DecisionRow[],
  audit: ReadonlyMap<string, readonly NewAuditEvent[]>,
): Promise<void> {
  // In their names' order, as everywhere: two commits cannot wait for each other.
  const chains = [...audit.keys()].sort().map((stream) => auditCall(stream, audit.get(stream) ?? []));
  const rows = decisions.map((one) => ({
    ...one,
    reason: one.reason.slice(0, 2000),
    runId: one.runId ?? null,
    suppression: one.suppression ?? null,
  }));
  await sql`
    with decided as (
      insert into trigger_decisions (alert_id, playbook, decision, reason, run_id, suppression_id)
      select "alertId", playbook, decision, reason, "runId", suppression
      from json_to_recordset(${jsonText(rows)}::json) as d("alertId" text, playbook text, decision text, reason text, "runId" text, suppression text)
    ), marked as (
      update alerts set decided_at = now() where id = any(${claims.map((claim) => claim.alertId)}::text[])
    ), done as (
      update outbox set state = 'done', ended_at = now(), claimed_by = null, claimed_until = null, error = null
      from unnest(${claims.map((claim) => claim.id)}::bigint[], ${claims.map((claim) => claim.token)}::text[]) as mine(id, token)
      where outbox.id = mine.id and outbox.claimed_by = mine.token and outbox.state = 'ready'
    )
    select ${sql.join([sql`1`, ...chains])}`.execute(trx);
}
