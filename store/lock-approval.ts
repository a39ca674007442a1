// An approval with its row held until the end of the transaction, and what is asked about who wants to decide it.
import { type RawBuilder, sql } from 'kysely';
import type { Addressed } from '../policy/addressed.ts';
import type { Decider, OpenQuestion } from '../policy/approval.ts';
import type { ApprovalRecord } from './approvals.ts';
import { addressedOf, ESCALATED_TO } from './asked-now.ts';
import { containedOf } from './contained.ts';
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
  /** Those of them whose own account is held. */
  readonly contained: readonly string[];
}

export const AUTHOR = sql`(select v.author from playbook_versions v where v.digest = r.plan_digest)`;

/**
 * Of an approval `a`: to whom it would be done, and the names of the decider and of whom they stand in for, for `targetsOf`; and who of these is contained. Compared in our own
 * code: as a join over the items it is planned as if there were thousands, and PostgreSQL then compiles it for a second.
 */
export const targetColumns = (person: Decider): RawBuilder<unknown> => sql`jsonb_path_query_array(a.items, '$[*].names[*]') as target_names,
  coalesce((select jsonb_object_agg(p.id, array_remove(array[lower(p.login), lower(p.email)], null)) from people p
    where p.id = any(${idsOf(person)})), '{}') as names_of, ${containedOf(idsOf(person))} as contained`;

const idsOf = (person: Decider): string[] => [person.id, ...(person.standsInFor ?? []).map(({ id }) => id)];

export interface TargetColumns {
  readonly target_names: readonly string[];
  readonly names_of: Readonly<Record<string, readonly string[]>>;
  readonly contained: readonly string[];
}

/** Ids of those of them to whom it would be done. */
export function targetsOf({ target_names, names_of }: TargetColumns, person: Decider): string[] {
  const targets = new Set(target_names);
  const all = [person, ...(person.standsInFor ?? [])];
  return all
    .filter(({ id, sub }) => [id.toLowerCase(), sub.toLowerCase(), ...(names_of[id] ?? [])].some((name) => targets.has(name)))
    .map(({ id }) => id);
}

export async function lockApproval(trx: Trx, id: string, person: Decider): Promise<LockedApproval | undefined> {
  // By itself first: a statement that has waited for a lock sees the row as it is, but everything else as it was when it began to wait, and so
  // neither the decision nor the intent that it has waited for.
  await sql`select id from approvals where id = ${id} for update`.execute(trx);
  const { rows } = await sql<Omit<LockedApproval, 'targets'> & TargetColumns>`
    select a.id, a.run_id, a.key, a.round, a.kind, a.state, a.title, a.digest, a.items, a.requirement, a.choices, a.asked is not null as is_form, a.silence,
      r.started_by, ${AUTHOR} as author, a.addressed_to, a.acked_by,
      ${ESCALATED_TO} as escalated_to,
      ${targetColumns(person)},
      (extract(epoch from a.expires_at - clock_timestamp()) * 1000)::float8 as left_ms,
      exists (select 1 from steps s where s.run_id = a.run_id and s.intent_at is not null and s.approval_id = a.id) as begun,
      ${decisionsOf()} as decisions
    from approvals a join runs r on r.id = a.run_id where a.id = ${id}`.execute(trx);
  const [row] = rows;
  return row && { ...row, targets: targetsOf(row, person) };
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
