// Runs as people read them: what it is, how it stands, what it waits for.
import { sql } from 'kysely';
import type { Page, RunRow, RunStatus } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';

export interface RunsWish extends PageWish {
  /** `open`: queued, starting, running or waiting. */
  readonly state?: RunStatus | 'open' | undefined;
  readonly playbook?: string | undefined;
  readonly incident?: string | undefined;
  readonly alert?: string | undefined;
}

export interface RunRecord {
  readonly id: string;
  readonly kind: RunRow['kind'];
  readonly playbook: string;
  readonly plan_digest: string;
  readonly title: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly severity_id: number;
  readonly state: RunStatus;
  readonly outcome: string | null;
  readonly error: RunRow['error'] | null;
  readonly alert_id: string | null;
  readonly incident_id: string;
  readonly parent_run_id: string | null;
  readonly started_by: string;
  readonly started_by_name: string | null;
  readonly reason: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly waiting: { on: string; detail: string; since: string; until: string | null; approvalId: string | null } | null;
  readonly active_holds: number;
}

const OPEN = ['queued', 'starting', 'running', 'waiting'];

/** An open approval or question says best what a run waits for; else its first waiting step. */
const columns = sql`r.id, r.kind, r.playbook, r.plan_digest, r.title, r.inputs, r.severity_id, r.state, r.outcome, r.error, r.alert_id,
  r.incident_id, r.parent_run_id, r.started_by, (select p.name from people p where p.id = r.started_by) as started_by_name, r.reason,
  r.created_at, r.started_at, r.ended_at,
  (select count(*)::int from holds h where h.run_id = r.id and h.state in ('active', 'releasing', 'debt')) as active_holds,
  case when r.state in ('queued', 'starting', 'running', 'waiting') then coalesce(
    (select jsonb_build_object('on', a.kind, 'detail', a.title, 'since', a.opened_at, 'until', a.expires_at, 'approvalId', a.id)
      from approvals a where a.run_id = r.id and a.state = 'open' order by a.expires_at limit 1),
    (select jsonb_build_object('on', s.waiting_on, 'detail', coalesce(s.says, s.step_id), 'since', s.started_at, 'until', s.waiting_until,
        'approvalId', s.approval_id)
      from steps s where s.run_id = r.id and s.state = 'waiting' and s.waiting_on is not null order by s.started_at limit 1)
  ) end as waiting`;

export async function listRuns(db: Db, wish: RunsWish): Promise<Page<RunRow>> {
  const size = sizeOf(wish);
  const states = wish.state === undefined ? null : wish.state === 'open' ? OPEN : [wish.state];
  const { rows } = await sql<RunRecord>`
    select ${columns} from runs r
    where (${wish.before ?? null}::text is null or r.id < ${wish.before ?? null})
      and (${states === null} or r.state = any(${states ?? []}))
      and (${wish.playbook ?? null}::text is null or r.playbook = ${wish.playbook ?? null})
      and (${wish.incident ?? null}::text is null or r.incident_id = ${wish.incident ?? null})
      and (${wish.alert ?? null}::text is null or r.alert_id = ${wish.alert ?? null})
    order by r.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, runRow);
}

export async function readRunRecord(db: Db, id: string): Promise<RunRecord | undefined> {
  const { rows } = await sql<RunRecord>`select ${columns} from runs r where r.id = ${id}`.execute(db);
  return rows[0];
}

export const runRow = (row: RunRecord): RunRow => ({
  id: row.id,
  kind: row.kind,
  playbook: row.playbook,
  title: row.title,
  severity_id: row.severity_id,
  state: row.state,
  ...present('outcome', row.outcome),
  ...present('error', row.error),
  ...present('alertId', row.alert_id),
  incidentId: row.incident_id,
  ...present('parentRunId', row.parent_run_id),
  startedBy: row.started_by_name ?? row.started_by,
  reason: row.reason,
  createdAt: iso(row.created_at),
  ...presentIso('startedAt', row.started_at),
  ...presentIso('endedAt', row.ended_at),
  ...present('waiting', row.waiting && waitingOf(row.waiting)),
  activeHolds: row.active_holds,
});

const waitingOf = (waiting: NonNullable<RunRecord['waiting']>): NonNullable<RunRow['waiting']> => ({
  on: waiting.on,
  detail: waiting.detail,
  since: iso(waiting.since),
  ...presentIso('until', waiting.until),
  ...present('approvalId', waiting.approvalId),
});
