// Runs: made together with what delivers them, bound to one Temporal run by their first write, ended once.
import { sql } from 'kysely';
import { BREAK_GLASS_NAMES } from './break-glass.ts';
import { newId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { landsInMs, maybeSent } from './maybe-sent.ts';
import type { Db } from './store.ts';

export interface NewRun {
  readonly kind: 'playbook' | 'undo' | 'hold';
  readonly playbook: string;
  readonly planDigest: string;
  /** Made plans only (undo, hold): others are found by digest. */
  readonly plan?: unknown;
  readonly mode: string;
  readonly alertId?: string;
  readonly incidentId: string;
  readonly parentRunId?: string;
  readonly title: string;
  readonly inputs: unknown;
  readonly severityId: number;
  /** Fairness lane: the alert's source; '' for people. */
  readonly lane: string;
  readonly startedBy: string;
  /** Why it started, in words. */
  readonly reason: string;
  readonly dedupeKey?: string;
  readonly dedupeUntil?: Date;
}

/** Inserts the run and its outbox row in one statement. Undefined: an open run of the playbook has the same dedupe key. */
export async function createRun(db: Db, run: NewRun, now: Date): Promise<string | undefined> {
  const id = newId('run', now);
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into runs (id, kind, playbook, plan_digest, plan, mode, alert_id, incident_id, parent_run_id, title, inputs, severity_id, lane,
                        started_by, reason, dedupe_key, dedupe_until)
      values (${id}, ${run.kind}, ${run.playbook}, ${run.planDigest}, ${run.plan === undefined ? null : jsonText(run.plan)}, ${run.mode},
              ${run.alertId ?? null}, ${run.incidentId}, ${run.parentRunId ?? null}, ${run.title}, ${jsonText(run.inputs)},
              ${run.severityId}, ${run.lane}, ${run.startedBy}, ${run.reason}, ${run.dedupeKey ?? null}, ${run.dedupeUntil ?? null})
      on conflict do nothing
      returning id
    ), owed as (
      insert into outbox (kind, about, dedupe, priority, lane)
      select 'start', id, 'start:' || id, ${run.severityId}::int, ${run.lane}::text from made
    )
    select id from made`.execute(db);
  return rows[0]?.id;
}

/** What an activity needs to know of its run, and the step's latest record, in one statement. */
export interface BoundRun {
  readonly id: string;
  readonly kind: string;
  readonly playbook: string;
  readonly plan_digest: string;
  readonly mode: string;
  readonly incident_id: string;
  readonly parent_run_id: string | null;
  readonly severity_id: number;
  readonly started_by: string;
  /** Exact names, lower case, of the person who started it by hand; empty: nobody did. */
  readonly requester: readonly string[];
  /** Exact names, lower case, of the accounts for emergencies. */
  readonly break_glass: readonly string[];
  readonly has_place: boolean;
  /** From its making to its start, ms. */
  readonly late_ms: number;
  readonly step: StepRecord | null;
}

/** A row of `steps` as JSON: instants are ISO text. */
export interface StepRecord {
  readonly key: string;
  readonly generation: number;
  readonly kind: string;
  readonly state: string;
  readonly entity: string | null;
  readonly connector: string | null;
  readonly owner: string | null;
  /** A request went out, and nobody knows how it ended (maybe-sent.ts). */
  readonly maybe_sent: boolean;
  /** It may still take effect, for so long by the store's clock; 0: not any more. */
  readonly lands_in_ms: number;
  readonly before: unknown;
  readonly outcome: string | null;
  readonly output: unknown;
  readonly error: unknown;
  readonly attempts: number;
  readonly idempotency_key: string | null;
  readonly ended_at: string | null;
  readonly approval_id: string | null;
  /** Since a freeze or an outage held it back first, ms; null: never. */
  readonly held_ms: number | null;
}

/**
 * The first write binds the run to its Temporal run; any other Temporal run finds nothing. Renews the working place where there is one.
 * Of a run that has ended only what has ended is found: its last workflow task may be worked through once more, and must hear the same again.
 * Undefined: whoever asks may do nothing.
 */
export async function bindRun(
  db: Db,
  runId: string,
  temporalRunId: string,
  step: { readonly key: string; readonly generation: number },
): Promise<BoundRun | undefined> {
  const { rows } = await sql<BoundRun & { readonly over: boolean }>`
    with bound as (
      update runs set
        temporal_run_id = coalesce(temporal_run_id, ${temporalRunId}),
        started_at = coalesce(started_at, now()),
        progress_at = now(),
        state = case when state in ('queued', 'starting') then 'running' else state end,
        place_until = case when place_until is null then null else now() + interval '30 seconds' end
      where id = ${runId} and state in ('queued', 'starting', 'running', 'waiting')
        and (temporal_run_id is null or temporal_run_id = ${temporalRunId})
      returning ${BOUND_COLUMNS}, false as over
    ), found as (
      select * from bound
      union all
      select ${BOUND_COLUMNS}, true from runs where id = ${runId} and temporal_run_id = ${temporalRunId} and not exists (select 1 from bound)
    )
    select found.*, (
      select to_jsonb(one) from (
        select ${STEP_COLUMNS} from steps s where s.run_id = found.id and s.key = ${step.key} and s.generation = ${step.generation}
      ) one
    ) as step
    from found`.execute(db);
  const [run] = rows;
  return run === undefined || (run.over && run.step?.state !== 'ended') ? undefined : run;
}

const STEP_COLUMNS = sql`s.key, s.generation, s.kind, s.state, s.entity, s.connector, s.owner, s.before, s.outcome, s.output, s.error,
  s.attempts, s.idempotency_key, s.ended_at, s.approval_id,
  ${maybeSent('s')} as maybe_sent, ${landsInMs('s')} as lands_in_ms,
  (extract(epoch from clock_timestamp() - s.held_since) * 1000)::float8 as held_ms`;

// Modes sort by name from the loosest to the strictest (act, ask, observe): a run goes no further than its version may now.
const BOUND_COLUMNS = sql`id, kind, playbook, plan_digest,
  greatest(mode, (select v.mode from playbook_versions v where v.digest = plan_digest)) as mode, incident_id, parent_run_id, severity_id, started_by, place_until is not null as has_place,
  (extract(epoch from coalesce(started_at, now()) - created_at) * 1000)::float8 as late_ms,
  array(select lower(word) from people p, unnest(array[p.id, p.login, p.email]) as own (word) where p.id = started_by and word is not null) as requester,
  ${BREAK_GLASS_NAMES} as break_glass`;

/** The step as it is now; undefined: nothing is recorded of it. */
export async function readStep(
  db: Db,
  step: { readonly runId: string; readonly key: string; readonly generation: number },
): Promise<StepRecord | undefined> {
  const { rows } = await sql<{ step: StepRecord }>`
    select to_jsonb(one) as step from (
      select ${STEP_COLUMNS} from steps s where s.run_id = ${step.runId} and s.key = ${step.key} and s.generation = ${step.generation}
    ) one`.execute(db);
  return rows[0]?.step;
}

/** Continue-as-new is announced before it happens: the next Temporal run may bind. */
export async function releaseBinding(db: Db, runId: string, temporalRunId: string): Promise<void> {
  await sql`update runs set temporal_run_id = null, progress_at = now() where id = ${runId} and temporal_run_id = ${temporalRunId}`.execute(
    db,
  );
}

/** The normalised alert of a run; undefined where it has none. */
export async function readRunAlert(db: Db, runId: string): Promise<unknown> {
  const row = await db
    .selectFrom('runs')
    .innerJoin('alerts', 'alerts.id', 'runs.alert_id')
    .select('alerts.body')
    .where('runs.id', '=', runId)
    .executeTakeFirst();
  return row?.body ?? undefined;
}
