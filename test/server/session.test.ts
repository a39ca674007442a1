import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { buildServer } from '../../server/app.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { isContained } from '../../store/contained.ts';
import { createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { api, type Harness, NOW, ORIGIN, PASSWORD, startHarness } from './harness.ts';
import { makeHold, makeRun } from './rows.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
  peer += 1;
});
afterAll(async () => {
  await harness.close();
});
/** Each test comes from an address of its own, so that failures of one do not slow another. */
let peer = 0;

const signIn = (body: object, more: object = {}): Promise<LightMyRequestResponse> =>
  harness.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN },
    payload: body,
    remoteAddress: `198.51.100.${peer}`,
    ...more,
  });
const cookieOf = (answer: LightMyRequestResponse): string => {
  const cookie = answer.cookies[0];
  return `${cookie?.name}=${cookie?.value}`;
};
const withCookie = (cookie: string, url: string, more: object = {}): Promise<LightMyRequestResponse> =>
  harness.app.inject({ url: `/api/v1${url}`, headers: { cookie, origin: ORIGIN }, ...more });
const owner = (password: string, next?: string): object => ({ login: 'owner', password, ...(next ? { next } : {}) });

describe('the first sign-in', () => {
  it('with the one-time password opens nothing until it is changed', async () => {
    const answer = await signIn(owner(harness.oneTimePassword));
    expect(answer.json()).toMatchObject({ login: 'owner', role: 'admin', mustChangePassword: true });
    const cookie = cookieOf(answer);
    expect((await withCookie(cookie, '/alerts')).json()).toMatchObject({ status: 403, code: 'PASSWORD_CHANGE_REQUIRED' });
    const payload = { current: harness.oneTimePassword, next: PASSWORD };
    const changed = await withCookie(cookie, '/me/password', { method: 'POST', payload });
    expect(changed.statusCode).toBe(204);
    expect((await withCookie(cookie, '/alerts')).statusCode).toBe(401);
    expect((await withCookie(cookieOf(changed), '/alerts')).statusCode).toBe(200);
    expect((await signIn(owner(harness.oneTimePassword))).statusCode).toBe(401);
  });

  it('may set the new password in the same step', async () => {
    const answer = await signIn(owner(harness.oneTimePassword, PASSWORD));
    expect(answer.json().mustChangePassword).toBe(false);
    expect((await withCookie(cookieOf(answer), '/now')).statusCode).toBe(200);
    expect((await signIn(owner(PASSWORD))).statusCode).toBe(200);
  });

  it('refuses a new password that is short, the old one or made of one letter', async () => {
    for (const next of ['short', harness.oneTimePassword, 'aaaaaaaaaaaaaaaa', 'owner-owner1']) {
      expect((await signIn(owner(harness.oneTimePassword, next))).json().code).toBe('PASSWORD_TOO_WEAK');
    }
    expect((await signIn(owner(harness.oneTimePassword))).statusCode).toBe(200);
  });

  it('leaves the command line usable all the while', async () => {
    expect((await api(harness, 'GET', '/alerts')).statusCode).toBe(200);
  });
});

