// Schedules as they should be and as they came round. A time of a schedule is one row, whoever tells of it and however often.
import { type Kysely, sql } from 'kysely';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

export interface ScheduleRow {
  readonly id: string;
  readonly playbook: string;
  /** Digest of the trigger. */
  readonly spec: string;
  readonly paused_by: string | null;
  readonly seen_at: Date | null;
  readonly since: Date;
  readonly fault: string | null;
}

export async function listSchedules(db: Db): Promise<readonly ScheduleRow[]> {
  return await db.selectFrom('schedules').selectAll().orderBy('id').execute();
}

/** New, or with another spec: starts before now are nobody's. A person's pause stays. */
export async function keepSchedule(
  db: Db,
  wanted: { readonly id: string; readonly playbook: string; readonly spec: string },
): Promise<void> {
  await sql`insert into schedules (id, playbook, spec) values (${wanted.id}, ${wanted.playbook}, ${wanted.spec})
    on conflict (id) do update set spec = excluded.spec, since = now(), seen_at = null, fault = null where schedules.spec <> excluded.spec`.execute(
    db,
  );
}

export async function noteSchedule(db: Db, id: string, fault: string | undefined): Promise<void> {
  await sql`update schedules set fault = ${fault ?? null}, seen_at = case when ${fault ?? null}::text is null then now() else seen_at end where id = ${id}`.execute(
    db,
  );
}

export async function forgetSchedule(db: Db, id: string): Promise<void> {
  await db.deleteFrom('schedules').where('id', '=', id).execute();
}

/** False: there is no such schedule. */
export async function pauseSchedule(db: Db, id: string, by: string | null): Promise<boolean> {
  const { rows } = await sql<{
    id: string;
  }>`update schedules set paused_by = ${by}, since = case when ${by}::text is null then now() else since end
    where id = ${id} returning id`.execute(db);
  return rows.length > 0;
}

/** Temporal says that it is time. A second word about the same time changes nothing; a schedule that is gone has no times. */
export async function takeTick(db: Db, scheduleId: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{
    at: Date;
  }>`insert into schedule_ticks (schedule_id, at) select id, ${at} from schedules where id = ${scheduleId}
    on conflict do nothing returning at`.execute(db);
  return rows.length > 0;
}

export interface OpenTick {
  readonly schedule_id: string;
  readonly at: Date;
  readonly state: 'due' | 'buffered';
  readonly playbook: string;
  readonly spec: string;
  readonly since: Date;
  readonly paused_by: string | null;
  /** By the store's clock, ms since it should have started. */
  readonly late_ms: number;
  /** Of the published version; null: there is none. */
  readonly digest: string | null;
  readonly mode: string | null;
}

/** The oldest open tick of one schedule that nobody else has in hand, held until the end of the transaction. */
export async function claimTick(trx: Trx): Promise<OpenTick | undefined> {
  const { rows } = await sql<OpenTick>`
    select t.schedule_id, t.at, t.state, s.playbook, s.spec, s.since, s.paused_by,
      (extract(epoch from clock_timestamp() - t.at) * 1000)::float8 as late_ms, v.digest, v.mode
    from schedule_ticks t join schedules s on s.id = t.schedule_id
      left join playbook_versions v on v.playbook = s.playbook and v.state = 'published'
    where t.state = 'due' or (t.state = 'buffered' and not exists (
      select 1 from schedule_ticks o join runs r on r.id = o.run_id where o.schedule_id = t.schedule_id and r.ended_at is null))
    order by t.at limit 1 for update of s, t skip locked`.execute(trx);
  return rows[0];
}

/** Runs that this schedule has started and that have not ended. */
export async function openRunsOf(trx: Trx, scheduleId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select r.id from schedule_ticks t join runs r on r.id = t.run_id
    where t.schedule_id = ${scheduleId} and r.ended_at is null order by r.id`.execute(trx);
  return rows.map(({ id }) => id);
}

export async function hasBuffered(trx: Trx, scheduleId: string): Promise<boolean> {
  const { rows } = await sql<{
    one: number;
  }>`select 1 as one from schedule_ticks where schedule_id = ${scheduleId} and state = 'buffered' limit 1`.execute(trx);
  return rows.length > 0;
}

export interface TickEnd {
  readonly state: 'started' | 'skipped' | 'buffered' | 'missed';
  readonly reason: string;
  readonly runId?: string;
}

export async function endTick(trx: Trx, tick: Pick<OpenTick, 'schedule_id' | 'at'>, end: TickEnd): Promise<void> {
  await sql`update schedule_ticks set state = ${end.state}, reason = ${end.reason}, run_id = ${end.runId ?? null}
    where schedule_id = ${tick.schedule_id} and at = ${tick.at}`.execute(trx);
}

export interface ScheduleView extends ScheduleRow {
  /** Of the published version. */
  readonly cron: string;
  readonly timezone: string;
  readonly overlap: string;
  readonly last: { readonly at: string; readonly state: string; readonly reason: string | null; readonly run_id: string | null } | null;
}

export async function readSchedules(db: Kysely<Database>): Promise<readonly ScheduleView[]> {
  const { rows } = await sql<ScheduleView>`
    select s.*, coalesce(p.trigger->>'cron', '') as cron, coalesce(p.trigger->>'timezone', '') as timezone,
      coalesce(p.trigger->>'overlap', '') as overlap, (select to_jsonb(one) from (select t.at, t.state, t.reason, t.run_id from schedule_ticks t
      where t.schedule_id = s.id order by t.at desc limit 1) one) as last
    from schedules s left join lateral (
      select v.plan->'triggers'->(split_part(s.id, '/', 2)::int) as trigger from playbook_versions v
      where v.playbook = s.playbook and v.state = 'published' limit 1
    ) p on true where p.trigger is not null or s.fault is not null order by s.id`.execute(db);
  return rows;
}
