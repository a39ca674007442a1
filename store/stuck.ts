// For each run that waits: on whom or what, since when, until when, and what happens then. Those past their time are told to people, once a day.
import { sql } from 'kysely';
import type { Page, WaitingRun } from '../server/contract.ts';
import type { Db } from './store.ts';
import { iso, presentIso } from './views/page.ts';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly playbook: string;
  readonly severity_id: number;
  readonly on: string;
  readonly detail: string;
  readonly whom: Readonly<Record<string, unknown>> | null;
  readonly silence: string | null;
  readonly since: Date;
  readonly until: Date | null;
  readonly overdue: boolean;
}

/** What waits longer than it said, with some grace: a sweep and a busy machine take their time. */
const minutes = (count: number) => sql`now() - ${count} * interval '1 minute'`;

const OPEN = sql`r.state in ('queued', 'starting', 'running', 'waiting')`;

const WAITS = sql`(
  select a.run_id, a.kind as on, a.title as detail, a.addressed_to || jsonb_build_object('needs', a.requirement->'count') as whom, a.silence,
    a.opened_at as since, a.expires_at as until, a.expires_at < ${minutes(1)} as overdue
  from approvals a where a.state = 'open'
  union all
  select s.run_id, s.waiting_on, coalesce(s.says, s.step_id), null, null, coalesce(s.held_since, s.started_at), s.waiting_until,
    case when s.held_since is not null then s.held_since < ${minutes(60)} else coalesce(s.waiting_until < ${minutes(5)}, false) end
  from steps s where s.state = 'waiting' and s.waiting_on is not null and s.waiting_on not in ('approval', 'question')
  union all
  select s.run_id, 'answer', coalesce(s.says, s.step_id), null, null, s.intent_at, s.lease_until + coalesce(s.lands_within_ms, 0) * interval '1 millisecond',
    s.lease_until + coalesce(s.lands_within_ms, 0) * interval '1 millisecond' < ${minutes(5)}
  from steps s where s.state = 'intent'
  union all
  select r.id, case when r.state in ('queued', 'starting') then 'place' else 'progress' end, r.title, null, null, moved.at, null, moved.at < ${minutes(10)}
  from runs r, lateral (select greatest(r.progress_at, (select max(a.decided_at) from approvals a where a.run_id = r.id)) as at) moved
  where ${OPEN}
    -- A step that was waited for keeps saying so until the run looks: what it asked has ended.
    and not exists (select 1 from steps s where s.run_id = r.id and s.state in ('waiting', 'intent')
      and (s.state = 'intent' or s.waiting_on not in ('approval', 'question')))
    and not exists (select 1 from approvals a where a.run_id = r.id and a.state = 'open')
)`;

/** Past their time first, then by severity and age. At most 500. */
export async function listWaiting(db: Db, wish: { readonly overdue: boolean }): Promise<Page<WaitingRun>> {
  const { rows } = await sql<Row>`
    select r.id, r.title, r.playbook, r.severity_id, w.on, w.detail, w.whom, w.silence, w.since, w.until, w.overdue
    from ${WAITS} as w join runs r on r.id = w.run_id where ${OPEN} and (not ${wish.overdue} or w.overdue)
    order by w.overdue desc, r.severity_id desc, w.since limit 500`.execute(db);
  return { items: rows.map(waitingRun) };
}

export async function countStuck(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct r.id)::int as count from ${WAITS} as w join runs r on r.id = w.run_id where ${OPEN} and w.overdue`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Runs past their time that people were not told of today; each is taken by one worker. */
export async function takeStuck(db: Db): Promise<WaitingRun[]> {
  const { rows } = await sql<{ id: string }>`
    update runs set stuck_told_at = now() where id in (
      select r.id from runs r where ${OPEN} and (r.stuck_told_at is null or r.stuck_told_at < ${minutes(24 * 60)})
        and exists (select 1 from ${WAITS} as w where w.run_id = r.id and w.overdue)
      order by r.id limit 50 for update skip locked
    ) returning id`.execute(db);
  if (rows.length === 0) return [];
  const taken = new Set(rows.map((row) => row.id));
  return (await listWaiting(db, { overdue: true })).items.filter((one) => taken.has(one.run));
}

const waitingRun = (row: Row): WaitingRun => ({
  run: row.id,
  title: row.title,
  playbook: row.playbook,
  severity_id: row.severity_id,
  on: row.on,
  whom: whomWords(row),
  detail: row.detail,
  since: iso(row.since),
  ...presentIso('until', row.until),
  then: thenWords(row),
  overdue: row.overdue,
});

const WHAT: Readonly<Record<string, string>> = {
  lock: 'another run that works on the same thing',
  lease: 'an earlier attempt to end',
  freeze: 'two people who lift the freeze',
  outage: 'the product to answer again',
  place: 'a free working place',
  settle: 'the product to get there',
  answer: "the product's answer",
  event: 'an event that is posted to it',
  time: 'the time to pass',
  progress: 'nothing that is known: it should be moving',
};

function whomWords({ on, whom }: Row): string {
  if (whom === null) return WHAT[on] ?? on;
  const { needs, ...to } = whom;
  const named = Object.entries(to).flatMap(([kind, name]) => (typeof name === 'string' ? [`${kind} ${name}`] : []));
  const count = typeof needs === 'number' && needs > 1 ? `${needs} people: ` : '';
  return `${count}${named.join(', ') || 'anybody who may'}`;
}

const THEN: Readonly<Record<string, string>> = {
  approval: 'silence is a no',
  lock: 'it is tried again',
  lease: 'the product is read: did it take effect?',
  freeze: 'it goes on; after long, a person is asked first',
  outage: 'it goes on, or fails when it has waited too long',
  place: 'it starts, the most severe first',
  settle: 'it counts as not verified, and people are told',
  answer: 'the product is read: did it take effect?',
  event: 'the playbook goes on as for an event that did not come',
  time: 'the playbook goes on',
  progress: 'Temporal is asked; what it no longer carries is closed as lost',
};

const thenWords = ({ on, silence }: Row): string =>
  on === 'question' ? `the answer is ${silence ?? "the playbook's own"}` : (THEN[on] ?? '');
