// Audit events as sentences, newest first.
import { sql } from 'kysely';
import { describeEvent } from '../../audit/describe.ts';
import type { AuditRow, Page } from '../../server/contract.ts';
import { CHAINED_COLUMNS, type ChainedRow, toChainedEvent } from '../audit-rows.ts';
import type { Db } from '../store.ts';
import { type PageWish, sizeOf } from './page.ts';

/** `before` is `<instant>~<stream>~<seq>`, as given in `next`. One that cannot be read starts at the head. */
export async function listAudit(db: Db, wish: PageWish & { readonly stream?: string | undefined }): Promise<Page<AuditRow>> {
  const size = sizeOf(wish);
  const from = /^([0-9TZ:.-]{10,40})~([a-zA-Z0-9_.-]{1,64})~([0-9]{1,15})$/.exec(wish.before ?? '');
  const after = from ? sql`and (e.at, e.stream, e.seq) < (${from[1]}::timestamptz, ${from[2]}, ${from[3]}::bigint)` : sql``;
  const { rows } = await sql<ChainedRow>`
    select ${CHAINED_COLUMNS} from audit_events e
    where ${wish.stream === undefined ? sql`true` : sql`e.stream = ${wish.stream}`} ${after}
    order by e.at desc, e.stream desc, e.seq desc limit ${size + 1}`.execute(db);
  const names = await namesOf(db);
  const events = rows.slice(0, size).map(toChainedEvent);
  const last = events.at(-1);
  return {
    items: events.map((event) => ({
      stream: event.stream,
      seq: event.seq,
      at: event.at,
      code: event.code,
      actor: names.get(event.actor) ?? event.actor,
      says: describeEvent(event, (id) => names.get(id)),
      hash: event.hash,
    })),
    ...(rows.length > size && last ? { next: `${last.at}~${last.stream}~${last.seq}` } : {}),
  };
}

async function namesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const people = await db.selectFrom('people').select(['id', 'name']).limit(2000).execute();
  return new Map(people.map((person) => [person.id, person.name]));
}
