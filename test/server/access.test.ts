import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import { atLeast, ROLES } from '../../policy/roles.ts';
import { ACCESS, type Access } from '../../server/access.ts';
import { buildServer } from '../../server/app.ts';
import type { Role, Scope } from '../../server/contract.ts';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { type Harness, NOW, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
});

async function tokenFor(role: Role, scopes: readonly Scope[]): Promise<string> {
  const token = newApiToken();
  const login = `${role}-${tokenHash(token).slice(0, 8)}`;
  const person = await createPerson(harness.store.db, { login, name: login, role, passwordHash: 'made-up', oneTime: false }, NOW);
  await createToken(harness.store.db, { tokenHash: tokenHash(token), personId: person?.id ?? '', name: 'test', scopes }, NOW);
  return token;
}

const guarded = Object.entries(ACCESS).flatMap(([route, access]) => (access === 'public' ? [] : [{ route, access }]));
const split = (route: string): { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; url: string } => {
  const [method, url] = route.split(' ');
  // The table's keys are made of exactly these.
  return { method: method as 'GET', url: (url ?? '').replace(/:id/, 'run_00000000000000000000000000').replace(/:name/, 'none') };
};
async function ask(route: string, token: string | undefined) {
  const { method, url } = split(route);
  const body = method === 'GET' || method === 'DELETE' ? {} : { payload: {} };
  return await harness.app.inject({ method, url, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}), ...body });
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
    const answer = await ask(route, undefined);
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 401, code: 'SIGN_IN_REQUIRED' });
  });

  it('answers no role below the one that is named', async () => {
    const tokens = new Map<Role, string>();
    for (const role of ROLES) tokens.set(role, await tokenFor(role, scopesOf('admin')));
    const open: string[] = [];
    // Live updates never end for whoever is let in; that others are not is checked above.
    for (const { route, access } of guarded.filter((one) => !one.route.endsWith('/live'))) {
      for (const role of ROLES) {
        const answer = await ask(route, tokens.get(role));
        const isLow = !atLeast(role, access.role);
        const isRefused = answer.statusCode === 403;
        if (isLow !== isRefused && !access.sessionOnly) open.push(`${role} ${route}: ${answer.statusCode}`);
      }
    }
    expect(open).toEqual([]);
  });

  it.each(guarded.filter(({ access }) => access.sessionOnly))('$route refuses API tokens', async ({ route }) => {
    const answer = await ask(route, harness.token);
    expect(answer.json()).toMatchObject({ status: 403, code: 'SESSION_NEEDED' });
  });

  it('refuses a token without the scope, whatever its person may do', async () => {
    const token = await tokenFor('admin', ['read']);
    const changing = guarded.filter(({ access }: { access: Access }) => access.scope !== 'read' && !access.sessionOnly);
    for (const { route } of changing) expect((await ask(route, token)).json()).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  });

  it('lets a token do no more than its person, whatever its scopes say', async () => {
    const token = await tokenFor('viewer', ['read', 'approve', 'respond', 'publish', 'admin']);
    expect((await ask('POST /api/v1/freeze', token)).statusCode).toBe(403);
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
