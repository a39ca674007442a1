// Messages to people: owed in the commit that makes them needed, claimed by one worker at a time, and kept until it is known what became of them.
import { sql } from 'kysely';
import { jsonText } from './json-text.ts';
import type { Db } from './store.ts';

/** Longer than one attempt may take, with the look for it before. */
const CLAIM_LEASE_S = 60;
const MAX_ERROR = 500;

export interface NewMessage {
  readonly connector: string;
  readonly recipient: string;
  readonly about: 'approval' | 'page' | 'reply';
  readonly subject: string;
  readonly part: string;
  readonly content?: unknown;
}

/** The same message a second time is none. Returns how many are new; call `store.wake('messages')` after the commit. */
export async function oweMessages(db: Db, messages: readonly NewMessage[]): Promise<number> {
  if (messages.length === 0) return 0;
  const rows = messages.map((one) => ({ ...one, content: one.content ?? null }));
  const result = await sql<{ id: string }>`
    insert into messages (connector, recipient, about, subject, part, content)
    select connector, recipient, about, subject, part, content
    from jsonb_to_recordset(${jsonText(rows)}::jsonb) as m(connector text, recipient text, about text, subject text, part text, content jsonb)
    on conflict do nothing returning id`.execute(db);
  return result.rows.length;
}

export interface ClaimedMessage {
  readonly id: string;
  /** Names this claim. */
  readonly token: string;
  readonly connector: string;
  readonly recipient: string;
  readonly about: NewMessage['about'];
  readonly subject: string;
  readonly part: string;
  readonly content: unknown;
  readonly state: 'owed' | 'sent';
  /** Ms since the Unix epoch, of the first attempt of which nobody knows how it ended. */
  readonly begun_ms: number | null;
  readonly place: unknown;
  readonly shown: string | null;
  readonly attempts: number;
}

/** owed: to be sent, what wakes people first · sent: standing somewhere, and what it says may be old. */
export async function claimMessages(
  db: Db,
  { connector, token, state, limit }: { connector: string; token: string; state: 'owed' | 'sent'; limit: number },
): Promise<ClaimedMessage[]> {
  const live =
    state === 'owed'
      ? sql`state = 'owed'`
      : sql`state = 'sent' and not settled and about = 'approval' and part = 'asked' and exists (select 1 from approvals a
          where a.id = messages.subject and (a.state <> 'open' or exists (select 1 from decisions d where d.approval_id = a.id)))`;
  const { rows } = await sql<Omit<ClaimedMessage, 'token'>>`
    update messages set claimed_by = ${token}, claimed_until = clock_timestamp() + ${CLAIM_LEASE_S} * interval '1 second'
    where id = any(array(
      select id from messages where connector = ${connector} and ${live} and next_at <= clock_timestamp() and (claimed_until is null or claimed_until < clock_timestamp())
      order by about = 'page' desc, next_at, id limit ${limit} for update skip locked
    ))
    returning id::text as id, connector, recipient, about, subject, part, content, state,
      (extract(epoch from begun_at) * 1000)::float8 as begun_ms, place, shown, attempts`.execute(db);
  return rows.map((row) => ({ ...row, token })).sort((a, b) => Number(a.id) - Number(b.id));
}

/** Connectors that a message waits for, by now. */
export async function connectorsDue(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ connector: string }>`select distinct connector from messages
    where (state = 'owed' or state = 'sent' and not settled)
      and next_at <= clock_timestamp() and (claimed_until is null or claimed_until < clock_timestamp())`.execute(db);
  return rows.map(({ connector }) => connector);
}

/** Asked once a second: one look into each index. */
export async function needPagesWork(db: Db): Promise<boolean> {
  const { rows } =
    await sql`select 1 where exists (select 1 from pages where state <> 'resolved') or exists (select 1 from pages where state <> told_state)`.execute(
      db,
    );
  return rows.length > 0;
}

