// Suppressions: each with a reason and an end. What they hid is counted.
import { type Kysely, sql } from 'kysely';
import type { SuppressionRow } from '../server/contract.ts';
import type { SuppressionMatch } from '../triggers/suppress.ts';
import { appendAudit } from './audit.ts';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';
import { iso, present, presentIso } from './views/page.ts';

/** Those in force, as JSON for triggers/suppress.ts; for statements that load more. */
export const suppressionsInForce = sql`(select coalesce(json_agg(json_build_object('id', id, 'title', title, 'reason', reason, 'until', expires_at, 'match', match)
  order by id), '[]') from suppressions where removed_at is null and starts_at <= now() and expires_at > now())`;

export interface NewSuppression {
  readonly title: string;
  readonly match: SuppressionMatch;
  readonly reason: string;
  readonly by: string;
  readonly startsAt?: Date | undefined;
  readonly expiresAt: Date;
}

export async function addSuppression(db: Kysely<Database>, wanted: NewSuppression, now: Date): Promise<string> {
  const id = newId('sup', now);
  const startsAt = wanted.startsAt ?? now;
  await db.transaction().execute(async (trx) => {
    await sql`insert into suppressions (id, title, match, reason, created_by, starts_at, expires_at)
      values (${id}, ${wanted.title}, ${jsonText(wanted.match)}, ${wanted.reason}, ${wanted.by}, ${startsAt}, ${wanted.expiresAt})`.execute(
      trx,
    );
    const body = { suppression: id, title: wanted.title, until: wanted.expiresAt.toISOString(), reason: wanted.reason };
    await appendAudit(trx, 'admin', [{ at: now, code: 'suppression.added', actor: wanted.by, body }]);
  });
  return id;
}

/** False: it is over already, or there is none. */
export async function removeSuppression(
  db: Kysely<Database>,
  wish: { readonly id: string; readonly by: string; readonly reason: string },
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ title: string }>`
      update suppressions set removed_at = ${now}, removed_by = ${wish.by} where id = ${wish.id} and removed_at is null and expires_at > ${now}
      returning title`.execute(trx);
    const row = rows[0];
    const body = { suppression: wish.id, title: row?.title, reason: wish.reason };
    if (row) await appendAudit(trx, 'admin', [{ at: now, code: 'suppression.removed', actor: wish.by, body }]);
    return row !== undefined;
  });
}

/** Alerts by the suppression that hid them. */
export async function countHidden(db: Db, hidden: ReadonlyMap<string, number>): Promise<void> {
  if (hidden.size === 0) return;
  const ids = [...hidden.keys()].sort();
  await sql`update suppressions set hidden = hidden + many.count, last_hidden_at = now()
    from unnest(${ids}::text[], ${ids.map((id) => hidden.get(id) ?? 0)}::int[]) as many(id, count) where suppressions.id = many.id`.execute(
    db,
  );
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly match: SuppressionRow['match'];
  readonly reason: string;
  readonly by: string;
  readonly starts_at: Date;
  readonly expires_at: Date;
  readonly removed_at: Date | null;
  readonly hidden: number;
  readonly last_hidden_at: Date | null;
}

/** Newest first. `all`: those that are over too. */
export async function listSuppressions(
  db: Db,
  wish: { readonly all: boolean; readonly id?: string },
  now: Date,
): Promise<SuppressionRow[]> {
  const { rows } = await sql<Row>`
    select s.*, coalesce(p.name, s.created_by) as by from suppressions s left join people p on p.id = s.created_by
    where (${wish.all} or (s.removed_at is null and s.expires_at > ${now})) and (${wish.id ?? null}::text is null or s.id = ${wish.id ?? null})
    order by s.id desc limit 500`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    match: row.match,
    reason: row.reason,
    by: row.by,
    state: row.removed_at !== null ? 'removed' : row.expires_at <= now ? 'expired' : row.starts_at > now ? 'planned' : 'active',
    startsAt: iso(row.starts_at),
    expiresAt: iso(row.expires_at),
    hidden: row.hidden,
    ...presentIso('lastHiddenAt', row.last_hidden_at),
    ...present('removedAt', row.removed_at === null ? undefined : iso(row.removed_at)),
  }));
}
