// Alerts as the console and the command line read them.
import { sql } from 'kysely';
import type { AlertDetail, AlertRow, Page, TriggerDecision } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, likeText, type PageWish, pageOf, present, sizeOf } from './page.ts';

/** Of the raw bytes, this much is shown. */
const RAW_SHOWN_BYTES = 64 * 1024;

export interface AlertsWish extends PageWish {
  readonly state?: 'accepted' | 'quarantined' | undefined;
  readonly source?: string | undefined;
  readonly incident?: string | undefined;
  /** Only those that this suppression hid. */
  readonly suppression?: string | undefined;
  /** Part of the title. */
  readonly search?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  readonly severity_id: number;
  readonly severity: string | null;
  readonly status: 'open' | 'resolved';
  readonly state: 'accepted' | 'quarantined';
  readonly quarantine_reason: string | null;
  readonly received_at: Date;
  readonly seen_count: number;
  readonly incident_id: string | null;
  readonly suppressed: NonNullable<AlertRow['suppressed']> | null;
  readonly runs: AlertRow['runs'];
}

const columns = sql`a.id, a.source, a.title, a.severity_id, a.body->>'severity' as severity, a.status, a.state, a.quarantine_reason,
  a.received_at, a.seen_count, a.incident_id,
  (select jsonb_build_object('id', s.id, 'title', s.title) from trigger_decisions d join suppressions s on s.id = d.suppression_id
    where d.alert_id = a.id limit 1) as suppressed,
  coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'playbook', r.playbook, 'state', r.state) order by r.id) from (
    select id, playbook, state from runs where alert_id = a.id
    union select r.id, r.playbook, r.state from run_joins j join runs r on r.id = j.run_id where j.alert_id = a.id
  ) r), '[]') as runs`;

export async function listAlerts(db: Db, wish: AlertsWish): Promise<Page<AlertRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<Row>`
    select ${columns} from alerts a
    where (${wish.before ?? null}::text is null or a.id < ${wish.before ?? null})
      and (${wish.state ?? null}::text is null or a.state = ${wish.state ?? null})
      and (${wish.source ?? null}::text is null or a.source = ${wish.source ?? null})
      and (${wish.incident ?? null}::text is null or a.incident_id = ${wish.incident ?? null})
      and (${wish.suppression ?? null}::text is null
        or exists (select 1 from trigger_decisions d where d.alert_id = a.id and d.suppression_id = ${wish.suppression ?? null}))
      and (${wish.search ?? null}::text is null or a.title ilike ${wish.search === undefined ? null : likeText(wish.search)})
    order by a.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, alertRow);
}

const alertRow = (row: Row): AlertRow => ({
  id: row.id,
  source: row.source,
  title: row.title,
  severity: row.severity ?? 'unknown',
  severity_id: row.severity_id,
  status: row.status,
  state: row.state,
  ...present('quarantineReason', row.quarantine_reason),
  receivedAt: iso(row.received_at),
  seenCount: row.seen_count,
  ...present('incidentId', row.incident_id),
  ...present('suppressed', row.suppressed),
  runs: row.runs,
});

interface DetailRow extends Row {
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly raw: Uint8Array;
}

/** A post of several alerts keeps its bytes on one of them: the others show those. */
export async function readAlert(db: Db, id: string): Promise<AlertDetail | undefined> {
  const { rows } = await sql<DetailRow>`
    select ${columns}, a.body, substring(case when length(a.raw) > 0 then a.raw else coalesce(
      (select b.raw from alerts b where b.source = a.source and b.delivery_id = a.delivery_id and length(b.raw) > 0 limit 1), a.raw)
      end from 1 for ${RAW_SHOWN_BYTES}) as raw
    from alerts a where a.id = ${id}`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  const raw = new TextDecoder().decode(row.raw);
  return { ...alertRow(row), ...present('body', row.body), raw, decisions: await decisionsOf(db, id) };
}

async function decisionsOf(db: Db, alertId: string): Promise<readonly TriggerDecision[]> {
  const rows = await db
    .selectFrom('trigger_decisions')
    .select(['playbook', 'decision', 'reason', 'run_id', 'at'])
    .where('alert_id', '=', alertId)
    .orderBy('id')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    ...present('playbook', row.playbook),
    // Written by dispatch from this very union.
    decision: row.decision as TriggerDecision['decision'],
    reason: row.reason,
    ...present('runId', row.run_id),
    at: iso(row.at),
  }));
}
