// Denials that come late: after a group's decision had been granted, or while a step waits for something else.
import { sql } from 'kysely';
import type { ApprovalRecord } from './approvals.ts';
import { jsonText } from './json-text.ts';
import { maybeSent } from './maybe-sent.ts';
import type { Db } from './store.ts';

export type Denial = Pick<ApprovalRecord, 'key' | 'decided_by'>;

/** The group's own row says `done` since it was granted; it was denied before anything had begun. Nobody need answer what the step has asked since. */
export async function noteGateDenied(trx: Db, runId: string, gate: Denial, key: string): Promise<void> {
  const error = { code: 'APPROVAL_DENIED', message: `denied by ${gate.decided_by ?? 'a person'}` };
  await sql`
    with withdrawn as (
      update approvals set state = 'withdrawn', decided_at = now() where run_id = ${runId} and key = ${key} and state = 'open'
    )
    update steps set outcome = 'denied', error = ${jsonText(error)}
    where run_id = ${runId} and key = ${gate.key} and kind = 'gate' and state = 'ended' and outcome = 'done'`.execute(trx);
}

/** What was denied of these keys, while a step waits for something else; nothing once it has been intended, or sent and refused. */
export async function deniedMeanwhile(
  db: Db,
  runId: string,
  step: { readonly key: string; readonly gate?: string },
): Promise<Denial | undefined> {
  const { rows } = await sql<Denial>`
    select a.key, a.decided_by from approvals a
    where a.run_id = ${runId} and a.key in (${step.key}, ${step.gate ?? step.key}) and a.state = 'denied'
      and a.round = (select max(b.round) from approvals b where b.run_id = a.run_id and b.key = a.key)
      and not exists (select 1 from steps s where s.run_id = a.run_id and s.key = ${step.key} and s.generation = 0
        and (s.intent_at is not null or ${maybeSent('s')}))
    order by a.key <> ${step.gate ?? step.key} limit 1`.execute(db);
  return rows[0];
}
