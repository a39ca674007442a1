// Steps as people read them.
import { sql } from 'kysely';
import type { StepRow } from '../../server/contract.ts';
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

const columns = sql`key, step_id, generation, kind, verb, says, why, entity, entity_name, connector, state, waiting_on, waiting_until, approval_id,
  outcome, params, output, before, after, error, decision, recovered, attempts, started_at, ended_at`;

/** In the order in which they began. */
export async function stepsOfRun(db: Db, runId: string): Promise<readonly StepRow[]> {
  const { rows } =
    await sql<Row>`select ${columns} from steps where run_id = ${runId} order by started_at, key, generation limit 2000`.execute(db);
  return rows.map(stepRow);
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
