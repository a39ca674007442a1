// Who else is asked when nobody decides, one after the other, and "I have it", which puts that off once.
import { type Kysely, sql } from 'kysely';
import type { Addressed } from '../policy/addressed.ts';
import { addressedWords } from '../policy/addressed.ts';
import { type Decider, mayDecide } from '../policy/approval.ts';
import { appendAudit, appendAuditMany, type NewAuditEvent } from './audit.ts';
import { standIn } from './delegations.ts';
import { lockApproval, questionOf } from './lock-approval.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** Owes the reminders and escalations that are due, each once: what was due is taken off in the same statement. Returns how many. */
export async function remindDue(db: Kysely<Database>, now: Date): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const reminded = await owedReminders(trx, now);
    const escalated = await owedEscalations(trx);
    const events = new Map<string, NewAuditEvent[]>();
    const note = (runId: string, event: NewAuditEvent) => events.set(runId, [...(events.get(runId) ?? []), event]);
    for (const { id, run_id } of reminded) note(run_id, { at: now, code: 'approval.reminded', actor: 'cordon', body: { approval: id } });
    for (const { id, run_id, to } of escalated)
      note(run_id, { at: now, code: 'approval.escalated', actor: 'cordon', body: { approval: id, to: addressedWords(to) } });
    await appendAuditMany(trx, events);
    return reminded.length + escalated.length;
  });
}

interface Owed {
  readonly id: string;
  readonly run_id: string;
}

/** Of somebody who is out of office, to whoever stands in. */
async function owedReminders(trx: Db, now: Date): Promise<Owed[]> {
  const { rows } = await sql<Owed>`
    with due as (
      select id, run_id, (select min(t) from unnest(remind_at) t where t <= clock_timestamp()) as reminder,
        ${standIn(sql`${now}::timestamptz`)}->>'login' as stand_in
      from approvals a where state = 'open' and expires_at > clock_timestamp()
        and exists (select 1 from unnest(remind_at) t where t <= clock_timestamp())
      order by id limit 100 for update skip locked
    ), noted as (
      update approvals a set remind_at = array(select t from unnest(a.remind_at) t where t > clock_timestamp()) from due where a.id = due.id
    ), owed as (
      insert into outbox (kind, about, dedupe, payload, priority)
      select 'notify', run_id, 'notify:' || id || ':reminder:' || reminder, jsonb_strip_nulls(jsonb_build_object('approvalId', id, 'about', 'reminder', 'due', reminder,
        'to', case when stand_in is not null then jsonb_build_object('person', stand_in) end)), 6 from due
      on conflict do nothing
    )
    select id, run_id from due`.execute(trx);
  return rows;
}

async function owedEscalations(trx: Db): Promise<(Owed & { readonly to: Addressed })[]> {
  const { rows } = await sql<Owed & { readonly to: Addressed }>`
    with open as (
      select id, run_id from approvals a where state = 'open' and expires_at > clock_timestamp()
        and exists (select 1 from escalations e where e.approval_id = a.id and not e.told and e.at <= clock_timestamp())
      order by id limit 100 for update skip locked
    ), due as (
      update escalations e set told = true from open where e.approval_id = open.id and not e.told and e.at <= clock_timestamp()
      returning e.approval_id as id, e.step, e.addressed_to as to, open.run_id
    ), owed as (
      insert into outbox (kind, about, dedupe, payload, priority)
      select 'notify', run_id, 'notify:' || id || ':escalation:' || step, jsonb_build_object('approvalId', id, 'about', 'escalation', 'due', step::text, 'to', "to"), 6 from due
      on conflict do nothing
    )
    select id, run_id, "to" from due order by id, step`.execute(trx);
  return rows;
}

/** How long nobody else is asked after somebody has said that they have it. */
const ACK_MINUTES = 10;

export type AckResult = { readonly kind: 'recorded' } | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** "I have it", once for each approval, by somebody who may decide it: others are asked no earlier than ten minutes from now. Its end stays where it is. */
export async function ackApproval(
  db: Kysely<Database>,
  wish: { readonly approvalId: string; readonly person: Decider; readonly authorMay: boolean },
  now: Date,
): Promise<AckResult> {
  return await db.transaction().execute(async (trx) => {
    const approval = await lockApproval(trx, wish.approvalId, wish.person);
    if (!approval) return { kind: 'refused', code: 'APPROVAL_NOT_FOUND', message: `there is no approval ${wish.approvalId}` };
    const may = mayDecide(questionOf(approval, wish.authorMay), wish.person, approval.kind === 'question' ? 'answer' : 'approve');
    if (!may.ok) return { kind: 'refused', code: may.code, message: may.reason };
    if (approval.acked_by !== null)
      return { kind: 'refused', code: 'APPROVAL_ACKED', message: 'somebody has said already that they have it; that counts once' };
    await putOff(trx, approval.id, wish.person.id);
    await appendAudit(trx, approval.run_id, [
      { at: now, code: 'approval.acked', actor: wish.person.id, body: { approval: approval.id, minutes: ACK_MINUTES } },
    ]);
    return { kind: 'recorded' };
  });
}

async function putOff(trx: Trx, approvalId: string, personId: string): Promise<void> {
  const until = sql`clock_timestamp() + ${ACK_MINUTES} * interval '1 minute'`;
  await sql`update approvals set acked_by = ${personId}, acked_at = clock_timestamp(), acked_until = ${until} where id = ${approvalId}`.execute(
    trx,
  );
  await sql`update escalations set at = greatest(at, ${until}) where approval_id = ${approvalId} and at > clock_timestamp()`.execute(trx);
}
