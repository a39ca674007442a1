// Alerts, and effects that have ended, in the order of their times: what is exported as events. Read page by page, without a transaction.
import { sql } from 'kysely';
import type { EffectFacts } from '../../audit/ocsf.ts';
import type { Db } from '../store.ts';

export interface Span {
  readonly since?: Date;
  readonly until?: Date;
}

export interface AlertForExport {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  readonly severity_id: number;
  readonly status: string;
  readonly incident_id: string | null;
  /** The normalised alert; null when it was quarantined. */
  readonly body: unknown;
  readonly received_at: Date;
}

const PAGE = 500;
const spanOf = (column: string, { since, until }: Span) =>
  sql`${sql.ref(column)} >= ${since ?? new Date(0)} and ${sql.ref(column)} < ${until ?? new Date(8.64e15)}`;

export async function* alertsIn(db: Db, span: Span): AsyncGenerator<AlertForExport> {
  for (let after = ''; ; ) {
    const { rows } = await sql<AlertForExport>`
      select id, source, title, severity_id, status, incident_id, body, received_at from alerts
      where ${spanOf('received_at', span)} and id > ${after} order by id limit ${sql.lit(PAGE)}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

export async function* effectsIn(db: Db, span: Span): AsyncGenerator<EffectFacts> {
  for (let after = { run: '', key: '', generation: 0 }; ; ) {
    const { rows } = await sql<EffectFacts>`
      select s.run_id as run, s.key, s.generation, s.verb, s.connector, s.entity, s.entity_name as "entityName", s.says, s.outcome, s.error, s.before, s.after,
        s.decision->>'rule' as rule, s.approval_id as approval, r.incident_id as incident, r.alert_id as alert, r.started_by as "startedBy",
        r.severity_id as "severityId", (extract(epoch from s.intent_at) * 1000)::float8 as "intentMs", floor(extract(epoch from s.ended_at) * 1000)::float8 as "endedMs"
      from steps s join runs r on r.id = s.run_id
      where s.kind in ('do', 'undo') and s.risk in ('reversible', 'destructive') and s.verb is not null and s.outcome is not null
        and ${spanOf('s.ended_at', span)} and (s.run_id, s.key, s.generation) > (${after.run}, ${after.key}, ${after.generation})
      order by s.run_id, s.key, s.generation limit ${sql.lit(PAGE)}`.execute(db);
    yield* rows.map((row) => ({ ...row, intentMs: row.intentMs === null ? null : Math.floor(row.intentMs) }));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}