describe('a session', () => {
  it('has a cookie that scripts and other sites do not get', async () => {
    const answer = await signIn(owner(harness.oneTimePassword));
    expect(answer.cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/' }]);
    const stored = await harness.store.db.selectFrom('sessions').select('token_hash').execute();
    expect(stored.map((row) => row.token_hash)).not.toContain(answer.cookies[0]?.value);
  });

  it('ends the one before it when somebody signs in over it', async () => {
    const first = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const second = cookieOf(await signIn(owner(PASSWORD), { headers: { origin: ORIGIN, cookie: first } }));
    expect((await withCookie(first, '/me')).statusCode).toBe(401);
    expect((await withCookie(second, '/me')).statusCode).toBe(200);
  });

  it.each([
    ['after two idle hours', [2 * 3_600_000 + 1]],
    ['after twelve hours of use', Array.from({ length: 13 }, () => 3_600_000)],
  ])('is over %s', async (_when, steps) => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const seen: number[] = [];
    for (const step of steps) {
      harness.clock.now = new Date(harness.clock.now.getTime() + step);
      seen.push((await withCookie(cookie, '/me')).statusCode);
    }
    expect(seen.at(-1)).toBe(401);
    expect(seen.slice(0, -2).every((status) => status === 200)).toBe(true);
  });

  it('is over at once when it is signed out, or its person is disabled', async () => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const made = await withCookie(cookie, '/people', { method: 'POST', payload: { login: 'ada', name: 'Ada', role: 'analyst' } });
    const ada = cookieOf(await signIn({ login: ' ADA ', password: made.json().password, next: `${PASSWORD} ada` }));
    expect((await withCookie(ada, '/me')).json()).toMatchObject({ login: 'ada', role: 'analyst' });
    await withCookie(cookie, `/people/${made.json().id}`, { method: 'PATCH', payload: { disabled: true } });
    expect((await withCookie(ada, '/me')).statusCode).toBe(401);
    expect((await signIn({ login: 'ada', password: `${PASSWORD} ada` })).json().code).toBe('SIGN_IN_REFUSED');
    expect((await withCookie(cookie, '/session', { method: 'DELETE' })).statusCode).toBe(204);
    expect((await withCookie(cookie, '/me')).statusCode).toBe(401);
  });

  it('loses a role at the next request', async () => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const made = await withCookie(cookie, '/people', { method: 'POST', payload: { login: 'bob', name: 'Bob', role: 'responder' } });
    const bob = cookieOf(await signIn({ login: 'bob', password: made.json().password, next: `${PASSWORD} bob` }));
    await withCookie(cookie, `/people/${made.json().id}`, { method: 'PATCH', payload: { role: 'viewer' } });
    const freeze = { method: 'POST', payload: { on: true, reason: 'test' } };
    expect((await withCookie(bob, '/freeze', freeze)).json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect((await withCookie(cookie, '/freeze', freeze)).json()).toMatchObject({ on: true, reason: 'test' });
  });

  it('of the last admin cannot be lowered or disabled by herself', async () => {
    const answer = await signIn(owner(harness.oneTimePassword, PASSWORD));
    for (const payload of [{ role: 'viewer' }, { disabled: true }]) {
      const refused = await withCookie(cookieOf(answer), `/people/${answer.json().id}`, { method: 'PATCH', payload });
      expect(refused.json()).toMatchObject({ status: 409, code: 'LAST_ADMIN' });
    }
    expect((await withCookie(cookieOf(answer), '/people')).json().items).toMatchObject([{ role: 'admin', disabled: false }]);
  });

  it('takes no field that is not named', async () => {
    const answer = await signIn(owner(harness.oneTimePassword, PASSWORD));
    const payload = { name: 'x', iss: 'https://idp.example.test', one_time: false };
    const refused = await withCookie(cookieOf(answer), `/people/${answer.json().id}`, { method: 'PATCH', payload });
    expect(refused.json()).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });
});

describe('requests from other sites', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example.test' }],
    ['a sub-domain', { origin: 'http://console.localhost' }],
    ['null', { origin: 'null' }],
    ['no origin at all', {}],
    ['a cross-site fetch', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }],
  ])('with %s change nothing', async (_from, headers) => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const answer = await harness.app.inject({
      method: 'POST',
      url: '/api/v1/freeze',
      headers: { cookie, ...headers },
      payload: { on: true, reason: 'evil' },
    });
    expect(answer.json()).toMatchObject({ status: 403, code: 'ORIGIN_REFUSED' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect((await api(harness, 'GET', '/freeze')).json()).toEqual({ on: false, parts: [] });
  });

  it('as text/plain or a form are 415', async () => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { cookie, origin: ORIGIN, 'content-type': type };
      const answer = await harness.app.inject({ method: 'POST', url: '/api/v1/freeze', headers, payload: '{"on":true,"reason":"x"}' });
      expect(answer.statusCode).toBe(415);
    }
  });

  it('cannot listen to live updates', async () => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const answer = await harness.app.inject({ url: '/api/v1/live', headers: { cookie, origin: 'https://evil.example.test' } });
    expect(answer.json().code).toBe('ORIGIN_REFUSED');
  });

  it('cannot frame or sniff any answer', async () => {
    for (const url of ['/healthz', '/api/v1/me', '/nowhere']) {
      const answer = await harness.app.inject(url);
      expect(answer.headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
    }
  });
});

