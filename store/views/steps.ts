// Steps as people read them.
import { sql } from 'kysely';
import type { RunDetail, StepRow } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, present, presentIso } from './page.ts';

interface Row {
  readonly key: string;
  readonly step_id: string;
  readonly generation: number;
  readonly kind: StepRow['kind'];
  readonly verb: string | null;
  readonly says: string | null;
  readonly why: string | null;
  readonly entity: string | null;
  readonly entity_name: string | null;
  readonly connector: string | null;
  readonly state: StepRow['state'];
  readonly waiting_on: string | null;
  readonly waiting_until: Date | null;
  readonly approval_id: string | null;
  readonly outcome: string | null;
  readonly params: StepRow['input'];
  readonly output: StepRow['output'] | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly error: StepRow['error'] | null;
  readonly decision: StepRow['decision'] | null;
  readonly recovered: boolean;
  readonly attempts: number;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

/** Turns of a loop that are listed one by one for each of its steps: what is under way or did not end well comes first. */
const TURNS_SHOWN = 25;
/** Outputs above it are named by their size, characters of JSON. */
const OUTPUT_SHOWN = 20_000;

const columns = sql`key, step_id, generation, kind, verb, says, why, entity, entity_name, connector, state, waiting_on, waiting_until, approval_id,
  outcome, params,
  case when length(output::text) > ${OUTPUT_SHOWN} then jsonb_build_object('characters', length(output::text)) else output end as output, before, after, error, decision, recovered, attempts, started_at, ended_at`;

/** In the order in which they began. */
export async function stepsOfRun(db: Db, runId: string): Promise<readonly StepRow[]> {
  const { rows } = await sql<Row>`
    select ${columns} from (
      select *, row_number() over (partition by step_id, kind, generation
        order by (state = 'ended' and outcome not in ('failed', 'unknown', 'unverified', 'denied', 'expired', 'cancelled')), started_at, key) as nth
      from steps where run_id = ${runId}
    ) as numbered
    where position('#' in key) = 0 or nth <= ${TURNS_SHOWN}
    order by started_at, key, generation limit 2000`.execute(db);
  return rows.map(stepRow);
}

/** How the turns of loops stand, step by step: ten thousand of them are one line. */
export async function loopsOfRun(db: Db, runId: string): Promise<RunDetail['loops']> {
  const { rows } = await sql<{ step_id: string; kind: StepRow['kind']; outcomes: Record<string, number>; turns: number }>`
    select step_id, kind, jsonb_object_agg(outcome, count) as outcomes, sum(count)::int as turns from (
      select step_id, kind, coalesce(outcome, state) as outcome, count(*)::int as count from steps
      where run_id = ${runId} and position('#' in key) > 0 group by 1, 2, 3
    ) as counted group by step_id, kind order by step_id, kind limit 2000`.execute(db);
  return rows.map(({ step_id, kind, outcomes, turns }) => ({ stepId: step_id, kind, turns, outcomes }));
}

/** The effects that an approval covers, as far as they have begun, their undo too. */
export async function stepsOfKeys(db: Db, runId: string, keys: readonly string[]): Promise<readonly StepRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Row>`
    select ${columns} from steps where run_id = ${runId} and key = any(${[...keys]}) and kind in ('do', 'undo')
    order by started_at, key, generation limit 1000`.execute(db);
  return rows.map(stepRow);
}

const stepRow = (row: Row): StepRow => ({
  key: row.key,
  stepId: row.step_id,
  generation: row.generation,
  kind: row.kind,
  ...present('verb', row.verb),
  ...present('says', row.says),
  ...present('why', row.why),
  ...present('entity', row.entity),
  ...present('entityName', row.entity_name),
  ...present('connector', row.connector),
  state: row.state,
  ...present('waitingOn', row.waiting_on),
  ...presentIso('waitingUntil', row.waiting_until),
  ...present('approvalId', row.approval_id),
  ...present('outcome', row.outcome),
  input: row.params,
  ...present('output', row.output),
  ...present('before', row.before),
  ...present('after', row.after),
  ...present('error', row.error),
  ...present('decision', row.decision),
  recovered: row.recovered,
  attempts: row.attempts,
  startedAt: iso(row.started_at),
  ...presentIso('endedAt', row.ended_at),
});
