// Intake: many posts, one transaction. Delivery, alert, incident, what is owed to dispatch and the audit event land together or not at all.
import { type Kysely, sql } from 'kysely';
import type { Alert } from '../alerts/alert.ts';
import { appendAudit, type NewAuditEvent } from './audit.ts';
import { newId } from './ids.ts';
import { linkAlerts, type NewAlert } from './incidents.ts';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

/** One authentic post. */
export interface Delivery {
  readonly source: string;
  /** The sender's id of this post; a second one with the same id is a duplicate. */
  readonly deliveryId: string;
  readonly contentType: string;
  readonly raw: Uint8Array;
  readonly alerts: readonly { readonly alert: Alert; readonly entities: readonly string[] }[];
  /** What could not be read, each with its reason: kept and shown as quarantined. */
  readonly quarantine: readonly string[];
}

type LandedStatus = 'accepted' | 'duplicate' | 'quarantined';

/** What became of a post, in the order of its alerts. */
export interface Landed {
  readonly alerts: readonly { readonly id: string; readonly status: LandedStatus }[];
}

/** Commits the posts together and answers each. Repeat the whole call on STORE_CONFLICT; a data error is one post's fault: commit them singly then. */
export async function takeDeliveries(db: Kysely<Database>, deliveries: readonly Delivery[], now: Date): Promise<readonly Landed[]> {
  return await db.transaction().execute(async (trx) => {
    const posts = gather(deliveries);
    const fresh = await claimDeliveries(trx, posts, now);
    const known = await knownDeliveries(
      trx,
      posts.filter((post) => !fresh.has(post.key)),
      now,
    );
    const rows = posts.filter((post) => fresh.has(post.key)).flatMap((post) => rowsOf(post, now));
    const findings = foldFindings(rows);
    const stored = await insertAlerts(trx, findings, now);
    await keepGroupBodies(trx, rows, stored);
    const created = findings.filter((row) => stored.get(row.id) === row.id);
    await linkAlerts(trx, created.flatMap(asNewAlert), now);
    await noteDuplicates(trx, rows, stored);
    await appendAudit(trx, 'intake', auditOf(created, now));
    return answers(deliveries, rows, stored, known);
  });
}

interface Post {
  readonly key: string;
  readonly delivery: Delivery;
  /** How often it is in this batch. */
  readonly count: number;
}

const keyOf = (source: string, id: string): string => JSON.stringify([source, id]);

/** Distinct posts in one order for everybody, so that two servers do not lock each other out. */
function gather(deliveries: readonly Delivery[]): readonly Post[] {
  const posts = new Map<string, Post>();
  for (const delivery of deliveries) {
    const key = keyOf(delivery.source, delivery.deliveryId);
    posts.set(key, { key, delivery: posts.get(key)?.delivery ?? delivery, count: (posts.get(key)?.count ?? 0) + 1 });
  }
  return [...posts.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The keys that nobody has posted before. Waits for another server's open transaction on the same key. */
async function claimDeliveries(trx: Db, posts: readonly Post[], now: Date): Promise<ReadonlySet<string>> {
  const values = posts.map(({ delivery }) => ({
    source: delivery.source,
    delivery_id: delivery.deliveryId,
    alert_ids: [],
    received_at: now,
  }));
  const rows = await trx
    .insertInto('deliveries')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['source', 'delivery_id'])
    .execute();
  return new Set(rows.map((row) => keyOf(row.source, row.delivery_id)));
}

/** Alert ids of posts that were here before; each post counts on its alerts. */
async function knownDeliveries(trx: Db, posts: readonly Post[], now: Date): Promise<ReadonlyMap<string, readonly string[]>> {
  if (posts.length === 0) return new Map();
  const counts = jsonText(posts.map(({ delivery, count }) => ({ source: delivery.source, delivery_id: delivery.deliveryId, n: count })));
  const { rows } = await sql<{ source: string; delivery_id: string; alert_ids: string[] }>`
    with posted as (select * from jsonb_to_recordset(${counts}::jsonb) as p(source text, delivery_id text, n int)),
    known as (select d.source, d.delivery_id, d.alert_ids, p.n from deliveries d join posted p using (source, delivery_id)),
    seen as (
      update alerts a set seen_count = a.seen_count + k.n, last_seen_at = ${now}
      from (select unnest(alert_ids) as id, sum(n)::int as n from known group by 1) k where a.id = k.id
    )
    select source, delivery_id, alert_ids from known`.execute(trx);
  return new Map(rows.map((row) => [keyOf(row.source, row.delivery_id), row.alert_ids]));
}

interface AlertRow {
  readonly id: string;
  readonly delivery: Delivery;
  readonly alert?: Alert;
  readonly entities: readonly string[];
  readonly reason?: string;
  count: number;
}

/** `count`: how often the post is in this batch. */
function rowsOf({ delivery, count }: Post, now: Date): AlertRow[] {
  const good = delivery.alerts.map(({ alert, entities }) => ({ id: newId('alr', now), delivery, alert, entities, count }));
  const odd = delivery.quarantine.map((reason) => ({ id: newId('alr', now), delivery, entities: [], reason, count }));
  return [...good, ...odd];
}

/** One row for each finding: a statement may touch a row only once. */
function foldFindings(rows: readonly AlertRow[]): readonly AlertRow[] {
  const folded = new Map<string, AlertRow>();
  for (const row of rows) {
    const key = row.alert ? keyOf(row.alert.source, row.alert.finding) : row.id;
    const first = folded.get(key);
    if (first) first.count += row.count;
    else folded.set(key, row);
  }
  return [...folded.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Own id -> id of the row that holds the finding: the same for a new alert, an older one for a duplicate. Finding keys are in it too. */
async function insertAlerts(trx: Db, rows: readonly AlertRow[], now: Date): Promise<ReadonlyMap<string, string>> {
  if (rows.length === 0) return new Map();
  const stored = await trx
    .insertInto('alerts')
    .values(rows.map((row) => alertValues(row, now)))
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'finding'])
        .where('finding', 'is not', null)
        .doUpdateSet({ seen_count: sql`alerts.seen_count + excluded.seen_count`, last_seen_at: now }),
    )
    .returning(['id', 'source', 'finding'])
    .execute();
  const byFinding = new Map(stored.flatMap((row) => (row.finding === null ? [] : [[keyOf(row.source, row.finding), row.id] as const])));
  const byId = rows.map((row) => [row.id, (row.alert && byFinding.get(keyOf(row.alert.source, row.alert.finding))) ?? row.id] as const);
  return new Map([...byFinding, ...byId]);
}

