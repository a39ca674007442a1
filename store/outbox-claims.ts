// Who takes which outbox rows: highest priority first, fair over lanes, each row by one worker at a time, work only where there is a place.
// A claim is a lease: a worker that dies loses it, and a row that was armed again while it was delivered is delivered once more.
import { type RawBuilder, sql } from 'kysely';
import type { Suppression } from '../triggers/suppress.ts';
import type { Claim } from './outbox.ts';
import { CRITICAL_SEVERITY_ID, freePlaces, type PlaceBounds, placeLease } from './places.ts';
import type { Db } from './store.ts';
import { suppressionsInForce } from './suppressions.ts';

/** Longer than any one delivery may take; two deliveries of a row do no harm. */
const CLAIM_LEASE_S = 30;

export interface ClaimWish {
  /** Unique for each claim; begins with the worker's id and '#'. */
  readonly token: string;
  readonly limit: number;
}

const due = sql`state = 'ready' and next_at <= now() and (claimed_until is null or claimed_until < now())`;

/**
 * The first `limit` due rows of a kind in each (priority, lane), by a loose index scan over outbox_turn: its cost grows with the number of
 * sources, not with the backlog. `turn` is the row's place in its own lane.
 */
function heads(kind: 'decide' | 'start', limit: number): RawBuilder<unknown> {
  return sql`(
    with recursive lanes as (
      (select priority, lane from outbox where kind = ${kind} and state = 'ready' order by priority desc, lane limit 1)
      union all
      select next.priority, next.lane from lanes, lateral (
        (select priority, lane from outbox where kind = ${kind} and state = 'ready' and priority = lanes.priority and lane > lanes.lane
          order by priority desc, lane limit 1)
        union all
        (select priority, lane from outbox where kind = ${kind} and state = 'ready' and priority < lanes.priority order by priority desc, lane limit 1)
        limit 1
      ) as next
    )
    select head.id, head.about, lanes.priority, lanes.lane, row_number() over (partition by lanes.priority, lanes.lane order by head.id) as turn
    from lanes, lateral (
      select id, about from outbox where kind = ${kind} and priority = lanes.priority and lane = lanes.lane and ${due} order by id limit ${limit}
    ) as head
  )`;
}

const lock = (picked: RawBuilder<unknown>) => sql`
  select id from outbox where id in (${picked}) and ${due} for update skip locked`;

// any(array()): by index whatever the planner thinks of the table.
const take = (wish: ClaimWish) => sql`
  update outbox set claimed_by = ${wish.token}, claimed_until = now() + ${CLAIM_LEASE_S} * interval '1 second'
  where outbox.id = any(array(select id from locked)) returning outbox.id::text as id, outbox.kind, outbox.about, outbox.attempts, outbox.priority, outbox.payload`;

/**
 * Is anything there that a claim could find? Two looks into an index: the claims themselves cost ten times as much, and each run that ends, and each
 * second, makes dispatch look. What is put off or in somebody's hands counts as there.
 */
export async function whatWaits(db: Db): Promise<{ readonly alerts: boolean; readonly work: boolean }> {
  // In the index's order, so that it is used whatever the planner thinks of the table.
  const ready = (kind: string) => sql`exists (
    select 1 from (select id from outbox where kind = ${kind} and state = 'ready' order by priority desc, lane, id limit 1) as first)`;
  const { rows } = await sql<{ alerts: boolean; work: boolean }>`select ${ready('decide')} as alerts,
    (${sql.join(WORK_KINDS.map(ready), sql` or `)}) as work`.execute(db);
  return rows[0] ?? { alerts: false, work: false };
}

/** What stands published now, and an alert that waits for its triggers to be matched. */
export interface UndecidedAlert extends Claim {
  readonly attempts: number;
  readonly alertId: string;
  readonly source: string;
  readonly severity_id: number;
  readonly title: string;
  readonly incident_id: string | null;
  /** The normalised alert; null when it was quarantined. */
  readonly body: unknown;
  /** In force now. */
  readonly suppressions: readonly Suppression[];
  readonly published: readonly { readonly playbook: string; readonly digest: string; readonly mode: string }[];
}

/** Alerts to decide, loaded with what they are decided by, in one statement. */
export async function claimAlerts(db: Db, wish: ClaimWish): Promise<UndecidedAlert[]> {
  const { rows } = await sql<Omit<UndecidedAlert, 'token'>>`
    with locked as (${lock(sql`select id from ${heads('decide', wish.limit)} as head order by priority desc, turn, id limit ${wish.limit}`)}),
    taken as (${take(wish)})
    select taken.id, taken.attempts, a.id as "alertId", a.source, a.severity_id, a.title, a.incident_id, a.body, coalesce(
      (select json_agg(json_build_object('playbook', playbook, 'digest', digest, 'mode', mode) order by playbook)
        from playbook_versions where state = 'published'), '[]') as published, ${suppressionsInForce} as suppressions
    from taken join alerts a on a.id = taken.about order by taken.priority desc, taken.id`.execute(db);
  return rows.map((row) => ({ ...row, token: wish.token }));
}

