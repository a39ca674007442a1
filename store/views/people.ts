// Accounts as those who manage them see them.
import { sql } from 'kysely';
import { IS_CONTAINED } from '../contained.ts';
import { PERSON_COLUMNS, type Person, personOf } from '../people.ts';
import type { Db } from '../store.ts';

export interface Account extends Person {
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
  /** We hold an account of theirs: until it is released they decide nothing. */
  readonly contained: boolean;
}

export async function listAccounts(db: Db, id?: string): Promise<readonly Account[]> {
  const rows = await db
    .selectFrom('people')
    .select([...PERSON_COLUMNS, 'people.created_at', 'people.last_sign_in_at'])
    .select(sql<boolean>`(select ${IS_CONTAINED} from people p where p.id = people.id)`.as('contained'))
    .$if(id !== undefined, (query) => query.where('people.id', '=', id ?? ''))
    .orderBy('disabled')
    .orderBy(sql`lower(people.name)`)
    .orderBy('people.id')
    .limit(1000)
    .execute();
  return rows.map((row) => ({
    ...personOf(row),
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    contained: row.contained,
  }));
}

/** Undefined: there is no such person. */
export const readAccount = async (db: Db, id: string): Promise<Account | undefined> => (await listAccounts(db, id))[0];
