// What Cordon knows and is connected to: playbooks, connectors, entities, incidents.
import { sql } from 'kysely';
import type { Plan, Trigger } from '../../language/plan.ts';
import type { ConnectorRow, IncidentRow, Page, PlaybookRow } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';

interface PlaybookRecord {
  readonly playbook: string;
  readonly version: number;
  readonly digest: string;
  readonly mode: PlaybookRow['mode'];
  readonly published_at: Date;
  readonly path: string;
  readonly plan: Plan;
  readonly source: string;
}

/** Published versions, with the fault of their file where it is broken now; and files that were never good, with version 0. */
export async function listPlaybooks(db: Db): Promise<readonly PlaybookRow[]> {
  const { rows } = await sql<PlaybookRecord>`
    select playbook, version, digest, mode, published_at, path, plan, source from playbook_versions
    where state = 'published' order by playbook limit 1000`.execute(db);
  const faults = await db.selectFrom('playbook_faults').selectAll().orderBy('path').limit(1000).execute();
  const faultOf = new Map(faults.map((fault) => [fault.path, faultRow(fault)]));
  const known = new Set(rows.map((row) => row.path));
  const broken = faults.filter((fault) => !known.has(fault.path)).map((fault) => brokenRow(fault));
  return [...rows.map((row) => ({ ...playbookRow(row), ...present('fault', faultOf.get(row.path)) })), ...broken];
}

/** The published version with its text. */
export async function readPlaybook(db: Db, name: string): Promise<(PlaybookRow & { source: string; plan: Plan }) | undefined> {
  const { rows } = await sql<PlaybookRecord>`
    select playbook, version, digest, mode, published_at, path, plan, source from playbook_versions
    where state = 'published' and playbook = ${name} order by version desc limit 1`.execute(db);
  const row = rows[0];
  return row && { ...playbookRow(row), source: row.source, plan: row.plan };
}

const playbookRow = (row: PlaybookRecord): PlaybookRow => ({
  playbook: row.playbook,
  title: row.plan.title,
  description: row.plan.description,
  owner: row.plan.owner,
  version: row.version,
  digest: row.digest,
  mode: row.mode,
  publishedAt: iso(row.published_at),
  path: row.path,
  triggers: row.plan.triggers.map(triggerWords),
  ...(row.plan.triggers.some(({ kind }) => kind === 'manual') ? { inputs: row.plan.inputs } : {}),
});

const LEAST = [
  '',
  ', severity informational or above',
  ', severity low or above',
  ', severity medium or above',
  ', severity high or above',
  ', severity critical or above',
  ', severity fatal',
];

const triggerWords = (trigger: Trigger): string =>
  trigger.kind === 'manual'
    ? 'by hand'
    : trigger.kind === 'schedule'
      ? `schedule ${trigger.cron} (${trigger.timezone})`
      : `alert from ${trigger.sources.join(', ') || 'any source'}${LEAST[trigger.minSeverityId] ?? ''}${trigger.when ? `, when ${trigger.when}` : ''}`;

interface FaultRecord {
  readonly path: string;
  readonly diagnostics: unknown;
  readonly at: Date;
}

type Fault = NonNullable<PlaybookRow['fault']>;

/** Diagnostics are written by the playbook folder's loader, from its own type. */
const faultRow = (fault: FaultRecord): Fault => ({ path: fault.path, diagnostics: fault.diagnostics as Fault['diagnostics'] });

const brokenRow = (fault: FaultRecord): PlaybookRow => ({
  playbook: fault.path.split('/').at(-2) ?? fault.path,
  title: fault.path,
  description: 'This file has never been good, so nothing of it is published.',
  owner: '',
  version: 0,
  digest: '',
  mode: 'observe',
  publishedAt: iso(fault.at),
  path: fault.path,
  triggers: [],
  fault: faultRow(fault),
});

export async function listConnectors(db: Db): Promise<readonly ConnectorRow[]> {
  const rows = await db.selectFrom('connector_states').selectAll().orderBy('id').limit(500).execute();
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    title: row.title,
    simulated: row.simulated,
    verbs: row.verbs,
    state: row.state === 'ok' || row.state === 'failed' ? row.state : 'unknown',
    ...present('detail', row.detail),
    ...presentIso('checkedAt', row.checked_at),
  }));
}

export interface EntityRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly owner?: string;
  readonly criticality?: string;
  readonly dependsOn: readonly string[];
  readonly held: number;
}

export async function listEntities(db: Db, wish: PageWish & { kind?: string | undefined }): Promise<Page<EntityRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<{
    id: string;
    kind: string;
    name: string;
    aliases: string[];
    tags: string[];
    owner: string | null;
    criticality: string | null;
    depends_on: string[];
    held: number;
  }>`
    select e.id, e.kind, e.name, e.aliases, e.tags, e.owner, e.criticality, e.depends_on,
      (select count(*)::int from holds h where h.entity = e.id and h.state in ('active', 'releasing', 'debt')) as held
    from entities e where (${wish.before ?? null}::text is null or e.id > ${wish.before ?? null})
      and (${wish.kind ?? null}::text is null or e.kind = ${wish.kind ?? null})
    order by e.id limit ${size + 1}`.execute(db);
  return pageOf(rows, size, (row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    aliases: row.aliases,
    tags: row.tags,
    ...present('owner', row.owner),
    ...present('criticality', row.criticality),
    dependsOn: row.depends_on,
    held: row.held,
  }));
}

interface IncidentRecord {
  readonly id: string;
  readonly title: string;
  readonly severity_id: number;
  readonly state: IncidentRow['state'];
  readonly opened_at: Date;
  readonly updated_at: Date;
  readonly entities: readonly string[];
  readonly alerts: number;
  readonly runs: number;
}

const incidentColumns = sql`i.id, i.title, i.severity_id, i.state, i.opened_at, i.updated_at,
  coalesce((select array_agg(e.entity order by e.entity) from incident_entities e where e.incident_id = i.id), '{}') as entities,
  (select count(*)::int from alerts a where a.incident_id = i.id) as alerts, (select count(*)::int from runs r where r.incident_id = i.id) as runs`;

export async function listIncidents(db: Db, wish: PageWish & { state?: IncidentRow['state'] | undefined }): Promise<Page<IncidentRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<IncidentRecord>`
    select ${incidentColumns} from incidents i where (${wish.before ?? null}::text is null or i.id < ${wish.before ?? null})
      and (${wish.state ?? null}::text is null or i.state = ${wish.state ?? null})
    order by i.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, incidentRow);
}

export async function readIncident(db: Db, id: string): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRecord>`select ${incidentColumns} from incidents i where i.id = ${id}`.execute(db);
  return rows[0] && incidentRow(rows[0]);
}

const incidentRow = (row: IncidentRecord): IncidentRow => ({
  id: row.id,
  title: row.title,
  severity_id: row.severity_id,
  state: row.state,
  openedAt: iso(row.opened_at),
  updatedAt: iso(row.updated_at),
  entities: row.entities,
  alerts: row.alerts,
  runs: row.runs,
});
