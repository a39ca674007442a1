// What a run that is over has left open: nothing stays open for ever, and nothing that may be in force is forgotten.
import { sql } from 'kysely';
import { newId } from './ids.ts';
import { maybeSent } from './maybe-sent.ts';
import type { Trx } from './store.ts';

export interface OpenIntent {
  readonly key: string;
  readonly generation: number;
  readonly verb: string | null;
  readonly entity: string | null;
}

/** What was sent and never heard of again, or was refused and may land yet, is unknown; what only waited did nothing. */
export async function endSteps(trx: Trx, runId: string): Promise<OpenIntent[]> {
  await sql`update steps set state = 'ended', outcome = 'cancelled', waiting_on = null, waiting_until = null, ended_at = now()
    where run_id = ${runId} and state <> 'ended' and not ${maybeSent('steps')}`.execute(trx);
  const { rows } = await sql<OpenIntent>`
    update steps set state = 'ended', outcome = 'unknown', waiting_on = null, waiting_until = null, lease_until = null, ended_at = now()
    where run_id = ${runId} and state <> 'ended' returning key, generation, verb, entity`.execute(trx);
  return rows;
}

/** A reversible effect that may be in force is owed too; whoever undoes it compares its before-state first. */
export async function oweUnknownEffect(
  trx: Trx,
  run: { readonly id: string; readonly incident_id: string },
  step: OpenIntent,
  now: Date,
): Promise<void> {
  await sql`
    insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, entity_names, verb, connector, params, before, says_undo)
    select ${newId('hld', now)}, run_id, key, generation, step_id, ${run.incident_id}, entity, coalesce(entity_name, entity), coalesce(entity_id, entity),
      entity_names, verb, connector, params, before, 'Undo: ' || coalesce(says, verb)
    from steps where run_id = ${run.id} and key = ${step.key} and generation = ${step.generation} and kind = 'do' and risk = 'reversible'
      and entity is not null and before is not null and verb is not null and connector is not null
    on conflict (run_id, key, generation) do nothing`.execute(trx);
}
