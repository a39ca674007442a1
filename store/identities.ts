// Who at another product is which of our people. Bound by the person, signed in here; never by what the product says alone.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { newId } from './ids.ts';
import { PERSON_COLUMNS, type Person, personOf } from './people.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

export interface ExternalIdentity {
  /** The connector by which it was confirmed, and by which alone it counts. */
  readonly provider: string;
  /** The workspace. */
  readonly realm: string;
  readonly externalId: string;
  readonly externalName: string;
}

export interface BoundIdentity extends ExternalIdentity {
  readonly id: string;
  readonly boundAt: string;
}

/** Undefined: bound to nobody, or to somebody who may not sign in. */
export async function personOfIdentity(db: Db, one: Omit<ExternalIdentity, 'externalName'>): Promise<Person | undefined> {
  const row = await db
    .selectFrom('identities')
    .innerJoin('people', 'people.id', 'identities.person_id')
    .select(PERSON_COLUMNS)
    .where('provider', '=', one.provider)
    .where('realm', '=', one.realm)
    .where('external_id', '=', one.externalId)
    .where('disabled', '=', false)
    // Each use of an account for emergencies is told to people; a click would be quiet.
    .where('break_glass', '=', false)
    .executeTakeFirst();
  return row && personOf(row);
}

export async function listIdentities(db: Db, personId: string): Promise<readonly BoundIdentity[]> {
  const rows = await db.selectFrom('identities').selectAll().where('person_id', '=', personId).orderBy('bound_at').limit(100).execute();
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    realm: row.realm,
    externalId: row.external_id,
    externalName: row.external_name,
    boundAt: row.bound_at.toISOString(),
  }));
}

export async function makeLink(db: Db, tokenHash: string, one: ExternalIdentity, expiresAt: Date): Promise<void> {
  const { provider, realm, externalId, externalName } = one;
  const row = { token_hash: tokenHash, provider, realm, external_id: externalId, external_name: externalName, expires_at: expiresAt };
  await db.insertInto('identity_links').values(row).execute();
}

export interface OpenLink extends ExternalIdentity {
  readonly externalEmail: string | null;
}

/** What the link would bind; reading it changes nothing. Undefined: unknown, used or too old. */
export async function readLink(db: Db, tokenHash: string, now: Date): Promise<OpenLink | undefined> {
  const row = await db
    .selectFrom('identity_links')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return (
    row && {
      provider: row.provider,
      realm: row.realm,
      externalId: row.external_id,
      externalName: row.external_name,
      externalEmail: row.external_email,
    }
  );
}

/** What the product says of the one who got the link. */
export async function noteLinkEmail(db: Db, tokenHash: string, email: string): Promise<void> {
  await db.updateTable('identity_links').set({ external_email: email.toLowerCase() }).where('token_hash', '=', tokenHash).execute();
}

/** Uses the link up. link: unknown, used or too old · taken: it is somebody else's meanwhile. */
export async function bindIdentity(
  db: Kysely<Database>,
  tokenHash: string,
  personId: string,
  now: Date,
): Promise<BoundIdentity | 'link' | 'taken'> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ provider: string; realm: string; external_id: string; external_name: string }>`
      update identity_links set used_at = ${now} where token_hash = ${tokenHash} and used_at is null and expires_at > ${now}
      returning provider, realm, external_id, external_name`.execute(trx);
    const link = rows[0];
    if (!link) return 'link';
    const made = await trx
      .insertInto('identities')
      .values({ id: newId('idn', now), ...link, person_id: personId, bound_at: now })
      .onConflict((conflict) => conflict.columns(['provider', 'realm', 'external_id']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!made) return 'taken';
    const body = { person: personId, identity: `${link.provider} ${link.realm} ${link.external_id}` };
    await appendAudit(trx, 'people', [{ at: now, code: 'identity.bound', actor: personId, body }]);
    return {
      id: made.id,
      provider: made.provider,
      realm: made.realm,
      externalId: made.external_id,
      externalName: made.external_name,
      boundAt: made.bound_at.toISOString(),
    };
  });
}

/** False: no such identity of this person. */
export async function unbindIdentity(db: Kysely<Database>, id: string, personId: string, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const row = await trx.deleteFrom('identities').where('id', '=', id).where('person_id', '=', personId).returningAll().executeTakeFirst();
    if (!row) return false;
    const body = { person: personId, identity: `${row.provider} ${row.realm} ${row.external_id}` };
    await appendAudit(trx, 'people', [{ at: now, code: 'identity.unbound', actor: personId, body }]);
    return true;
  });
}

/** True the first time; what is older than the window of signatures is forgotten in the same breath. */
export async function isFirstClick(db: Db, id: string, now: Date, keepMs: number): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    with old as (delete from clicks where at < ${new Date(now.getTime() - keepMs)})
    insert into clicks (id, at) values (${id}, ${now}) on conflict do nothing returning id`.execute(db);
  return rows.length > 0;
}

/** Links that can be of no use any more. */
export async function purgeLinks(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('identity_links').where('expires_at', '<', now).execute();
}
