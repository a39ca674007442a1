// Who has signed in from where, as the audit has it: what a start knows of the people who come every day.
import { sql } from 'kysely';
import type { Db } from './store.ts';

export interface FamiliarSignIn {
  readonly login: string;
  readonly peer: string;
}

/** Of the last 30 days, the newest ones, oldest first. What was erased is forgotten here, too. */
export async function familiarSignIns(db: Db, now: Date, limit: number): Promise<readonly FamiliarSignIn[]> {
  const { rows } = await sql<FamiliarSignIn>`
    select p.login, e.personal->>'peer' as peer from audit_events e join people p on p.id = e.actor
    where e.stream = 'people' and e.code = 'person.signed_in' and e.at > ${new Date(now.getTime() - 30 * 86_400_000)}
      and not p.disabled and e.personal ? 'peer'
    order by e.seq desc limit ${limit}`.execute(db);
  return rows.toReversed();
}
