// People who sign in: rows, no rules. Passwords arrive here as hashes only.
import { sql } from 'kysely';
import { newId } from './ids.ts';
import type { Db, Trx } from './store.ts';

export interface Person {
  readonly id: string;
  /** 'local' or the OIDC issuer. */
  readonly iss: string;
  readonly sub: string;
  readonly login: string;
  readonly name: string;
  /** As it was written; people are found by it whatever its case. */
  readonly email: string | null;
  readonly role: string;
  readonly disabled: boolean;
  /** The password was given out once and must be changed before anything else. */
  readonly oneTime: boolean;
  /** For emergencies: works without the identity provider, each use is told to every admin, and it is never a target. */
  readonly breakGlass: boolean;
}

export interface PersonWithPassword extends Person {
  readonly passwordHash: string | null;
}

/** What `personOf` reads, also where people are joined to something else. */
export const PERSON_COLUMNS = [
  ...(['people.id', 'people.iss', 'people.sub', 'people.login', 'people.name', 'people.email'] as const),
  ...(['people.role', 'people.disabled', 'people.one_time', 'people.break_glass'] as const),
] as const;

interface Row {
  id: string;
  iss: string;
  sub: string;
  login: string;
  name: string;
  email: string | null;
  role: string;
  disabled: boolean;
  one_time: boolean;
  break_glass: boolean;
}

export const personOf = (row: Row): Person => ({
  id: row.id,
  iss: row.iss,
  sub: row.sub,
  login: row.login,
  name: row.name,
  email: row.email,
  role: row.role,
  disabled: row.disabled,
  oneTime: row.one_time,
  breakGlass: row.break_glass,
});

/** `login` in its canonical form (lower case). Disabled people are found too: the caller decides. */
export async function findByLogin(db: Db, login: string): Promise<PersonWithPassword | undefined> {
  const row = await db
    .selectFrom('people')
    .select([...PERSON_COLUMNS, 'password_hash'])
    .where(sql`lower(login)`, '=', login)
    .executeTakeFirst();
  return row && { ...personOf(row), passwordHash: row.password_hash };
}

export async function passwordHashOf(db: Db, personId: string): Promise<string | null> {
  const row = await db.selectFrom('people').select('password_hash').where('id', '=', personId).executeTakeFirst();
  return row?.password_hash ?? null;
}

export interface NewPerson {
  readonly login: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly role: string;
  readonly passwordHash: string;
  readonly oneTime: boolean;
  readonly breakGlass?: boolean;
}

/** A local account. Undefined: the login is taken. */
export async function createPerson(db: Db, person: NewPerson, now: Date): Promise<Person | undefined> {
  const id = newId('per', now);
  const row = await db
    .insertInto('people')
    .values({
      id,
      iss: 'local',
      sub: id,
      login: person.login,
      name: person.name,
      email: person.email ?? null,
      password_hash: person.passwordHash,
      one_time: person.oneTime,
      role: person.role,
      break_glass: person.breakGlass ?? false,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(PERSON_COLUMNS)
    .executeTakeFirst();
  return row && personOf(row);
}

export async function anybodyThere(db: Db): Promise<boolean> {
  return (await db.selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** A new password ends `one_time` unless it is one itself; the failures before are forgotten. */
export async function setPassword(db: Db, personId: string, passwordHash: string, oneTime: boolean): Promise<void> {
  await db
    .updateTable('people')
    .set({ password_hash: passwordHash, one_time: oneTime, failed_count: 0 })
    .where('id', '=', personId)
    .execute();
}

export interface PersonChange {
  readonly role?: string;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly email?: string | null;
  readonly break_glass?: boolean;
}

/** Undefined: there is no such person. Disabling ends all sessions in the same transaction's reach: call it within one. */
export async function changePerson(db: Db, personId: string, change: PersonChange): Promise<Person | undefined> {
  const row = await db.updateTable('people').set(change).where('id', '=', personId).returning(PERSON_COLUMNS).executeTakeFirst();
  if (change.disabled) await db.deleteFrom('sessions').where('person_id', '=', personId).execute();
  return row && personOf(row);
}

/** Before people are made or changed, so that this is done one after the other: two admins may lower each other, two people get one name. */
export async function lockAdmins(trx: Trx): Promise<void> {
  await sql`select id from people where role = 'admin' order by id for update`.execute(trx);
}

/** Whether somebody else is found by one of these names: two who answer to one name could each decide what is put to the other. */
export async function isNameTaken(trx: Trx, names: readonly string[], exceptId = ''): Promise<boolean> {
  const wanted = sql`${names.map((name) => name.toLowerCase())}::text[]`;
  const { rows } = await sql`select from people p where p.id <> ${exceptId}
    and array_remove(array[lower(p.id), lower(p.login), lower(p.email)], null) && ${wanted} limit 1`.execute(trx);
  return rows.length > 0;
}

/** How many admins can still sign in; the last one can be neither disabled nor lowered. */
export async function countAdmins(db: Db): Promise<number> {
  const rows = await db.selectFrom('people').select('id').where('role', '=', 'admin').where('disabled', '=', false).execute();
  return rows.length;
}

export async function noteFailedSignIn(db: Db, personId: string): Promise<void> {
  await db.updateTable('people').set({ failed_count: sql`failed_count + 1` }).where('id', '=', personId).execute();
}

/** Somebody who can sign in has this id or sign-in name, or this address. */
export async function isSomebody(db: Db, name: string): Promise<boolean> {
  const found = await db
    .selectFrom('people')
    .select('id')
    .where('disabled', '=', false)
    .where((where) =>
      where.or([
        where('id', '=', name),
        where(sql`lower(login)`, '=', name.toLowerCase()),
        where(sql`lower(email)`, '=', name.toLowerCase()),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
