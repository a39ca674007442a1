// Accounts for emergencies: local, so they work without the identity provider. Their use is never quiet, and they are never a target.
import { sql } from 'kysely';
import { appendAudit } from './audit.ts';
import type { Person } from './people.ts';
import type { Db, Trx } from './store.ts';

/** In the transaction of the sign-in: without this record there is no session. */
export async function noteBreakGlass(trx: Trx, person: Person, peer: string, now: Date): Promise<void> {
  await sql`insert into break_glass_uses (person_id, at, peer) values (${person.id}, ${now}, ${peer})`.execute(trx);
  await appendAudit(trx, 'people', [{ at: now, code: 'person.break_glass', actor: person.id, body: { person: person.id, peer } }]);
}

export interface BreakGlassUse {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly at: Date;
  readonly peer: string;
  /** Sign-in names of everybody who is to hear of it. */
  readonly admins: readonly string[];
}

/** Uses that nobody was told of yet; each is taken by one worker. */
export async function takeBreakGlassUses(db: Db): Promise<readonly BreakGlassUse[]> {
  const { rows } = await sql<BreakGlassUse>`
    with taken as (
      update break_glass_uses set told = true where id in (select id from break_glass_uses where not told order by id limit 20 for update skip locked)
      returning id, person_id, at, peer
    )
    select taken.id::text as id, p.login, p.name, taken.at, taken.peer,
      array(select login from people where role = 'admin' and not disabled order by login) as admins
    from taken join people p on p.id = taken.person_id order by taken.id`.execute(db);
  return rows;
}

/** Exact names, lower case, of all of them. */
export const BREAK_GLASS_NAMES = sql`array(select lower(word) from people p, unnest(array[p.id, p.login, p.email]) as own (word)
  where p.break_glass and word is not null)`;

export async function breakGlassNames(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ names: string[] }>`select ${BREAK_GLASS_NAMES} as names`.execute(db);
  return rows[0]?.names ?? [];
}
