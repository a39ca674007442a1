// Who stands in for whom, in a window with an end. What is lent is being asked; a role is never lent, and nothing is lent on.
import { type RawBuilder, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { newId } from './ids.ts';
import type { Db, Trx } from './store.ts';

export interface NewDelegation {
  readonly personId: string;
  readonly delegateId: string;
  readonly from: Date;
  readonly until: Date;
  readonly outOfOffice: boolean;
  readonly reason: string;
}

/** Open ones of one person; more are a mistake. */
const MOST_OPEN = 20;

/** Undefined: this person has too many open ones. */
export async function makeDelegation(trx: Trx, wanted: NewDelegation, now: Date): Promise<string | undefined> {
  const id = newId('dlg', now);
  const { rows } = await sql<{ id: string }>`
    insert into delegations (id, person_id, delegate_id, from_at, until_at, out_of_office, reason, made_at)
    select ${id}, ${wanted.personId}, ${wanted.delegateId}, ${wanted.from}, ${wanted.until}, ${wanted.outOfOffice}, ${wanted.reason}, ${now}
    where (select count(*) from delegations where person_id = ${wanted.personId} and ended_at is null and until_at > ${now}) < ${MOST_OPEN}
    returning id`.execute(trx);
  if (rows.length === 0) return undefined;
  const body = {
    delegation: id,
    delegate: wanted.delegateId,
    from: wanted.from.toISOString(),
    until: wanted.until.toISOString(),
    outOfOffice: wanted.outOfOffice,
    reason: wanted.reason,
  };
  await appendAudit(trx, 'people', [{ at: now, code: 'delegation.made', actor: wanted.personId, body }]);
  return id;
}

/** Taken back by one of the two, or by an admin (`anybodys`). False: there is no such open one that is theirs to end. */
export async function endDelegation(
  trx: Trx,
  wish: { readonly id: string; readonly by: string; readonly anybodys: boolean },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ delegate_id: string }>`
    update delegations set ended_at = ${now} where id = ${wish.id} and ended_at is null and until_at > ${now}
      and (${wish.anybodys} or person_id = ${wish.by} or delegate_id = ${wish.by}) returning delegate_id`.execute(trx);
  const [ended] = rows;
  if (!ended) return false;
  const body = { delegation: wish.id, delegate: ended.delegate_id };
  await appendAudit(trx, 'people', [{ at: now, code: 'delegation.ended', actor: wish.by, body }]);
  return true;
}

export interface Lender {
  readonly id: string;
  readonly iss: string;
  readonly sub: string;
  readonly name: string;
  readonly login: string;
  readonly email: string | null;
}

const IN_FORCE = (now: Date) => sql`d.ended_at is null and d.from_at <= ${now} and d.until_at > ${now}`;

/** In whose stead this person may decide now. A disabled account lends nothing. */
export async function lendersTo(db: Db, delegateId: string, now: Date): Promise<readonly Lender[]> {
  const { rows } = await sql<Lender>`
    select distinct p.id, p.iss, p.sub, p.name, p.login, p.email from delegations d join people p on p.id = d.person_id
    where d.delegate_id = ${delegateId} and ${IN_FORCE(now)} and not p.disabled order by p.id`.execute(db);
  return rows;
}

/**
 * Of an approval `a` that is put to one person who is out of office: who stands in, as {login, name}; else null. Until an instant, or by the
 * store's own clock.
 */
export const standIn = (now: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select jsonb_build_object('login', s.login, 'name', s.name)
  from delegations d join people p on p.id = d.person_id join people s on s.id = d.delegate_id
  where d.out_of_office and d.ended_at is null and d.from_at <= ${now} and d.until_at > ${now} and not s.disabled
    and lower(a.addressed_to->>'person') in (lower(p.id), lower(p.login), lower(p.email))
  order by d.until_at, d.id limit 1)`;

/** Who stands in now for those of these names (lower case) who are out of office: sign-in names. */
export async function standInsOf(db: Db, names: readonly string[], now: Date): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<{ login: string }>`
    select distinct s.login from delegations d join people p on p.id = d.person_id join people s on s.id = d.delegate_id
    where ${IN_FORCE(now)} and d.out_of_office and not s.disabled
      and array[lower(p.id), lower(p.login), lower(p.email)] && ${[...names]}::text[] order by s.login`.execute(db);
  return rows.map(({ login }) => login);
}

export interface DelegationRecord {
  readonly id: string;
  readonly person: string;
  readonly delegate: string;
  readonly mine: boolean;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly out_of_office: boolean;
  readonly reason: string;
}

/** Those that are open, by and to this person; `all`: everybody's. */
export async function listDelegations(db: Db, personId: string, all: boolean, now: Date): Promise<readonly DelegationRecord[]> {
  const { rows } = await sql<DelegationRecord>`
    select d.id, p.name as person, s.name as delegate, d.person_id = ${personId} as mine, d.from_at, d.until_at, d.out_of_office, d.reason
    from delegations d join people p on p.id = d.person_id join people s on s.id = d.delegate_id
    where d.ended_at is null and d.until_at > ${now} and (${all} or d.person_id = ${personId} or d.delegate_id = ${personId})
    order by d.from_at, d.id limit 500`.execute(db);
  return rows;
}
