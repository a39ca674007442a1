import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import { atLeast, ROLES } from '../../policy/roles.ts';
import { ACCESS } from '../../server/access.ts';
import { buildServer } from '../../server/app.ts';
import type { Role, Scope } from '../../server/contract.ts';
import { newApiToken, newSessionToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { createToken } from '../../store/tokens.ts';
import { type Harness, NOW, ORIGIN, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
});

async function personWith(role: Role): Promise<string> {
  const login = `${role}-${tokenHash(newApiToken()).slice(0, 8)}`;
  return (await createPerson(harness.store.db, { login, name: login, role, passwordHash: 'made-up', oneTime: false }, NOW))?.id ?? '';
}
async function tokenFor(role: Role, scopes: readonly Scope[]): Promise<string> {
  const token = newApiToken();
  await createToken(harness.store.db, { tokenHash: tokenHash(token), personId: await personWith(role), name: 'test', scopes }, NOW);
  return token;
}
async function sessionOf(personId: string): Promise<Credentials> {
  const token = newSessionToken();
  await openSession(harness.store.db, tokenHash(token), personId, NOW);
  return { cookie: `cordon_session=${token}`, origin: ORIGIN };
}

/** Written out once more, so that a row that is loosened by mistake is found. What is not here is for everybody who is signed in. */
const NEEDS: Readonly<Partial<Record<Role, readonly string[]>>> = {
  analyst: [
    'POST approvals/batch',
    'POST approvals/:id/approve',
    'POST approvals/:id/deny',
    'POST approvals/:id/comments',
    'POST pages/:id/acknowledge',
    'POST pages/:id/resolve',
  ],
  responder: [
    'POST alerts/:id/runs',
    'POST runs/:id/cancel',
    'POST runs/:id/events',
    'POST runs/:id/undo',
    'POST suppressions',
    'POST suppressions/:id/remove',
    'POST undo',
    'POST holds/:id/settle',
    'POST holds/:id/owner',
    'POST holds/:id/transfer',
    'POST holds/:id/release',
    'POST holds/:id/renew',
    'POST schedules/:playbook/:index/pause',
    'POST playbooks/:name/runs',
    'POST freeze',
  ],
  engineer: [
    'POST entities/import',
    'POST entities/sync',
    'POST playbooks/:name/versions/:version/publish',
    'POST schedules/:playbook/:index/resume',
    'GET incidents/:id/evidence',
    'POST playbooks/:name/mode',
    'POST playbooks',
    'GET audit/export',
    'GET export/ocsf',
  ],
  admin: [
    'GET people',
    'GET people/:id',
    'GET people/:id/tokens',
    'POST people',
    'PATCH people/:id',
    'POST people/:id/password',
    'DELETE people/:id/tokens/:token',
  ],
};
/** For people in a browser alone. */
const SESSION_ONLY: readonly string[] = [
  'DELETE session',
  'POST me/password',
  'POST me/identities',
  'POST me/identities/look',
  'DELETE me/identities/:id',
  'GET tokens',
  'POST tokens',
  'DELETE tokens/:id',
  'POST people',
  'PATCH people/:id',
  'POST people/:id/password',
  'DELETE people/:id/tokens/:token',
];
const short = (route: string): string => route.replace('/api/v1/', '');
const leastRole = (route: string): Role => ROLES.find((role) => NEEDS[role]?.includes(short(route))) ?? 'viewer';
const isSessionOnly = (route: string): boolean => SESSION_ONLY.includes(short(route));

const guarded = Object.entries(ACCESS).flatMap(([route, access]) => (access === 'public' ? [] : [{ route }]));
const split = (route: string): { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; url: string } => {
  const [method, url] = route.split(' ');
  // The table's keys are made of exactly these.
  return { method: method as 'GET', url: (url ?? '').replace(/:id/, 'run_00000000000000000000000000').replace(/:name/, 'none') };
};
type Credentials = Readonly<Record<string, string>>;
const bearer = (token: string): Credentials => ({ authorization: `Bearer ${token}` });
async function ask(route: string, headers: Credentials = {}) {
  const { method, url } = split(route);
  const body = method === 'GET' || method === 'DELETE' ? {} : { payload: {} };
  return await harness.app.inject({ method, url, headers, ...body });
}

