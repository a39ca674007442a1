// The first owner: made on the first start, with a one-time password that is shown once and kept in a file until it was used.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFirstOwner } from '../server/first-owner.ts';
import type { Store } from '../store/store.ts';
import { writeDurably } from '../store/write-durably.ts';

export type SignIn =
  | { readonly kind: 'one-time'; readonly login: string; readonly password: string; readonly file: string }
  /** The password was changed, or somebody else made the people. */
  | { readonly kind: 'own' };

export async function firstSignIn(store: Store, dataFolder: string): Promise<SignIn> {
  const file = join(dataFolder, 'first-sign-in');
  await ensureFirstOwner(store, new Date(), (owner) => {
    writeDurably(join(dataFolder, 'cli-token'), `${owner.cliToken}\n`);
    writeDurably(file, `${owner.login}\n${owner.password}\n`);
  });
  if (!existsSync(file)) return { kind: 'own' };
  const [login = '', password = ''] = readFileSync(file, 'utf8').split('\n');
  const owner = await store.db.selectFrom('people').select('one_time').where('login', '=', login).executeTakeFirst();
  if (owner?.one_time === true) return { kind: 'one-time', login, password, file };
  rmSync(file, { force: true });
  return { kind: 'own' };
}
