// An approval with its row held until the end of the transaction, and what is asked about who wants to decide it.
import { type RawBuilder, sql } from 'kysely';
import type { Addressed } from '../policy/addressed.ts';
import type { Decider, OpenQuestion } from '../policy/approval.ts';
import type { ApprovalRecord } from './approvals.ts';
import { addressedOf, ESCALATED_TO } from './asked-now.ts';
import { decisionsOf } from './decisions-sql.ts';
import type { Trx } from './store.ts';

export interface LockedApproval extends ApprovalRecord {
  readonly title: string;
  readonly choices: string[] | null;
  /** There is a form, or rows. */
  readonly is_form: boolean;
  readonly addressed_to: Addressed;
  /** Those who are asked too by now. */
  readonly escalated_to: readonly Addressed[];
  readonly begun: boolean;
  readonly started_by: string;
  /** Of the version of the playbook that asks: a person's id, or who publishes a folder; null: made, not written. */
  readonly author: string | null;
  readonly acked_by: string | null;
  /** Ids of people, of the decider and whom they stand in for, to whom it would be done. */
  readonly targets: readonly string[];
}

export const AUTHOR = sql`(select v.author from playbook_versions v where v.digest = r.plan_digest)`;

/** Ids of those of them to whom it would be done: the decider, and whom they stand in for. */
export function targetsAmong(person: Decider): RawBuilder<unknown> {
  const people = [person, ...(person.standsInFor ?? [])].map(({ id, sub }) => ({ id, sub }));
  return sql`array(select w.id from json_to_recordset(${JSON.stringify(people)}::json) as w (id text, sub text)
    where exists (select 1 from jsonb_array_elements(a.items) i, jsonb_array_elements_text(i->'names') n
      where n in (select lower(word) from (values (w.id), (w.sub) union select unnest(array[p.login, p.email]) from people p where p.id = w.id)
        as own (word) where word is not null)))`;
}

export async function lockApproval(trx: Trx, id: string, person: Decider): Promise<LockedApproval | undefined> {
  const { rows } = await sql<LockedApproval>`
    select a.id, a.run_id, a.key, a.round, a.kind, a.state, a.title, a.digest, a.items, a.requirement, a.choices, a.asked is not null as is_form, a.silence,
      r.started_by, ${AUTHOR} as author, a.addressed_to, a.acked_by,
      ${ESCALATED_TO} as escalated_to,
      ${targetsAmong(person)} as targets,
      (extract(epoch from a.expires_at - clock_timestamp()) * 1000)::float8 as left_ms,
      exists (select 1 from steps s where s.run_id = a.run_id and s.intent_at is not null and s.approval_id = a.id) as begun,
      ${decisionsOf()} as decisions
    from approvals a join runs r on r.id = a.run_id where a.id = ${id} for update of a`.execute(trx);
  return rows[0];
}

export interface Excluding {
  readonly started_by: string;
  readonly author: string | null;
  readonly targets: readonly string[];
}

/** Who may not approve it, whatever their role, and why. */
export const excludedOf = ({ started_by, author, targets }: Excluding, authorMay: boolean): OpenQuestion['excluded'] => [
  { personId: started_by, why: 'you started this run by hand; another person must approve it' },
  ...(author === null || authorMay
    ? []
    : [{ personId: author, why: 'you wrote the version of the playbook that asks; another person must approve it' }]),
  ...targets.map((personId) => ({ personId, why: 'it would be done to you; another person must approve it' })),
];

export const questionOf = (approval: LockedApproval, authorMay: boolean): OpenQuestion => ({
  ...approval,
  expired: approval.left_ms <= 0,
  excluded: excludedOf(approval, authorMay),
  addressed: addressedOf(approval),
});
