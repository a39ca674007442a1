// What Cordon knows and is connected to: playbooks, connectors, entities, incidents.
import { sql } from 'kysely';
import type { Plan, Trigger } from '../../language/plan.ts';
import { canonicalEntities, canonicalName } from '../../policy/entities.ts';
import type { ConnectorRow, EntityRow, IncidentRow, Page, PlaybookRow } from '../../server/contract.ts';
import { toEntityRecord } from '../entities.ts';
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
  const newer = await sql<PlaybookRecord>`
    select distinct on (playbook) playbook, version, digest, mode, published_at, path, plan, source from playbook_versions d
    where state = 'draft' and not exists (select 1 from playbook_versions n where n.playbook = d.playbook and n.version > d.version and n.state <> 'draft')
    order by playbook, version desc limit 1000`.execute(db);
  const drafts = new Map(newer.rows.map((row) => [row.playbook, row]));
  const inForce = new Set(rows.map(({ playbook }) => playbook));
  const faults = await db.selectFrom('playbook_faults').selectAll().orderBy('path').limit(1000).execute();
  const faultOf = new Map(faults.map((fault) => [fault.path, faultRow(fault)]));
  const known = new Set(rows.map((row) => row.path));
  const broken = faults.filter((fault) => !known.has(fault.path)).map((fault) => brokenRow(fault));
  const withDraft = (row: PlaybookRow): PlaybookRow => ({ ...row, ...present('draft', drafts.get(row.playbook)?.version) });
  return [
    ...rows.map((row) => withDraft({ ...playbookRow(row), ...present('fault', faultOf.get(row.path)) })),
    // Nothing of it starts anything yet.
    ...newer.rows.filter(({ playbook }) => !inForce.has(playbook)).map((row) => withDraft({ ...unstarted(row), version: 0 })),
    ...broken,
  ];
}

/** Without the form of a start by hand: there is nothing to start. */
function unstarted(row: PlaybookRecord): PlaybookRow {
  const { inputs: _inputs, ...rest } = playbookRow(row);
  return rest;
}

/** The published version with its text. */
export async function readPlaybook(db: Db, name: string): Promise<(PlaybookRow & { source: string; plan: Plan }) | undefined> {
  const { rows } = await sql<PlaybookRecord>`
    select playbook, version, digest, mode, published_at, path, plan, source from playbook_versions
    where state = 'published' and playbook = ${name} order by version desc limit 1`.execute(db);
  const row = rows[0];
  return row && { ...playbookRow(row), source: row.source, plan: row.plan };
}

/** The newest draft of a playbook that has no version in force. */
export async function readUnpublished(db: Db, name: string): Promise<(PlaybookRow & { source: string; plan: Plan }) | undefined> {
  const { rows } = await sql<PlaybookRecord>`
    select playbook, version, digest, mode, published_at, path, plan, source from playbook_versions d
    where state = 'draft' and playbook = ${name}
      and not exists (select 1 from playbook_versions n where n.playbook = d.playbook and n.state = 'published')
    order by version desc limit 1`.execute(db);
  const row = rows[0];
  return row && { ...unstarted(row), version: 0, draft: row.version, source: row.source, plan: row.plan };
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
    state: row.outage_since !== null ? 'failed' : row.state === 'ok' || row.state === 'failed' ? row.state : 'unknown',
    ...present('detail', row.outage_since === null ? row.detail : `effects wait for it since ${iso(row.outage_since)}`),
    ...presentIso('checkedAt', row.checked_at),
  }));
}

type StoredEntity = Parameters<typeof toEntityRecord>[0];

export async function listEntities(
  db: Db,
  wish: PageWish & { readonly kind?: string | undefined; readonly name?: string | undefined },
): Promise<Page<EntityRow>> {
  const size = sizeOf(wish);
  const name = wish.name === undefined ? null : canonicalName(wish.name);
  const { rows } = await sql<{ entity: string; conflict: string | null; records: StoredEntity[]; held: number; needed_by: string[] }>`
    select e.entity, min(e.conflict) as conflict, jsonb_agg(to_jsonb(e) order by e.source, e.id) as records,
      (select count(*)::int from holds h where h.entity = e.entity and h.state in ('active', 'releasing', 'debt')) as held,
      array(select distinct d.name from entities d, entities o where o.entity = e.entity
        and (o.name = any(d.depends_on) or o.aliases && d.depends_on) order by 1) as needed_by
    from entities e where (${wish.before ?? null}::text is null or e.entity > ${wish.before ?? null})
      and (${wish.kind ?? null}::text is null or e.kind = ${wish.kind ?? null})
      and (${name}::text is null or e.entity in (select n.entity from entities n where lower(n.name) = ${name}
        or exists (select 1 from unnest(n.aliases) one where lower(one) = ${name})))
    group by e.entity order by e.entity limit ${size + 1}`.execute(db);
  return pageOf(
    rows.map((row) => ({ ...row, id: row.entity })),
    size,
    entityRow,
  );
}

function entityRow(row: {
  readonly entity: string;
  readonly conflict: string | null;
  readonly records: readonly StoredEntity[];
  readonly held: number;
  readonly needed_by: readonly string[];
}): EntityRow {
  const records = row.records.map(toEntityRecord);
  const entry = canonicalEntities(records)[0]?.entry;
  return {
    id: row.entity,
    kind: entry?.kind ?? '',
    name: entry?.name ?? '',
    aliases: entry?.aliases ?? [],
    tags: entry?.tags ?? [],
    groups: entry?.groups ?? [],
    ...present('owner', entry?.owner),
    ...present('criticality', entry?.criticality),
    dependents: row.needed_by,
    sources: [...new Set(records.map(({ source }) => source))],
    ...present('conflict', row.conflict),
    held: row.held,
  };
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

export async function listIncidents(db: Db, wish: PageWish): Promise<Page<IncidentRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<IncidentRecord>`
    select ${incidentColumns} from incidents i where (${wish.before ?? null}::text is null or i.id < ${wish.before ?? null})
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
