// A stateful fake of Keycloak 26's admin API, with the traits that were measured on the real one: disabling leaves sessions,
// updates are partial but for attributes, logout is repeatable and leaves offline grants listed.
import type { Json } from '../../../connectors/connector.ts';
import { type Call, notFound, type Outcome, type Product } from '../../../range/product.ts';

interface UserValue {
  readonly username: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly enabled: boolean;
  readonly sessions: number;
  readonly offline: readonly string[];
}

export const KEYCLOAK_SECRET = 'made-up-keycloak-secret';
const claims = {
  preferred_username: 'service-account-cordon',
  resource_access: { 'realm-management': { roles: ['manage-users', 'view-users'] } },
};
/** What its token endpoint gives out; its admin API takes nothing else. */
export const KEYCLOAK_TOKEN = `made-up.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.token`;

export const ALICE = '6c0a2d3e-0000-4000-8000-00000000a11c';
export const BOB = '6c0a2d3e-0000-4000-8000-000000000b0b';

const users: Readonly<Record<string, UserValue>> = {
  [ALICE]: {
    username: 'alice',
    email: 'alice@example.test',
    firstName: 'Alice',
    lastName: 'Adams',
    enabled: true,
    sessions: 2,
    offline: ['portal'],
  },
  [BOB]: { username: 'bob', email: 'bob@example.test', firstName: 'Bob', lastName: 'Brown', enabled: false, sessions: 0, offline: [] },
};

const userOf = (call: Call): UserValue | undefined => call.things.get(call.params.id ?? '')?.value as UserValue | undefined; // seeded and changed here alone

function about(call: Call, answer: (id: string, user: UserValue) => Outcome): Outcome {
  const user = userOf(call);
  return user === undefined
    ? { status: 404, body: { error: 'User not found' } }
    : { target: call.params.id ?? '', ...answer(call.params.id ?? '', user) };
}

const show = (id: string, { username, email, firstName, lastName, enabled }: UserValue) => ({
  id,
  username,
  enabled,
  ...(email !== null && { email }),
  ...(firstName !== null && { firstName }),
  ...(lastName !== null && { lastName }),
});

export const keycloakProduct: Product = {
  name: 'keycloak',
  seed: () => new Map(Object.entries(users).map(([id, user]) => [id, { ...user }])),
  routes: [
    {
      method: 'POST',
      path: '/realms/cordon/protocol/openid-connect/token',
      word: null,
      open: true,
      handle: ({ body }) =>
        body.client_secret === KEYCLOAK_SECRET && body.client_id === 'cordon' && body.grant_type === 'client_credentials'
          ? { status: 200, body: { access_token: KEYCLOAK_TOKEN, expires_in: 300 } }
          : {
              status: 401,
              body: {
                error: 'unauthorized_client',
                error_description: `Invalid client or Invalid client credentials: ${String(body.client_secret)}`,
              },
            },
    },
    { method: 'GET', path: '/admin/realms/cordon/users', word: null, handle: search },
    {
      method: 'GET',
      path: '/admin/realms/cordon/groups',
      word: null,
      handle: (call) => paged(call, [{ id: 'group-1', name: 'Executives', subGroupCount: 1 }]),
    },
    {
      method: 'GET',
      path: '/admin/realms/cordon/groups/:id/children',
      word: null,
      handle: (call) => paged(call, call.params.id === 'group-1' ? [{ id: 'group-2', name: 'Board', subGroupCount: 0 }] : []),
    },
    {
      method: 'GET',
      path: '/admin/realms/cordon/groups/:id/members',
      word: null,
      handle: (call) =>
        paged(
          call,
          { 'group-1': [{ id: ALICE, username: 'alice', enabled: true }], 'group-2': [{ id: BOB, username: 'bob', enabled: true }] }[
            String(call.params.id)
          ] ?? [],
        ),
    },
    {
      method: 'GET',
      path: '/admin/realms/cordon/users/:id',
      word: null,
      handle: (call) => about(call, (id, user) => ({ status: 200, body: show(id, user) })),
    },
    { method: 'PUT', path: '/admin/realms/cordon/users/:id', word: 'update', handle: update },
    {
      method: 'GET',
      path: '/admin/realms/cordon/users/:id/sessions',
      word: null,
      handle: (call) =>
        about(call, (_, user) => ({ status: 200, body: Array.from({ length: user.sessions }, (_each, index) => ({ id: `s${index}` })) })),
    },
    {
      method: 'GET',
      path: '/admin/realms/cordon/users/:id/consents',
      word: null,
      handle: (call) =>
        about(call, (_, user) => ({
          status: 200,
          body: user.offline.map((clientId) => ({ clientId, additionalGrants: [{ client: `id-of-${clientId}`, key: 'Offline Token' }] })),
        })),
    },
    {
      method: 'DELETE',
      path: '/admin/realms/cordon/users/:id/consents/:client',
      word: 'revoke-consent',
      handle: (call) =>
        about(call, (_, user) =>
          user.offline.includes(call.params.client ?? '')
            ? {
                status: 204,
                effect: { word: 'revoke-consent', after: { ...user, offline: user.offline.filter((each) => each !== call.params.client) } },
              }
            : notFound('Consent nor offline token'),
        ),
    },
    {
      method: 'POST',
      path: '/admin/realms/cordon/users/:id/logout',
      word: 'logout',
      handle: (call) => about(call, (_, user) => ({ status: 204, effect: { word: 'logout', after: { ...user, sessions: 0 } } })),
    },
  ],
};

function search(call: Call): Outcome {
  const everyone = [...call.things].map(([id, { value }]) => ({ id, user: value as unknown as UserValue })); // as above
  const wanted = ['username', 'email'].flatMap((name) => (call.query.has(name) ? [[name, call.query.get(name) ?? ''] as const] : []));
  const exact = call.query.get('exact') === 'true';
  const matches = (user: UserValue) =>
    wanted.every(([name, value]) => {
      const own = (name === 'email' ? user.email : user.username) ?? '';
      return exact ? own === value.toLowerCase() : own.includes(value.toLowerCase());
    });
  return paged(
    call,
    everyone.filter((each) => matches(each.user)).map((each) => show(each.id, each.user)),
  );
}

/** `first` and `max`, as all of its lists take them. */
function paged(call: Call, all: readonly Json[]): Outcome {
  const first = Number(call.query.get('first') ?? 0);
  return { status: 200, body: all.slice(first, first + Number(call.query.get('max') ?? 100)) };
}

function update(call: Call): Outcome {
  return about(call, (_, user) => {
    const wiped = 'attributes' in call.body ? { firstName: null, lastName: null, email: null } : {};
    const enabled = typeof call.body.enabled === 'boolean' ? call.body.enabled : user.enabled;
    return { status: 204, effect: { word: 'update', after: { ...user, ...wiped, enabled } } };
  });
}
