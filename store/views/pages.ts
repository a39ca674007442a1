// Pages as people read them, and what of all that was to reach people has not.
import { sql } from 'kysely';
import type { Page, PageRow, Undelivered } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';

interface Row {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly critical: boolean;
  readonly run_id: string | null;
  readonly incident_id: string | null;
  readonly state: PageRow['state'];
  readonly created_at: Date;
  readonly changed_at: Date | null;
  readonly by: string | null;
  readonly recipients: readonly string[];
  readonly reached: readonly string[];
  readonly failing: readonly string[];
}

/** Messages of a page `p`, also the one that gathers it with others. */
const messagesOf = sql`messages m where m.about = 'page' and m.part in ('page', 'digest')
  and m.subject in (select w.told_by from page_recipients w where w.page_id = p.id)`;
const FAILED = sql`(m.state in ('unclear', 'undeliverable') or (m.state = 'owed' and m.attempts > 0))`;
const where = sql`m.connector || ' ' || m.recipient`;

/** Newest first. */
export async function listPages(
  db: Db,
  wish: PageWish & { readonly state?: PageRow['state'] | undefined; readonly id?: string },
): Promise<Page<PageRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<Row>`
    select p.id, p.code, p.message, p.critical, p.run_id, p.incident_id, p.state, p.created_at, p.changed_at, coalesce(someone.name, p.changed_by) as by,
      array(select w.connector || ' ' || w.recipient from page_recipients w where w.page_id = p.id order by 1) as recipients,
      array(select ${where} from ${messagesOf} and m.state = 'sent' order by 1) as reached,
      array(select ${where} from ${messagesOf} and ${FAILED} order by 1) as failing
    from pages p left join people someone on someone.id = p.changed_by
    where (${wish.before ?? null}::text is null or p.id < ${wish.before ?? null})
      and (${wish.state ?? null}::text is null or p.state = ${wish.state ?? null})
      and (${wish.id ?? null}::text is null or p.id = ${wish.id ?? null})
    order by p.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, (row) => ({
    id: row.id,
    code: row.code,
    message: row.message,
    critical: row.critical,
    ...present('runId', row.run_id),
    ...present('incidentId', row.incident_id),
    state: row.state,
    raisedAt: iso(row.created_at),
    ...presentIso('changedAt', row.changed_at),
    ...present('changedBy', row.by),
    recipients: row.recipients,
    reached: row.reached,
    failing: row.failing,
  }));
}

/** Not there for a minute, refused, or given up; replies to clicks that nobody waits for any more are not counted. */
const NOT_THERE = sql`about <> 'reply' and ((state = 'owed' and (refused or failing_since < clock_timestamp() - interval '1 minute'))
  or (state in ('unclear', 'undeliverable') and created_at > clock_timestamp() - interval '1 day'))`;

/** pages: open and with nobody, tried or for nobody at all. messages: to a channel that does not take them. */
export async function countUndelivered(db: Db): Promise<{ readonly pages: number; readonly messages: number }> {
  const { rows } = await sql<{ pages: number; messages: number }>`select
    (select count(*)::int from pages p where p.state = 'open' and not exists (select 1 from ${messagesOf} and m.state = 'sent')
      and (exists (select 1 from ${messagesOf} and ${FAILED}) or not exists (select 1 from page_recipients w where w.page_id = p.id))) as pages,
    (select count(*)::int from messages where ${NOT_THERE}) as messages`.execute(db);
  return rows[0] ?? { pages: 0, messages: 0 };
}

/** `wakesNobody`: no recipient of pages is configured. By channel: how many, since when, and what the product said last. */
export async function readUndelivered(db: Db, wakesNobody: boolean): Promise<Undelivered> {
  const { pages } = await countUndelivered(db);
  const { rows } = await sql<{ connector: string; recipient: string; count: number; since: Date; error: string | null }>`
    select connector, recipient, count(*)::int as count, min(coalesce(failing_since, created_at)) as since, (array_agg(error order by id desc))[1] as error
    from messages where ${NOT_THERE} group by 1, 2 order by 4 limit 50`.execute(db);
  const channels = rows.map(({ connector, recipient, count, since, error }) => ({
    connector,
    recipient,
    count,
    since: iso(since),
    ...present('error', error),
  }));
  return { wakesNobody, pages, channels };
}
