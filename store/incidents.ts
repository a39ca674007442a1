// An incident is open alerts that share an entity within a window. Which one an alert joins is decided here, in the intake's transaction.
import { sql } from 'kysely';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';

/** An alert joins an open incident that saw one of its entities within this time. */
const INCIDENT_WINDOW_MS = 24 * 60 * 60 * 1000;

export interface NewAlert {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  readonly severityId: number;
  readonly entities: readonly string[];
}

interface Link {
  readonly alert: NewAlert;
  readonly incident: string;
  readonly fresh: boolean;
}

/**
 * Gives each new alert its incident and owes dispatch a decision about it: one query and one statement, however many there are.
 * Two servers may open two incidents for one entity at the same instant: both stay.
 */
export async function linkAlerts(trx: Db, alerts: readonly NewAlert[], now: Date): Promise<void> {
  if (alerts.length === 0) return;
  const links = assign(alerts, await openIncidents(trx, alerts, now), now);
  const entities = new Map(
    links.flatMap((link) => link.alert.entities.map((entity) => [`${link.incident} ${entity}`, { incident: link.incident, entity }])),
  );
  const rows = links.map(({ alert, incident, fresh }) => ({
    alert: alert.id,
    lane: alert.source,
    title: alert.title,
    severity: alert.severityId,
    incident,
    fresh,
  }));
  await sql`
    with link as (
      select * from jsonb_to_recordset(${jsonText(rows)}::jsonb)
        as l(alert text, lane text, title text, severity int, incident text, fresh boolean)
    ), opened as (
      insert into incidents (id, title, severity_id, opened_at, updated_at)
      select distinct on (incident) incident, title, max(severity) over (partition by incident), ${now}::timestamptz, ${now}::timestamptz
      from link where incident in (select incident from link where fresh) order by incident, fresh desc
    ), touched as (
      update incidents i set updated_at = ${now}, severity_id = greatest(i.severity_id, l.severity)
      from (select incident, max(severity) as severity from link group by incident) l where i.id = l.incident
    ), about as (
      insert into incident_entities (incident_id, entity, seen_at)
      select incident, entity, ${now}::timestamptz from jsonb_to_recordset(${jsonText([...entities.values()])}::jsonb) as e(incident text, entity text)
      on conflict (incident_id, entity) do update set seen_at = excluded.seen_at
    ), linked as (
      update alerts a set incident_id = l.incident from link l where a.id = l.alert
    )
    insert into outbox (kind, about, dedupe, priority, lane)
    select 'decide', alert, 'decide:' || alert, severity, lane from link
    on conflict (dedupe) do nothing`.execute(trx);
}

/** Entity -> the open incident that saw it last. */
async function openIncidents(trx: Db, alerts: readonly NewAlert[], now: Date): Promise<Map<string, string>> {
  const entities = [...new Set(alerts.flatMap((alert) => alert.entities))];
  if (entities.length === 0) return new Map();
  const { rows } = await sql<{ entity: string; incident_id: string }>`
    select distinct on (e.entity) e.entity, e.incident_id from incident_entities e join incidents i on i.id = e.incident_id
    where e.entity = any(${entities}) and i.state = 'open' and e.seen_at > ${new Date(now.getTime() - INCIDENT_WINDOW_MS)}
    order by e.entity, e.seen_at desc, e.incident_id desc`.execute(trx);
  return new Map(rows.map((row) => [row.entity, row.incident_id]));
}

/** In order: an alert joins what an earlier one of the same batch has opened. */
function assign(alerts: readonly NewAlert[], known: Map<string, string>, now: Date): readonly Link[] {
  return alerts.map((alert) => {
    const found = alert.entities.map((entity) => known.get(entity)).find((incident) => incident !== undefined);
    const incident = found ?? newId('inc', now);
    for (const entity of alert.entities) if (!known.has(entity)) known.set(entity, incident);
    return { alert, incident, fresh: found === undefined };
  });
}

/** An incident of its own, for a run that a person starts without an alert. */
export async function openIncident(trx: Db, incident: { readonly title: string; readonly severityId: number }, now: Date): Promise<string> {
  const id = newId('inc', now);
  await trx
    .insertInto('incidents')
    .values({ id, title: incident.title, severity_id: incident.severityId, merged_into: null, opened_at: now, updated_at: now })
    .execute();
  return id;
}
