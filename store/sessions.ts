// Browser sessions. Only the hash of the cookie's value is kept; both limits are checked by the clock that is handed in.
import { PERSON_COLUMNS, type Person, personOf } from './people.ts';
import type { Db } from './store.ts';

/** Absolute and idle life of a session, ms. */
export const SESSION_LIFE_MS = 12 * 60 * 60 * 1000;
const SESSION_IDLE_MS = 2 * 60 * 60 * 1000;
/** `seen_at` is written at most this often. */
const SEEN_STEP_MS = 60_000;

export interface Session {
  readonly tokenHash: string;
  readonly person: Person;
  /** When the password was last given; of an account of an identity provider, its auth_time. */
  readonly authAt: Date;
}

export async function openSession(db: Db, tokenHash: string, personId: string, now: Date): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      token_hash: tokenHash,
      person_id: personId,
      created_at: now,
      seen_at: now,
      expires_at: new Date(now.getTime() + SESSION_LIFE_MS),
      auth_at: now,
    })
    .execute();
  await db.updateTable('people').set({ failed_count: 0, last_sign_in_at: now }).where('id', '=', personId).execute();
}

/** Undefined: unknown, expired, idle for too long, or its person is disabled. */
export async function findSession(db: Db, tokenHash: string, now: Date): Promise<Session | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .select([...PERSON_COLUMNS, 'seen_at', 'auth_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .where('seen_at', '>', new Date(now.getTime() - SESSION_IDLE_MS))
    .where('disabled', '=', false)
    .executeTakeFirst();
  if (!row) return undefined;
  if (now.getTime() - row.seen_at.getTime() > SEEN_STEP_MS) {
    await db.updateTable('sessions').set({ seen_at: now }).where('token_hash', '=', tokenHash).execute();
  }
  return { tokenHash, person: personOf(row), authAt: row.auth_at };
}

/** Its person has just proven who they are. */
export async function renewProof(db: Db, tokenHash: string, now: Date): Promise<void> {
  await db.updateTable('sessions').set({ auth_at: now }).where('token_hash', '=', tokenHash).execute();
}

export async function endSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

export async function endSessionsOf(db: Db, personId: string): Promise<void> {
  await db.deleteFrom('sessions').where('person_id', '=', personId).execute();
}

/** Rows that can be of no use any more. */
export async function purgeSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute();
}
