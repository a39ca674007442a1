// Events that people, programs and sources post to a run, for its `wait: { event }`. Kept from the run's first moment on; each is used by one wait.
import { type Kysely, sql } from 'kysely';
import type { Json } from '../language/plan.ts';
import { appendAudit, type NewAuditEvent } from './audit.ts';
import { jsonText } from './json-text.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** Of one run, used ones too: a source that posts for ever fills no disk. */
const MAX_EVENTS = 1000;

export interface RunEvent {
  readonly runId: string;
  readonly name: string;
  readonly body: Json;
  /** Id of a person, or source:<name>. */
  readonly by: string;
}

/** What a run is told when the source of its alert says that the matter is over. */
export const RESOLVED_EVENT = 'resolved';

/** False: the run has ended, does not exist, or has had more events than are kept. */
export async function postEvent(db: Kysely<Database>, event: RunEvent, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    if (!(await putEvent(trx, event))) return false;
    await appendAudit(trx, event.runId, [eventSaid(event, now)]);
    return true;
  });
}

export const eventSaid = ({ name, by }: RunEvent, at: Date): NewAuditEvent => ({
  at,
  code: 'run.signalled',
  actor: by,
  body: { event: name },
});

/** Within the caller's commit, which says it in the audit. */
export async function putEvent(trx: Trx, event: RunEvent): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    with posted as (
      insert into run_events (run_id, name, body, posted_by)
      select id, ${event.name}, ${jsonText(event.body)}::jsonb, ${event.by} from runs
      where id = ${event.runId} and state in ('queued', 'starting', 'running', 'waiting')
        and (select count(*) from run_events where run_id = ${event.runId}) < ${MAX_EVENTS}
      returning run_id
    ), owed as (${armWakes(sql`posted`)})
    select run_id as id from posted`.execute(trx);
  return rows.length > 0;
}

export interface TakenEvent {
  readonly event?: { readonly body: Json; readonly by: string; readonly at: string };
  /** Of the wait, by the store's clock, ms; absent before it was recorded. */
  readonly leftMs?: number;
}

/** The first event of that name that no other wait has used. Asked again for the same wait, it is the same one. */
export async function takeEvent(db: Db, wait: { runId: string; key: string; name: string }): Promise<TakenEvent> {
  const { rows } = await sql<{ body: Json; by: string; at: Date }>`
    update run_events set used_by = ${wait.key} where id = (
      select id from run_events where run_id = ${wait.runId} and name = ${wait.name} and (used_by is null or used_by = ${wait.key})
      order by used_by nulls last, id limit 1 for update)
    returning body, posted_by as by, posted_at as at`.execute(db);
  const [event] = rows;
  if (event) return { event: { body: event.body, by: event.by, at: event.at.toISOString() } };
  const waits = await sql<{ left_ms: number }>`
    select (extract(epoch from waiting_until - clock_timestamp()) * 1000)::float8 as left_ms from steps
    where run_id = ${wait.runId} and key = ${wait.key} and generation = 0 and state = 'waiting' and waiting_until is not null`.execute(db);
  const leftMs = waits.rows[0]?.left_ms;
  return leftMs === undefined ? {} : { leftMs };
}
