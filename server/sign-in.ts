// Checks a password, slowly where it was wrong before, and always in the same time for whoever does not exist.
import { appendAudit } from '../store/audit.ts';
import { noteBreakGlass } from '../store/break-glass.ts';
import { isContained } from '../store/contained.ts';
import { findByLogin, noteFailedSignIn, type Person, passwordHashOf, setPassword } from '../store/people.ts';
import type { ServerDeps } from './deps.ts';
import { checkPassword, type Passwords } from './passwords.ts';
import { problem, tooMany } from './problems.ts';
import type { Refusals } from './refusals.ts';
import { canonicalLogin, type SignInThrottle } from './sign-in-throttle.ts';

export interface SignInPorts {
  readonly deps: ServerDeps;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  /** Failures with logins that nobody has: anybody can make any number of them. */
  readonly strangers: Refusals;
}

/** The person whose password it is. Throws SIGN_IN_REFUSED for a wrong one, an unknown login and a disabled person alike. */
export async function signIn(
  ports: SignInPorts,
  given: { readonly login: string; readonly password: string; readonly next?: string | undefined },
  peer: string,
): Promise<Person> {
  const { db } = ports.deps.store;
  const login = canonicalLogin(given.login);
  slowDown(ports, login, peer);
  const { person, isRight } = await counted(ports, peer, async () => {
    const found = await findByLogin(db, login);
    return { person: found, isRight: await ports.passwords.verify(found?.passwordHash ?? null, given.password) };
  });
  if (!person || !isRight || person.disabled) return await refuse(ports, login, peer, person);
  // A contained account is not handed over to whoever knows its password: that could not be taken back by releasing it.
  if (given.next !== undefined && !person.oneTime && (await isContained(db, person.id)))
    throw problem('CONTAINED', 'Your account is contained: its password is not changed now.');
  const changed = given.next === undefined ? person : await renew(ports, person, given.password, given.next);
  ports.throttle.succeeded(login, peer);
  const now = ports.deps.now();
  if (person.breakGlass) await db.transaction().execute(async (trx) => await noteBreakGlass(trx, person, peer, now));
  await appendAudit(db, 'people', [{ at: now, code: 'person.signed_in', actor: person.id, body: { peer } }]);
  return changed;
}

/** Throws PASSWORD_WRONG when `current` is, and PASSWORD_TOO_WEAK. */
export async function changePassword(
  ports: SignInPorts,
  person: Person,
  given: { readonly current: string; readonly next: string },
  peer: string,
): Promise<void> {
  await confirmPassword(ports, person, given.current, peer);
  await renew(ports, person, given.current, given.next);
}

/** Throws PASSWORD_WRONG: not SIGN_IN_REFUSED, for who sends it is signed in and stays so. */
export async function confirmPassword(ports: SignInPorts, person: Person, password: string, peer: string): Promise<void> {
  slowDown(ports, person.login, peer, true);
  const { isRight } = await counted(ports, peer, async () => await verified(ports, person, password));
  if (isRight) {
    ports.throttle.succeeded(person.login, peer);
    return;
  }
  await noteWrong(ports, person.login, peer, person);
  throw problem('PASSWORD_WRONG', 'That is not your password.');
}

async function renew(ports: SignInPorts, person: Person, current: string, next: string): Promise<Person> {
  checkPassword(next, person.login, current);
  const hash = await ports.passwords.hash(next);
  await ports.deps.store.db.transaction().execute(async (trx) => {
    await setPassword(trx, person.id, hash, false);
    await appendAudit(trx, 'people', [
      { at: ports.deps.now(), code: 'person.password_changed', actor: person.id, body: { person: person.id } },
    ]);
  });
  return { ...person, oneTime: false };
}

function slowDown(ports: SignInPorts, login: string, peer: string, isKnown = false): void {
  const waitMs = ports.throttle.waitMs(login, peer, ports.deps.now().getTime(), isKnown);
  if (waitMs > 0) throw tooMany('Too many wrong passwords; this try was not counted.', waitMs / 1000);
}

const verified = async (ports: SignInPorts, person: Person, password: string) => ({
  isRight: await ports.passwords.verify(await passwordHashOf(ports.deps.store.db, person.id), password),
});

/** One try of its address; only a wrong password stays counted. */
async function counted<T extends { readonly isRight: boolean }>(ports: SignInPorts, peer: string, look: () => Promise<T>): Promise<T> {
  ports.throttle.begun(peer, ports.deps.now().getTime());
  let isWrong = false;
  try {
    const found = await look();
    isWrong = !found.isRight;
    return found;
  } finally {
    if (!isWrong) ports.throttle.uncounted(peer);
  }
}

async function refuse(ports: SignInPorts, login: string, peer: string, person: Person | undefined): Promise<never> {
  await noteWrong(ports, login, peer, person);
  throw problem('SIGN_IN_REFUSED', 'The login or the password is wrong.');
}

async function noteWrong(ports: SignInPorts, login: string, peer: string, person: Person | undefined): Promise<void> {
  ports.throttle.failed(login, peer, ports.deps.now().getTime());
  if (!person) return ports.strangers.note(peer);
  await noteFailedSignIn(ports.deps.store.db, person.id);
  const body = { peer, reason: 'wrong login or password', person: person.id };
  await appendAudit(ports.deps.store.db, 'people', [{ at: ports.deps.now(), code: 'person.sign_in_failed', actor: person.id, body }]);
}
