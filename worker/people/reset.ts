// A one-time password for who owns the machine, where no admin can sign in to give one. Whoever may write into the store could do as much.

import { passwords } from '../../server/passwords.ts';
import { giveOneTimePassword, newPassword } from '../../server/reset-password.ts';
import { canonicalLogin } from '../../server/sign-in-throttle.ts';
import { appendAudit } from '../../store/audit.ts';
import { changePerson, findByLogin } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { StartError } from '../start-error.ts';
import type { ResetReport, ResetWish } from './contract.ts';

const HOW = 'on the machine itself';

/** Throws PERSON_UNKNOWN, and NO_PASSWORD_HERE where the account signs in elsewhere. */
export async function resetLocally(store: Store, wish: ResetWish, now: Date): Promise<ResetReport['report']> {
  const person = await findByLogin(store.db, canonicalLogin(wish.login));
  if (!person) throw new StartError('PERSON_UNKNOWN', `Nobody signs in here as ${wish.login}.`, 'The first account is called owner.');
  if (person.iss !== 'local')
    throw new StartError('NO_PASSWORD_HERE', `${person.name} signs in elsewhere and has no password here.`, 'Reset it there.');
  const { password, passwordHash } = await newPassword(passwords());
  const isEnabled = wish.enable && person.disabled;
  await store.db.transaction().execute(async (trx) => {
    await giveOneTimePassword(trx, passwordHash, { personId: person.id, actor: 'cordon', how: HOW, now });
    if (!isEnabled) return;
    await changePerson(trx, person.id, { disabled: false });
    const body = { person: person.id, what: `enabled ${HOW}`, role: person.role, disabled: false };
    await appendAudit(trx, 'people', [{ at: now, code: 'person.changed', actor: 'cordon', body }]);
  });
  const { login, name, role } = person;
  return { login, name, role, disabled: person.disabled && !isEnabled, password };
}
