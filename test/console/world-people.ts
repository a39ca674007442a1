// Who may sign in, in every state an account can have, and API tokens. Passwords are made up.
import type { PersonRow, TokenRow } from '../../server/contract.ts';
import type { Answer, Call } from './answers.ts';
import type { World } from './world.ts';
import type { Ago } from './world-parts.ts';

export const MADE_UP_PASSWORD = 'made-upon-ceto-bele-ftxx';
export const MADE_UP_TOKEN = `cdn_${'made-up-'.repeat(5)}xyz`;

export function people(ago: Ago): PersonRow[] {
  const plain = { disabled: false, mustChangePassword: false, breakGlass: false, contained: false, createdAt: ago(90 * 86_400) };
  return [
    {
      ...{ ...plain, id: 'per_ben', login: 'ben', name: 'Made Up Ben', role: 'analyst', email: 'ben@example.test' },
      lastSignInAt: ago(4_000),
    },
    { ...plain, id: 'per_eve', login: 'eve', name: 'Eve Adams', role: 'responder', contained: true, lastSignInAt: ago(86_400) },
    { ...plain, id: 'per_glass', login: 'glass', name: 'The glass', role: 'admin', breakGlass: true, mustChangePassword: true },
    {
      ...{
        ...plain,
        id: 'usr_owner',
        login: 'owner',
        name: 'Sam Okafor',
        role: 'admin',
        email: 'a.rather.long.address@security.example.test',
      },
      lastSignInAt: ago(60),
    },
    { ...plain, id: 'per_left', login: 'noor', name: 'Noor Haddad', role: 'engineer', disabled: true, lastSignInAt: ago(40 * 86_400) },
  ];
}

export const tokens = (ago: Ago): TokenRow[] => [
  {
    ...{ id: 'tok_ci', name: 'nightly report', scopes: ['read'], createdAt: ago(86_400) },
    ...{ lastUsedAt: ago(300), expiresAt: ago(-60 * 86_400) },
  },
  {
    id: 'tok_cli',
    name: 'Command line',
    scopes: ['read', 'alerts:send', 'approve', 'respond', 'publish', 'admin'],
    createdAt: ago(86_400),
  },
];

/** As the server: a password that was given long ago is asked for once more. */
function refusal(world: World, { body }: Call): Answer | undefined {
  if (!world.isProofNeeded || body.password === world.password) return undefined;
  const [code, title] =
    body.password === undefined ? ['PROOF_NEEDED', 'Prove again that it is you'] : ['PASSWORD_WRONG', 'That is not your password'];
  const problem = { type: `urn:cordon:error:${code.toLowerCase()}`, title, code, status: 403, detail: title, hint: 'Try again.' };
  return { status: 403, body: problem };
}

export function addPerson(world: World, call: Call): Answer {
  const refused = refusal(world, call);
  if (refused) return refused;
  const { login, name, role, email } = call.body;
  if (world.people.some((person) => person.login === login)) {
    const problem = { type: 'urn:cordon:error:login_taken', title: 'The login is taken', code: 'LOGIN_TAKEN', status: 409 };
    return { status: 409, body: { ...problem, detail: `The login ${login} is taken.`, hint: 'Choose another.' } };
  }
  const made: PersonRow = {
    ...{ id: `per_${login}`, login: String(login), name: String(name), role: String(role), createdAt: new Date(world.nowMs).toISOString() },
    ...{ disabled: false, mustChangePassword: true, breakGlass: call.body.breakGlass === true, contained: false },
    ...(email === undefined ? {} : { email: String(email) }),
  };
  world.people = [...world.people, made];
  return { status: 201, body: { ...made, password: MADE_UP_PASSWORD } };
}

export function changePerson(world: World, call: Call, id: string): Answer {
  const { password: _, ...change } = call.body;
  const refused = refusal(world, call);
  if (refused) return refused;
  world.people = world.people.map((person) => (person.id === id ? { ...person, ...change } : person));
  return { status: 200, body: world.people.find((person) => person.id === id) };
}

export function resetPassword(world: World, call: Call, id: string): Answer {
  const refused = refusal(world, call);
  if (refused) return refused;
  world.people = world.people.map((person) => (person.id === id ? { ...person, mustChangePassword: true } : person));
  return { status: 200, body: { ...world.people.find((person) => person.id === id), password: MADE_UP_PASSWORD } };
}

export function addToken(world: World, call: Call): Answer {
  const refused = refusal(world, call);
  if (refused) return refused;
  const now = new Date(world.nowMs).toISOString();
  const made: TokenRow = {
    ...{ id: 'tok_new', name: String(call.body.name), scopes: call.body.scopes as string[], createdAt: now }, // as: what the console sends
    expiresAt: new Date(world.nowMs + Number(call.body.days) * 86_400_000).toISOString(),
  };
  world.tokens = [made, ...world.tokens];
  return { status: 201, body: { ...made, token: MADE_UP_TOKEN } };
}

export function removeToken(world: World, _: Call, id: string): Answer {
  world.tokens = world.tokens.filter((token) => token.id !== id);
  return { status: 204, body: undefined };
}
