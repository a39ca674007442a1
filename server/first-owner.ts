// The first start makes one owner, with a password that works once and a token for the command line. Never a second time.
import { appendAudit } from '../store/audit.ts';
import { anybodyThere, createPerson } from '../store/people.ts';
import type { Store } from '../store/store.ts';
import { createToken } from '../store/tokens.ts';
import type { Scope } from './contract.ts';
import { passwords } from './passwords.ts';
import { newApiToken, newOneTimePassword, tokenHash } from './secrets.ts';

/** How the first owner signs in. */
export const FIRST_LOGIN = 'owner';
const CLI_SCOPES: readonly Scope[] = ['read', 'alerts:send', 'approve', 'respond', 'publish', 'admin'];

export interface NewOwner {
  readonly login: string;
  readonly password: string;
  readonly cliToken: string;
}

export type FirstOwner =
  | ({ readonly created: true } & NewOwner)
  /** Somebody is there already. */
  | { readonly created: false };

/**
 * Two processes that start at once make one owner: the login is unique. `keep` writes password and token where their owner finds them (0600
 * files); it is called before the commit, so that a crash in between locks nobody out: nobody is there yet, and the next start makes others.
 */
export async function ensureFirstOwner(store: Store, now: Date, keep: (owner: NewOwner) => void): Promise<FirstOwner> {
  if (await anybodyThere(store.db)) return { created: false };
  const password = newOneTimePassword();
  const cliToken = newApiToken();
  const passwordHash = await passwords().hash(password);
  return await store.db.transaction().execute(async (trx) => {
    const owner = { login: FIRST_LOGIN, name: 'Owner', role: 'admin', passwordHash, oneTime: true };
    const person = await createPerson(trx, owner, now);
    if (!person) return { created: false };
    const token = await createToken(
      trx,
      { tokenHash: tokenHash(cliToken), personId: person.id, name: 'Command line', scopes: CLI_SCOPES },
      now,
    );
    await appendAudit(trx, 'people', [
      { at: now, code: 'person.created', actor: 'cordon', body: { person: person.id, role: 'admin' } },
      { at: now, code: 'token.created', actor: 'cordon', body: { token, scopes: [...CLI_SCOPES] } },
    ]);
    keep({ login: FIRST_LOGIN, password, cliToken });
    return { created: true, login: FIRST_LOGIN, password, cliToken };
  });
}
