// API tokens. Only their hash is kept. A token acts as its person: what the person may not do, it may not either.
import type { TokenRow } from '../server/contract.ts';
import { newId } from './ids.ts';
import { PERSON_COLUMNS, type Person, personOf } from './people.ts';
import type { Db } from './store.ts';

const USED_STEP_MS = 60_000;

export interface NewToken {
  readonly tokenHash: string;
  readonly personId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
}

export async function createToken(db: Db, token: NewToken, now: Date): Promise<string> {
  const id = newId('tok', now);
  await db
    .insertInto('api_tokens')
    .values({
      id,
      token_hash: token.tokenHash,
      person_id: token.personId,
      name: token.name,
      scopes: [...token.scopes],
      created_at: now,
      expires_at: token.expiresAt ?? null,
    })
    .execute();
  return id;
}

/** Undefined: unknown, revoked, expired, or its person is disabled. */
export async function findToken(db: Db, tokenHash: string, now: Date): Promise<{ person: Person; scopes: readonly string[] } | undefined> {
  const row = await db
    .selectFrom('api_tokens')
    .innerJoin('people', 'people.id', 'api_tokens.person_id')
    .select([...PERSON_COLUMNS, 'scopes', 'last_used_at'])
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', now)]))
    .where('disabled', '=', false)
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > USED_STEP_MS) {
    await db.updateTable('api_tokens').set({ last_used_at: now }).where('token_hash', '=', tokenHash).execute();
  }
  return { person: personOf(row), scopes: row.scopes };
}

export async function listTokens(db: Db, personId: string): Promise<readonly TokenRow[]> {
  const rows = await db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scopes', 'created_at', 'last_used_at', 'expires_at'])
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
  }));
}

/** False: no such token of this person. */
export async function revokeToken(db: Db, personId: string, tokenId: string, now: Date): Promise<boolean> {
  const rows = await db
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('id', '=', tokenId)
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return rows.length > 0;
}
