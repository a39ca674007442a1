// A password that was lost: a one-time one takes its place, which only whoever asked for it has seen.
import { appendAudit } from '../store/audit.ts';
import { setPassword } from '../store/people.ts';
import { endSessionsOf } from '../store/sessions.ts';
import type { Trx } from '../store/store.ts';
import type { Passwords } from './passwords.ts';
import { newOneTimePassword } from './secrets.ts';

interface Reset {
  readonly personId: string;
  /** Who asks for it, for the audit. */
  readonly actor: string;
  /** Where that is not the API. */
  readonly how?: string;
  readonly now: Date;
}

/** Made before the transaction in which it is set: hashing is slow. */
export async function newPassword(passwords: Passwords): Promise<{ readonly password: string; readonly passwordHash: string }> {
  const password = newOneTimePassword();
  return { password, passwordHash: await passwords.hash(password) };
}

/** Their sessions end with it; their API tokens do not. */
export async function giveOneTimePassword(trx: Trx, passwordHash: string, { personId, actor, how, now }: Reset): Promise<void> {
  await setPassword(trx, personId, passwordHash, true);
  await endSessionsOf(trx, personId);
  const body = { person: personId, ...(how === undefined ? {} : { how }) };
  await appendAudit(trx, 'people', [{ at: now, code: 'person.password_reset', actor, body }]);
}