const WORK_KINDS = ['start', 'wake', 'cancel', 'notify'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** A delivery in hand, with all that a start needs but the plan. */
export interface ClaimedWork extends Claim {
  readonly kind: WorkKind;
  /** Run id. */
  readonly about: string;
  readonly attempts: number;
  readonly payload: unknown;
  readonly run_kind: string;
  readonly run_state: string;
  readonly playbook: string;
  readonly plan_digest: string;
  /** Made plans only. */
  readonly made_plan: unknown;
  readonly title: string;
  readonly inputs: unknown;
  readonly severity_id: number;
  readonly incident_id: string;
  readonly created_at: Date;
  readonly alert: unknown;
  /** A working place was taken with this claim. */
  readonly placed: boolean;
}

/**
 * Admission. Within a priority, wakes come before starts (their runs have begun, people may have decided), then the lane with the fewest
 * working runs. What needs no place (cancellations, notifications; runs of kind undo or hold, ended ones, those that have their place) goes past
 * the bounds. One statement.
 */
export async function claimWork(
  db: Db,
  wish: ClaimWish & { readonly kinds: readonly WorkKind[] },
  workerId: string,
  bounds: PlaceBounds,
): Promise<ClaimedWork[]> {
  const kinds = sql`${[...wish.kinds]}::text[]`;
  const { rows } = await sql<Omit<ClaimedWork, 'token'>>`
    with free as (select * from ${freePlaces(workerId, bounds)} as f),
    busy as (
      select lane, count(*) as runs from runs where worker = ${workerId} and place_until > now() and kind = 'playbook' group by lane
    ), waiting as (
      select o.id, o.about, o.priority, 0::bigint as turn, 0 as kind_turn, true as errand from runs r join outbox o on o.about = r.id
        where r.kind <> 'playbook' and r.state in ('queued', 'starting', 'running', 'waiting') and o.kind in ('start', 'wake') and o.kind = any(${kinds})
          and ${dueOf}
      union
      (select id, about, priority, 0, 0, kind <> 'wake' from outbox where kind in ('wake', 'cancel', 'notify') and kind = any(${kinds}) and ${due}
        order by priority desc, id limit ${wish.limit})
      union
      (select head.id, head.about, head.priority, head.turn + coalesce(busy.runs, 0) as turn, 1, false
        from ${heads('start', wish.limit)} as head left join busy using (lane), free
        where 'start' = any(${kinds}) and free.total_free > 0 and (head.priority >= ${CRITICAL_SEVERITY_ID} or free.normal_free > 0)
        order by head.priority desc, turn, head.id limit ${wish.limit})
    ), judged as (
      select w.*, r.severity_id < ${CRITICAL_SEVERITY_ID} as normal,
        w.errand or r.state not in ('queued', 'starting', 'running', 'waiting') or coalesce(r.place_until > now(), false) as exempt
      from waiting w join runs r on r.id = w.about
    ), queue as (
      select id, about, exempt, normal,
        count(*) filter (where not exempt) over line as position,
        count(*) filter (where not exempt and normal) over line as normal_position
      from judged window line as (order by priority desc, kind_turn, turn, id rows unbounded preceding)
    ), picked as (
      select queue.id, queue.about, queue.exempt, queue.position from queue, free
      where exempt or (position <= total_free and (not normal or normal_position <= normal_free))
      order by exempt desc, position limit ${wish.limit}
    ), locked as (${lock(sql`select id from picked`)}),
    taken as (${take(wish)}),
    placed as (
      update runs set worker = ${workerId}, place_until = ${placeLease}
      from picked join locked using (id) where runs.id = picked.about and not picked.exempt
    )
    select taken.id, taken.kind, taken.about, taken.attempts, taken.payload, r.kind as run_kind, r.state as run_state, r.playbook, r.plan_digest,
      r.plan as made_plan, r.title, r.inputs, r.severity_id, r.incident_id, r.created_at, a.body as alert, not picked.exempt as placed
    from taken join picked on picked.id = taken.id::bigint join runs r on r.id = taken.about left join alerts a on a.id = r.alert_id
    order by picked.exempt desc, picked.position`.execute(db);
  return rows.map((row) => ({ ...row, token: wish.token }));
}

const dueOf = sql`o.state = 'ready' and o.next_at <= now() and (o.claimed_until is null or o.claimed_until < now())`;