const mine = (message: Pick<ClaimedMessage, 'id' | 'token'>) => sql`id = ${message.id}::bigint and claimed_by = ${message.token}`;
const freed = sql`claimed_by = null, claimed_until = null`;

/** Written before it goes out: whoever comes after a crash knows that it may have. False: another has it now. */
export async function beginMessage(db: Db, message: ClaimedMessage): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update messages set begun_at = coalesce(begun_at, clock_timestamp()) where ${mine(message)} returning id`.execute(db);
  return rows.length > 0;
}

export interface Sent {
  readonly place: unknown;
  readonly shown: string;
  readonly settled: boolean;
}

export async function messageSent(db: Db, message: ClaimedMessage, { place, shown, settled }: Sent): Promise<void> {
  await sql`update messages set state = 'sent', content = null, place = ${place === null ? null : jsonText(place)}::jsonb, shown = ${shown}, settled = ${settled},
    sent_at = coalesce(sent_at, clock_timestamp()), begun_at = null, failing_since = null, refused = false, error = null, next_at = clock_timestamp(), ${freed}
    where ${mine(message)}`.execute(db);
}

export interface Postponed {
  readonly delayMs: number;
  readonly error: string;
  /** It may have gone out: what was begun stays begun. */
  readonly isUnclear: boolean;
  /** It will be refused again until somebody mends it at the product. */
  readonly isRefused: boolean;
}

export async function messageLater(db: Db, message: ClaimedMessage, { delayMs, error, isUnclear, isRefused }: Postponed): Promise<void> {
  await sql`update messages set attempts = attempts + 1, failing_since = coalesce(failing_since, clock_timestamp()), error = ${error.slice(0, MAX_ERROR)},
    refused = ${isRefused}, begun_at = case when ${isUnclear} then begun_at end, next_at = clock_timestamp() + ${delayMs} * interval '1 millisecond', ${freed}
    where ${mine(message)}`.execute(db);
}

/** Looked at, and right as it stands. */
export async function messageRight(db: Db, message: ClaimedMessage, settled: boolean, againMs: number): Promise<void> {
  await sql`update messages set settled = ${settled}, next_at = clock_timestamp() + ${againMs} * interval '1 millisecond', ${freed}
    where ${mine(message)}`.execute(db);
}

/**
 * unclear: nobody knows, and it is not sent again · undeliverable: it cannot be · dropped: nobody needs it any more. A page that may have reached nobody
 * keeps its words: they go elsewhere.
 */
export async function endMessage(
  db: Db,
  message: ClaimedMessage,
  state: 'unclear' | 'undeliverable' | 'dropped',
  error: string,
): Promise<void> {
  await sql`update messages set state = ${state}, content = case when about = 'page' and ${state} <> 'dropped' then content end, settled = true, error = ${error.slice(0, MAX_ERROR)}, ${freed}
    where ${mine(message)}`.execute(db);
}

/** Where the message stands that asked, for what follows it. */
export async function placeOfAsked(
  db: Db,
  message: Pick<ClaimedMessage, 'connector' | 'recipient' | 'about' | 'subject'>,
): Promise<unknown> {
  const { rows } = await sql<{
    place: unknown;
  }>`select place from messages where connector = ${message.connector} and recipient = ${message.recipient}
    and about = ${message.about} and subject = ${message.subject} and part = 'asked' and place is not null`.execute(db);
  return rows[0]?.place;
}

/** Claims of a process that is gone, where the store is embedded: there is one process at a time. */
export async function forgetMessageClaims(db: Db): Promise<void> {
  await sql`update messages set ${freed} where claimed_by is not null`.execute(db);
}

/** Old ones that nobody waits for. Bounded; call again while it answers the limit. */
export async function pruneMessages(db: Db, keepDays: number, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from messages where id in (
      select id from messages where (state <> 'owed' and (settled or state <> 'sent')) and created_at < now() - ${keepDays} * interval '1 day' order by id limit ${limit}
    ) returning id`.execute(db);
  return rows.length;
}
