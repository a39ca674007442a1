// An identity provider: accounts with a status, and their sessions.

import { pageOf } from '../page.ts';
import { PEOPLE, type Person } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Product, type Thing } from '../product.ts';
import { accessRoutes, accessSeed } from './idp-access.ts';

export interface AccountValue {
  readonly enabled: boolean;
  readonly sessions: number;
}

const byId = new Map(PEOPLE.map((person) => [person.id, person]));

// The map is seeded and changed by this file alone.
export const accountOf = (things: ReadonlyMap<string, Thing>, id: string) =>
  (things.get(id)?.value ?? { enabled: true, sessions: 0 }) as unknown as AccountValue;

export const idp: Product = {
  name: 'idp',
  seed: () => new Map([...PEOPLE.map(({ id, sessions }) => [id, { enabled: true, sessions }] as const), ...accessSeed()]),
  routes: [
    { method: 'GET', path: '/api/v1/me', word: null, handle: () => ({ status: 200, body: { login: 'cordon@range' } }) },
    { method: 'GET', path: '/api/v1/users', word: null, handle: search },
    {
      method: 'GET',
      path: '/api/v1/users/:id',
      word: null,
      handle: (call) => about(call, (person) => ({ status: 200, body: show(call, person) })),
    },
    {
      method: 'GET',
      path: '/api/v1/users/:id/sessions',
      word: null,
      handle: (call) =>
        about(call, ({ id }) => ({
          status: 200,
          body: Array.from({ length: accountOf(call.things, id).sessions }, (_, n) => ({ id: `${id}-s${n + 1}` })),
        })),
    },
    { method: 'POST', path: '/api/v1/users/:id/lifecycle/suspend', word: 'disable', handle: (call) => change(call, 'disable', false) },
    { method: 'POST', path: '/api/v1/users/:id/lifecycle/unsuspend', word: 'enable', handle: (call) => change(call, 'enable', true) },
    {
      method: 'DELETE',
      path: '/api/v1/users/:id/sessions',
      word: 'revoke',
      handle: (call) =>
        about(call, ({ id }) => ({ status: 204, effect: { word: 'revoke', after: { ...accountOf(call.things, id), sessions: 0 } } })),
    },
    ...accessRoutes,
  ],
};

function about(call: Call, answer: (person: Person) => Outcome): Outcome {
  const person = byId.get(call.params.id ?? '');
  return person === undefined ? notFound('user') : { target: person.id, ...answer(person) };
}

/** As the real ones do: 400 where it is so already. */
function change(call: Call, word: string, enabled: boolean): Outcome {
  return about(call, ({ id }) => {
    const value = accountOf(call.things, id);
    const effect = { word, after: { ...value, enabled } };
    if (value.enabled !== enabled) return { status: 200, body: {}, effect };
    return { status: 400, body: { errorCode: 'E0000001', errorSummary: `Cannot ${word}: the account is in that state already.` }, effect };
  });
}

/** Exact values only; no filter at all is refused rather than answered with everyone. */
function search(call: Call): Outcome {
  if (call.query.has('limit')) return { status: 200, body: pageOf(PEOPLE, call).map((person) => show(call, person)) };
  const members = [...call.query.keys()];
  if (members.length !== 1 || !['login', 'email', 'displayName'].includes(members[0] ?? ''))
    return badRequest('filter by one of login, email, displayName');
  const [[member = '', value = ''] = []] = call.query;
  const same = (person: Person) =>
    member === 'displayName' ? person.name === value : person[member as 'login' | 'email'] === value.toLowerCase(); // checked above
  return { status: 200, body: PEOPLE.filter(same).map((person) => show(call, person)) };
}

function show(call: Call, { id, login, email, name }: Person) {
  return { id, status: accountOf(call.things, id).enabled ? 'ACTIVE' : 'SUSPENDED', profile: { login, email, displayName: name } };
}