function alertValues(row: AlertRow, now: Date) {
  const { delivery, alert } = row;
  const grouped = delivery.alerts.length + delivery.quarantine.length > 1;
  return {
    id: row.id,
    source: delivery.source,
    delivery_id: delivery.deliveryId,
    finding: alert?.finding ?? null,
    state: alert ? 'accepted' : 'quarantined',
    quarantine_reason: row.reason ?? null,
    title: alert?.title ?? 'A post that could not be read',
    severity_id: alert?.severity_id ?? 0,
    status: alert?.status ?? 'open',
    body: alert ? jsonText(alert) : null,
    // A group's body stands on one of its alerts only (below): on each, 1 MiB could become hundreds.
    raw: grouped ? new Uint8Array() : delivery.raw,
    content_type: delivery.contentType,
    incident_id: null,
    seen_count: row.count,
    received_at: now,
    last_seen_at: now,
  };
}

/** The first new row of each post that carried several keeps the bytes; its siblings are found by the delivery's id. */
async function keepGroupBodies(trx: Db, rows: readonly AlertRow[], stored: ReadonlyMap<string, string>): Promise<void> {
  const kept = new Set<Delivery>();
  for (const row of rows) {
    const grouped = row.delivery.alerts.length + row.delivery.quarantine.length > 1;
    if (!grouped || kept.has(row.delivery) || stored.get(row.id) !== row.id) continue;
    kept.add(row.delivery);
    await trx.updateTable('alerts').set({ raw: row.delivery.raw }).where('id', '=', row.id).execute();
  }
}

const asNewAlert = (row: AlertRow): readonly NewAlert[] =>
  row.alert
    ? [{ id: row.id, source: row.alert.source, title: row.alert.title, severityId: row.alert.severity_id, entities: row.entities }]
    : [];

/** Ids behind each new delivery, for the answer to its next repetition. */
async function noteDuplicates(trx: Db, rows: readonly AlertRow[], stored: ReadonlyMap<string, string>): Promise<void> {
  const ids = new Map<Delivery, string[]>();
  for (const row of rows) ids.set(row.delivery, [...(ids.get(row.delivery) ?? []), idOf(row, stored)]);
  if (ids.size === 0) return;
  const values = [...ids].map(([{ source, deliveryId }, alerts]) => ({ source, delivery_id: deliveryId, ids: alerts.join(',') }));
  await sql`update deliveries d set alert_ids = string_to_array(v.ids, ',')
    from jsonb_to_recordset(${jsonText(values)}::jsonb) as v(source text, delivery_id text, ids text)
    where d.source = v.source and d.delivery_id = v.delivery_id`.execute(trx);
}

function idOf(row: AlertRow, stored: ReadonlyMap<string, string>): string {
  const finding = row.alert && stored.get(keyOf(row.alert.source, row.alert.finding));
  return finding ?? stored.get(row.id) ?? row.id;
}

/** Ids and reasons only: what an alert says stays beside the chain, where it can be erased. */
function auditOf(created: readonly AlertRow[], now: Date): readonly NewAuditEvent[] {
  return created.map(({ id, alert, delivery, reason }) => ({
    at: now,
    code: alert ? 'intake.accepted' : 'intake.quarantined',
    actor: 'cordon',
    body: { alert: id, source: delivery.source, ...(reason === undefined ? {} : { reason }) },
  }));
}

function answers(
  deliveries: readonly Delivery[],
  rows: readonly AlertRow[],
  stored: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, readonly string[]>,
): readonly Landed[] {
  const owned = new Map<Delivery, AlertRow[]>();
  for (const row of rows) owned.set(row.delivery, [...(owned.get(row.delivery) ?? []), row]);
  const before = new Map(known);
  return deliveries.map((delivery) => {
    const key = keyOf(delivery.source, delivery.deliveryId);
    const ids = before.get(key);
    if (ids) return { alerts: ids.map((id) => ({ id, status: 'duplicate' as const })) };
    const alerts = (owned.get(delivery) ?? []).map((row) => {
      const id = idOf(row, stored);
      const status: LandedStatus = row.alert ? (id === row.id ? 'accepted' : 'duplicate') : 'quarantined';
      return { id, status };
    });
    before.set(
      key,
      alerts.map((alert) => alert.id),
    ); // the same post again in this batch
    return { alerts };
  });
}

/** Forgets delivery ids older than `before`. Keep them at least twice as long as a signature lives (10 minutes). */
export async function purgeDeliveries(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('deliveries').where('received_at', '<', before).execute();
}