describe('API tokens', () => {
  it('are made in a session, work within their scopes and end when revoked or old', async () => {
    const cookie = cookieOf(await signIn(owner(harness.oneTimePassword, PASSWORD)));
    const made = await withCookie(cookie, '/tokens', { method: 'POST', payload: { name: 'ci', scopes: ['read'], days: 1 } });
    expect(made.json().token).toMatch(/^cdn_/);
    const use = (url: string, more: object = {}) =>
      harness.app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${made.json().token}` }, ...more });
    expect((await use('/alerts')).statusCode).toBe(200);
    expect((await use('/freeze', { method: 'POST', payload: { on: true, reason: 'x' } })).json().code).toBe('SCOPE_MISSING');
    harness.clock.now = new Date(NOW.getTime() + 86_400_001);
    expect((await use('/alerts')).json().code).toBe('TOKEN_REFUSED');
    harness.clock.now = NOW;
    expect((await withCookie(cookie, `/tokens/${made.json().id}`, { method: 'DELETE' })).statusCode).toBe(204);
    expect((await use('/alerts')).json().code).toBe('TOKEN_REFUSED');
  });

  it.each(['Bearer cdn_short', 'Bearer x', 'Basic b3duZXI6eA==', `Bearer ${'x'.repeat(5_000)}`])('are not %.20s', async (authorization) => {
    expect((await harness.app.inject({ url: '/api/v1/me', headers: { authorization } })).statusCode).toBe(401);
  });
});

// Last in this file: its failures are remembered for an hour.
describe('guessing passwords', () => {
  const guess = (login: string, remoteAddress: string): Promise<LightMyRequestResponse> =>
    signIn({ login, password: 'wrong' }, { remoteAddress });

  it('answers alike for logins that do not exist', async () => {
    const there = await guess('owner', '192.0.2.5');
    const nowhere = await guess('nobody', '192.0.2.5');
    expect({ status: nowhere.statusCode, body: nowhere.body }).toEqual({ status: there.statusCode, body: there.body });
  });

  it('is slowed from the fourth try on, whatever the spelling of the login', async () => {
    for (const login of ['owner', 'OWNER', ' Owner ']) expect((await guess(login, '192.0.2.1')).statusCode).toBe(401);
    const slowed = await guess('ｏｗｎｅｒ', '192.0.2.1');
    expect({ status: slowed.statusCode, after: slowed.headers['retry-after'] }).toEqual({ status: 429, after: '1' });
    harness.clock.now = new Date(NOW.getTime() + 1_001);
    expect((await guess('owner', '192.0.2.1')).statusCode).toBe(401);
    expect((await guess('owner', '192.0.2.1')).headers['retry-after']).toBe('2');
  });

  it('with many logins from one address is slowed too, tries at once included; who has signed in from there goes on', async () => {
    const from = { remoteAddress: '192.0.2.7' };
    expect((await signIn(owner(harness.oneTimePassword), from)).statusCode).toBe(200);
    const all = await Promise.all(Array.from({ length: 120 }, (_, at) => guess(`made-up-${at}`, from.remoteAddress)));
    const looked = all.filter(({ statusCode }) => statusCode === 401).length;
    expect(looked).toBeLessThanOrEqual(50);
    expect(looked).toBeGreaterThan(25);
    expect((await guess('made-up-200', from.remoteAddress)).statusCode).toBe(429);
    expect((await guess('made-up-200', '192.0.2.8')).statusCode).toBe(401);
    expect((await signIn(owner(harness.oneTimePassword), from)).statusCode).toBe(200);
    // Never an event for each of them: they are gathered for ten seconds, and written with the rest when the server stops.
    const events = (await api(harness, 'GET', '/audit')).json().items;
    expect(events.filter(({ code }: { code: string }) => code === 'person.sign_in_failed').length).toBeLessThan(15);
  });

  it('does not slow who has signed in from there before a restart', async () => {
    const from = { remoteAddress: '192.0.2.17' };
    expect((await signIn(owner(harness.oneTimePassword), from)).statusCode).toBe(200);
    const restarted = await buildServer(harness.deps);
    const again = async (payload: object): Promise<number> =>
      (await restarted.inject({ method: 'POST', url: '/api/v1/session', headers: { origin: ORIGIN }, payload, ...from })).statusCode;
    await Promise.all(Array.from({ length: 80 }, (_, at) => again({ login: `made-up-${at}`, password: 'wrong' })));
    expect(await again({ login: 'made-up-200', password: 'wrong' })).toBe(429);
    expect(await again(owner(harness.oneTimePassword))).toBe(200);
    await restarted.close();
  });

  it('does not keep the owner out', async () => {
    for (let at = 0; at < 40; at += 1) {
      await guess('owner', '192.0.2.1');
      harness.clock.now = new Date(harness.clock.now.getTime() + 61_000);
    }
    const answer = await signIn(owner(harness.oneTimePassword), { remoteAddress: '192.0.2.99' });
    expect(answer.statusCode).toBe(200);
  });
});

describe('a session of somebody whose account is contained', () => {
  it.each([
    ['user.disable', {}, true],
    ['privilege.suspend', {}, true],
    ['password.expire', {}, true],
    // They have chosen another one, which the re-check has found.
    ['password.expire', { drifted_at: NOW }, false],
    ['mail.disable_rules', {}, false],
  ])('%s %j: %s', async (verb, more, expected) => {
    const login = `eve-${verb}-${Object.keys(more).length}`;
    const person = await createPerson(
      harness.store.db,
      { login, name: 'Eve', role: 'responder', passwordHash: 'made-up', oneTime: false },
      NOW,
    );
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    await harness.store.db
      .updateTable('holds')
      .set({ entity_names: [login], verb, ...more })
      .where('id', '=', hold)
      .execute();
    expect(await isContained(harness.store.db, person?.id ?? '')).toBe(expected);
    await harness.store.db.updateTable('people').set({ break_glass: true }).where('login', '=', login).execute();
    expect(await isContained(harness.store.db, person?.id ?? '')).toBe(false);
  });

  it('leaves nothing behind for afterwards, no token and no identity, and may be signed out', async () => {
    const person = await createPerson(
      harness.store.db,
      { login: 'eve', name: 'Eve', role: 'responder', passwordHash: 'made-up', oneTime: false },
      NOW,
    );
    const token = newSessionToken();
    await openSession(harness.store.db, tokenHash(token), person?.id ?? '', NOW);
    const cookie = `cordon_session=${token}`;
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    const names = harness.store.db.updateTable('holds').set({ entity_names: ['eve'], verb: 'user.disable' });
    await names.where('id', '=', hold).execute();
    const call = async (method: string, url: string, payload?: object) => await withCookie(cookie, url, { method, payload });
    for (const [url, payload] of [
      ['/tokens', { name: 'later', scopes: ['read'] }],
      ['/me/identities', { token: 'x'.repeat(43) }],
      ['/delegations', {}],
    ] as const)
      expect((await call('POST', url, payload)).json()).toMatchObject({ code: 'CONTAINED' });
    const changed = await call('POST', '/me/password', { current: 'made-up', next: 'made-up and long enough' });
    expect(changed.json()).toMatchObject({ code: 'CONTAINED' });
    expect((await call('GET', '/me')).statusCode).toBe(200);
    // What may be in another's hands is taken away, and the session is ended.
    expect((await call('DELETE', '/tokens/tok_00000000000000000000000000')).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await call('DELETE', '/session')).statusCode).toBe(204);
  });
});
