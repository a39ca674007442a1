// Pages: raised once for one trouble, told to people by channels/, acknowledged and resolved by people or by what ended.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import type { PageCode } from './page-codes.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

export interface PageRecipient {
  readonly connector: string;
  readonly recipient: string;
}

export interface NewPage {
  /** The same trouble within a day is the same page. */
  readonly key: string;
  readonly code: PageCode;
  readonly message: string;
  /** Also when its run is not of critical severity. */
  readonly isCritical: boolean;
  readonly runId?: string;
}

const CRITICAL_SEVERITY_ID = 5;
const MAX_MESSAGE = 4_000;

/** Returns its id; undefined: it was raised already. Call `store.wake('messages')` after the commit. */
export async function raisePage(db: Db, page: NewPage, recipients: readonly PageRecipient[], now: Date): Promise<string | undefined> {
  const id = newId('pag', now);
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into pages (id, key, code, message, critical, run_id, incident_id, created_at)
      select ${id}, ${page.key.slice(0, 300)}, ${page.code}, ${page.message.slice(0, MAX_MESSAGE)}, ${page.isCritical} or coalesce(r.severity_id >= ${CRITICAL_SEVERITY_ID}, false),
        ${page.runId ?? null}, r.incident_id, ${now}
      from (select 1) as one left join runs r on r.id = ${page.runId ?? null}
      on conflict (key) do nothing returning id
    ), whom as (
      insert into page_recipients (page_id, connector, recipient)
      select made.id, m.connector, m.recipient from made, jsonb_to_recordset(${jsonText(recipients)}::jsonb) as m(connector text, recipient text)
      on conflict do nothing
    )
    select id from made`.execute(db);
  return rows[0]?.id;
}

/** What was raised while nobody was named to be woken is told as soon as somebody is. */
export async function addressPages(db: Db, recipients: readonly PageRecipient[]): Promise<void> {
  if (recipients.length === 0) return;
  await sql`insert into page_recipients (page_id, connector, recipient)
    select p.id, m.connector, m.recipient from pages p, jsonb_to_recordset(${jsonText(recipients)}::jsonb) as m(connector text, recipient text)
    where p.state = 'open' and not exists (select 1 from page_recipients w where w.page_id = p.id)
    on conflict do nothing`.execute(db);
}

export interface WaitingGroup extends PageRecipient {
  /** '': about none. */
  readonly incidentId: string;
}

/** Who is to be told something now, by incident: those who were told of it before `lastTold`, and whoever something critical waits for. */
export async function waitingGroups(db: Db, lastTold: Date, limit: number): Promise<readonly WaitingGroup[]> {
  const { rows } = await sql<WaitingGroup>`
    select w.connector, w.recipient, coalesce(p.incident_id, '') as "incidentId"
    from page_recipients w join pages p on p.id = w.page_id
      left join page_windows v on v.connector = w.connector and v.recipient = w.recipient and v.incident_id = coalesce(p.incident_id, '')
    where w.told_by is null group by 1, 2, 3, v.opened_at
    having v.opened_at is null or v.opened_at <= ${lastTold} or bool_or(p.critical or p.state <> 'open')
    order by min(p.created_at) limit ${limit}`.execute(db);
  return rows;
}

export interface WaitingPage {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly critical: boolean;
  readonly run_id: string | null;
  readonly state: string;
}

/** The group's lock until the end of the transaction, when it was last told, and what waits, oldest first. */
export async function lockGroup(
  trx: Trx,
  { connector, recipient, incidentId }: WaitingGroup,
): Promise<{ openedMs: number | undefined; pages: readonly WaitingPage[] }> {
  await sql`insert into page_windows (connector, recipient, incident_id) values (${connector}, ${recipient}, ${incidentId}) on conflict do nothing`.execute(
    trx,
  );
  const window = await sql<{ opened_at: Date | null }>`select opened_at from page_windows
    where connector = ${connector} and recipient = ${recipient} and incident_id = ${incidentId} for update`.execute(trx);
  const pages =
    await sql<WaitingPage>`select p.id, p.code, p.message, p.critical, p.run_id, p.state from page_recipients w join pages p on p.id = w.page_id
    where w.told_by is null and w.connector = ${connector} and w.recipient = ${recipient} and coalesce(p.incident_id, '') = ${incidentId}
    order by p.created_at, p.id limit 500`.execute(trx);
  return { openedMs: window.rows[0]?.opened_at?.getTime(), pages: pages.rows };
}

export async function openWindow(trx: Trx, { connector, recipient, incidentId }: WaitingGroup, at: Date): Promise<void> {
  await sql`update page_windows set opened_at = ${at} where connector = ${connector} and recipient = ${recipient} and incident_id = ${incidentId}`.execute(
    trx,
  );
}

/** Whether a page, or one of those that a digest gathers, still needs somebody. */
export async function isPageOpen(db: Db, subject: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pages p where p.state <> 'resolved'
    and (p.id = ${subject} or exists (select 1 from page_recipients w where w.page_id = p.id and w.told_by = ${subject})) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** From here on the message of this subject has to reach them. */
export async function markTold(
  trx: Trx,
  { connector, recipient }: PageRecipient,
  pageIds: readonly string[],
  subject: string,
): Promise<void> {
  await sql`update page_recipients set told_by = ${subject} where connector = ${connector} and recipient = ${recipient} and page_id = any(${[...pageIds]})`.execute(
    trx,
  );
}

/** undefined: there is no such page · false: it is so already, or further. */
export async function changePage(
  db: Kysely<Database>,
  id: string,
  state: 'acknowledged' | 'resolved',
  by: string,
  now: Date,
): Promise<boolean | undefined> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ state: string }>`select state from pages where id = ${id} for update`.execute(trx);
    const was = rows[0]?.state;
    if (was === undefined) return undefined;
    if (was === state || was === 'resolved') return false;
    await sql`update pages set state = ${state}, changed_at = ${now}, changed_by = ${by}, key = case when ${state} = 'resolved' then null else key end where id = ${id}`.execute(
      trx,
    );
    await appendAudit(trx, 'admin', [
      { at: now, code: state === 'resolved' ? 'page.resolved' : 'page.acknowledged', actor: by, body: { page: id } },
    ]);
    return true;
  });
}

/** Of a page about an approval, whose key is `approval.<id>.<step of its escalation>`. */
const APPROVAL = sql`split_part(p.key, '.', 2)`;
const STEP = sql`split_part(p.key, '.', 3)`;

/**
 * Somebody has said since it escalated that they have the approval: who had it before that has not decided, and is why people are woken. One that
 * was decided needs nobody any more.
 */
export async function followApprovals(db: Db, now: Date): Promise<void> {
  await sql`update pages p set state = 'acknowledged', changed_at = ${now}, changed_by = a.acked_by from approvals a, escalations e
    where p.state = 'open' and p.code = 'APPROVAL_WAITING' and a.id = ${APPROVAL} and e.approval_id = a.id and e.step::text = ${STEP}
      and a.acked_at >= e.at`.execute(db);
  await sql`update pages p set state = 'resolved', changed_at = ${now}, changed_by = 'cordon', key = null
    where p.state <> 'resolved' and p.code = 'APPROVAL_WAITING'
      and not exists (select 1 from approvals a where a.id = ${APPROVAL} and a.state = 'open')`.execute(db);
}

/** What pagers have not been told of yet: the pages' states, with the messages that woke people for them. */
export async function untoldStates(
  db: Db,
  limit: number,
): Promise<readonly { id: string; state: 'acknowledged' | 'resolved'; told: readonly PageRecipient[] }[]> {
  const { rows } = await sql<{ id: string; state: 'acknowledged' | 'resolved'; told: readonly PageRecipient[] }>`
    select p.id, p.state, coalesce((select jsonb_agg(jsonb_build_object('connector', m.connector, 'recipient', m.recipient)) from messages m
      where m.about = 'page' and m.subject = p.id and m.part = 'page' and (m.state = 'sent' or m.begun_at is not null)), '[]') as told
    from pages p where p.state <> p.told_state and p.state <> 'open' order by p.id limit ${limit}`.execute(db);
  return rows;
}

/**
 * Messages that gathered this page with others, where all of them are as far as `state`: what a pager opened for a digest ends with its last page. What
 * could still go out counts as told.
 */
export async function digestsEnded(
  db: Db,
  pageId: string,
  state: 'acknowledged' | 'resolved',
): Promise<readonly (PageRecipient & { subject: string })[]> {
  const { rows } = await sql<PageRecipient & { subject: string }>`
    select m.connector, m.recipient, m.subject from page_recipients w
      join messages m on m.about = 'page' and m.part = 'digest' and m.subject = w.told_by and (m.state = 'sent' or m.begun_at is not null)
    where w.page_id = ${pageId} and not exists (
      select 1 from page_recipients o join pages p on p.id = o.page_id
      where o.told_by = w.told_by and (p.state = 'open' or p.state <> 'resolved' and ${state} = 'resolved'))`.execute(db);
  return rows;
}

export async function markStateTold(db: Db, id: string, state: string): Promise<void> {
  await sql`update pages set told_state = ${state} where id = ${id}`.execute(db);
}

/**
 * Pages whose message has not got through for so long, was refused, or ended without anybody who knows that it is there, are owed to the others as well;
 * not where the same connector carries them.
 */
export async function oweElsewhere(db: Db, others: readonly PageRecipient[], afterMs: number): Promise<void> {
  if (others.length === 0) return;
  await sql`
    insert into messages (connector, recipient, about, subject, part, content)
    select distinct on (o.connector, o.recipient, m.subject, m.part) o.connector, o.recipient, 'page', m.subject, m.part, m.content
    from messages m join jsonb_to_recordset(${jsonText(others)}::jsonb) as o(connector text, recipient text) on o.connector <> m.connector
    where m.about = 'page' and m.part in ('page', 'digest') and m.content is not null
      and (m.state in ('unclear', 'undeliverable')
        or m.state = 'owed' and (m.refused or m.created_at <= clock_timestamp() - ${afterMs} * interval '1 millisecond'))
      and not exists (select 1 from messages t where t.about = 'page' and t.subject = m.subject and t.part = m.part
        and t.connector = o.connector and t.recipient = o.recipient)
    limit 500
    on conflict do nothing`.execute(db);
}

/** So old that the same trouble is a new page. Old and resolved ones go. */
export async function agePages(db: Db, now: Date): Promise<void> {
  const day = 86_400_000;
  await sql`update pages set key = null where key is not null and code <> 'APPROVAL_WAITING' and created_at < ${new Date(now.getTime() - day)}`.execute(
    db,
  );
  await sql`delete from pages where id in (select id from pages where state = 'resolved' and created_at < ${new Date(now.getTime() - 90 * day)} limit 1000)`.execute(
    db,
  );
}