describe('the access table', () => {
  it('names every route that there is, and no other', () => {
    const missing = Object.keys(ACCESS).filter((route) => {
      const [method, url] = route.split(' ');
      // The console's files are served only where there are some.
      return url !== '/*' && !harness.app.hasRoute({ method: (method ?? '') as HTTPMethods, url: url ?? '' });
    });
    expect(missing).toEqual([]);
  });

  it('stops the start when a route is not in it', async () => {
    const app = harness.app;
    expect(() => app.get('/api/v1/forgotten', async () => 'open')).toThrow();
  });

  it.each(guarded)('$route answers nobody without credentials', async ({ route }) => {
    const answer = await ask(route);
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 401, code: 'SIGN_IN_REQUIRED' });
  });

  it('answers no role below the one that is named', async () => {
    const open: string[] = [];
    for (const role of ROLES) {
      const person = await personWith(role);
      const token = bearer(await tokenFor(role, scopesOf('admin')));
      // Live updates never end for whoever is let in; that others are not is checked above.
      for (const { route } of guarded.filter((one) => !one.route.endsWith('/live'))) {
        // A session may end by what is asked.
        const answer = await ask(route, isSessionOnly(route) ? await sessionOf(person) : token);
        const isLow = !atLeast(role, leastRole(route));
        if (isLow !== (answer.statusCode === 403)) open.push(`${role} ${route}: ${answer.statusCode}`);
      }
    }
    expect(open).toEqual([]);
  });

  it('lets nobody but an admin, signed in, make or change people', async () => {
    for (const role of ROLES.filter((one) => one !== 'admin')) {
      const session = await sessionOf(await personWith(role));
      for (const { route } of guarded.filter((one) => one.route.includes('/people')))
        expect((await ask(route, session)).json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });

  it('has every route that is written out here', () => {
    const routes = guarded.map(({ route }) => short(route));
    expect([...Object.values(NEEDS).flat(), ...SESSION_ONLY].filter((route) => !routes.includes(route))).toEqual([]);
  });

  it.each(guarded.filter(({ route }) => isSessionOnly(route)))('$route refuses API tokens', async ({ route }) => {
    const answer = await ask(route, bearer(harness.token));
    expect(answer.json()).toMatchObject({ status: 403, code: 'SESSION_NEEDED' });
  });

  it('refuses a token without the scope, whatever its person may do', async () => {
    const token = await tokenFor('admin', ['read']);
    const changing = guarded.filter(({ route }) => !route.startsWith('GET ') && !isSessionOnly(route));
    for (const { route } of changing)
      expect((await ask(route, bearer(token))).json()).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  });

  it('lets a token do no more than its person, whatever its scopes say', async () => {
    const token = await tokenFor('viewer', ['read', 'approve', 'respond', 'publish', 'admin']);
    expect((await ask('POST /api/v1/freeze', bearer(token))).statusCode).toBe(403);
    expect((await harness.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } })).json().scopes).toEqual([
      'read',
      'approve',
    ]);
  });
});

describe('the server', () => {
  it('keeps metrics from other machines', async () => {
    const far = { url: '/metrics', remoteAddress: '192.0.2.7' };
    expect((await harness.app.inject(far)).statusCode).toBe(401);
    expect((await harness.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })).statusCode).toBe(401);
    expect((await harness.app.inject({ ...far, headers: { authorization: `Bearer ${harness.token}` } })).body).toContain(
      'cordon_store_items',
    );
    expect((await harness.app.inject({ url: '/metrics' })).statusCode).toBe(200);
  });

  it('has the metrics that docs/operations.md lists, and no other', async () => {
    const { body } = await harness.app.inject({ url: '/metrics' });
    const [, section = ''] = readFileSync('docs/operations.md', 'utf8').split('## Metrics');
    const listed = [...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
    const served = [...body.matchAll(/^# HELP (cordon_\w+)|^cordon_store_items\{kind="(\w+)"\}/gm)].map(([, name, kind]) => name ?? kind);
    expect(listed.sort()).toEqual(served.sort());
  });

  it.each([
    ['forwards the name that people use', { host: 'cordon.example.test' }],
    ['says that it is one', { via: '1.1 made-up' }],
    ['says for whom', { 'x-real-ip': '192.0.2.7' }],
  ])('keeps metrics from whoever comes through a proxy on this machine that %s', async (_, headers) => {
    expect((await harness.app.inject({ url: '/metrics', headers })).statusCode).toBe(401);
  });

  it('behind a proxy, which may say nothing of itself, takes changes from the address that people open, and metrics need a token', async () => {
    const proxied = await buildServer({ ...harness.deps, publicUrl: 'https://cordon.example.test/' });
    const from = async (origin: string) => {
      const headers = { origin, host: '127.0.0.1:8080' };
      const payload = { login: 'owner', password: 'made-up-secret: not theirs' };
      const answer = await proxied.inject({ method: 'POST', url: '/api/v1/session', headers, payload });
      return answer.json();
    };
    expect(await from('https://cordon.example.test')).toMatchObject({ code: 'SIGN_IN_REFUSED' });
    for (const origin of ['http://cordon.example.test', 'https://cordon.example.test:8443', 'https://evil.example.test', 'null'])
      expect(await from(origin)).toMatchObject({ code: 'ORIGIN_REFUSED', hint: expect.stringContaining('CORDON_PUBLIC_URL') });
    expect((await proxied.inject('/metrics')).statusCode).toBe(401);
    await proxied.close();
  });

  it('goes on taking alerts and decisions while runs cannot go on: no balancer takes it away then', async () => {
    const away = await buildServer({ ...harness.deps, ready: async (what) => (what === 'runs' ? 'temporal' : undefined) });
    expect((await away.inject('/readyz')).statusCode).toBe(200);
    const runs = await away.inject('/readyz?for=runs');
    expect({ status: runs.statusCode, detail: runs.json().detail }).toEqual({ status: 503, detail: 'temporal' });
    expect((await away.inject('/readyz?for=everything')).statusCode).toBe(400);
    await away.close();
  });

  it('is ready when the store and all else answer, and says what does not', async () => {
    expect((await harness.app.inject('/readyz')).statusCode).toBe(200);
    const { store } = harness;
    const app = await buildServer({
      store,
      sources: [],
      log: harness.app.log,
      now: () => NOW,
      fail: () => undefined,
      secureCookies: true,
      ready: async () => 'the worker has not started',
      version: 'x',
      audit: { sign: () => '', verify: () => true, publicKey: '' },
    });
    const answer = await app.inject('/readyz');
    expect({ status: answer.statusCode, after: answer.headers['retry-after'], detail: answer.json().detail }).toEqual({
      status: 503,
      after: '2',
      detail: 'the worker has not started',
    });
    expect(answer.headers['strict-transport-security']).toContain('max-age');
    await app.close();
  });
});
