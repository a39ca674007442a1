import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { RESPONSES } from '../../server/responses.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { createPerson, isSomebody } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { api, type Harness, NOW, ORIGIN, PASSWORD, startHarness } from './harness.ts';
import { makeApproval, makeHold, makeRun } from './rows.ts';

let harness: Harness;
let admin: Caller;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
  admin = caller(await signedIn('owner', harness.oneTimePassword, PASSWORD));
});
afterAll(async () => {
  await harness.close();
});

type Caller = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => Promise<LightMyRequestResponse>;
const caller =
  (cookie: string): Caller =>
  (method, url, payload) =>
    harness.app.inject({ method, url: `/api/v1${url}`, headers: { cookie, origin: ORIGIN }, ...(payload ? { payload } : {}) });

const tryToSignIn = (login: string, password: string, next?: string): Promise<LightMyRequestResponse> =>
  harness.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN },
    payload: { login, password, ...(next ? { next } : {}) },
  });
async function signedIn(login: string, password: string, next?: string): Promise<string> {
  const cookie = (await tryToSignIn(login, password, next)).cookies[0];
  return `${cookie?.name}=${cookie?.value}`;
}
const add = (payload: object): Promise<LightMyRequestResponse> => admin('POST', '/people', { name: 'Ada', role: 'analyst', ...payload });
const ownId = async (): Promise<string> => (await admin('GET', '/me')).json().id;
const passMinutes = (minutes: number): void => {
  harness.clock.now = new Date(harness.clock.now.getTime() + minutes * 60_000);
};
const audited = async (code: string): Promise<readonly { readonly text: string; readonly body: unknown }[]> =>
  (await api(harness, 'GET', '/audit?stream=people')).json().items.filter((row: { code: string }) => row.code === code);

describe('an account', () => {
  it('is made with an address, signs in once with what was said once, and shows when it last did', async () => {
    const made = await add({ login: 'ada', email: 'Ada@example.test' });
    expect(made.statusCode).toBe(201);
    expect(RESPONSES['POST /api/v1/people']?.schema.safeParse(made.json()).error).toBeUndefined();
    const { id, password } = made.json();
    expect((await admin('GET', `/people/${id}`)).json()).toMatchObject({ email: 'Ada@example.test', contained: false });
    expect((await admin('GET', `/people/${id}`)).body).not.toContain('lastSignInAt');
    await signedIn('ada', password, `${PASSWORD} ada`);
    const { items } = (await admin('GET', '/people')).json();
    expect(items).toMatchObject([{ login: 'ada', mustChangePassword: false, lastSignInAt: NOW.toISOString() }, { login: 'owner' }]);
    expect(JSON.stringify(items)).not.toContain(password);
  });

  it('is found by its address, where a playbook names somebody by it', async () => {
    expect(await isSomebody(harness.store.db, 'ada@EXAMPLE.test')).toBe(false);
    await add({ login: 'ada', email: 'Ada@example.test' });
    expect(await isSomebody(harness.store.db, 'ada@EXAMPLE.test')).toBe(true);
  });

  it('decides what is put to it by its address, and nobody else does', async () => {
    const put = { addressedTo: { person: 'ada@example.test' } };
    const id = await makeApproval(harness.store, await makeRun(harness.store), put);
    const approve = async (who: Caller) => (await who('POST', `/approvals/${id}/approve`, { digest: 'made-up-approval-digest' })).json();
    const { password } = (await add({ login: 'ada', email: 'Ada@example.test', role: 'responder' })).json();
    const ada = caller(await signedIn('ada', password, `${PASSWORD} ada`));
    expect(await approve(admin)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    expect(await approve(ada)).toMatchObject({ state: 'granted' });
  });

  it.each([
    ['a login that is somebody’s address', { login: 'ada@example.test' }, 'LOGIN_TAKEN'],
    ['an address that is somebody’s login', { login: 'bob', email: 'OWNER@example.test' }, 'EMAIL_TAKEN'],
    ['somebody’s address in other letters', { login: 'bob', email: 'ADA@EXAMPLE.TEST' }, 'EMAIL_TAKEN'],
    ['somebody’s login', { login: 'ada' }, 'LOGIN_TAKEN'],
  ])('never gets %s', async (_what, payload, code) => {
    await add({ login: 'ada', email: 'ada@example.test' });
    await createPerson(
      harness.store.db,
      { login: 'owner@example.test', name: 'O', role: 'viewer', passwordHash: 'made-up', oneTime: false },
      NOW,
    );
    expect((await add(payload)).json()).toMatchObject({ status: 409, code });
  });

  it('gets another address, loses it, and keeps to one that is nobody else’s', async () => {
    const { id } = (await add({ login: 'ada', email: 'ada@example.test' })).json();
    await add({ login: 'bob', email: 'bob@example.test' });
    const change = async (email: unknown) => (await admin('PATCH', `/people/${id}`, { email })).json();
    expect(await change('bob@example.test')).toMatchObject({ code: 'EMAIL_TAKEN' });
    expect(await change('not an address')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await change('ada.l@example.test')).toMatchObject({ email: 'ada.l@example.test' });
    expect(await change(null)).not.toHaveProperty('email');
    // Freed by that.
    expect((await add({ login: 'adb', email: 'ada.l@example.test' })).statusCode).toBe(201);
  });

  it('says that it is contained', async () => {
    const { id } = (await add({ login: 'ada' })).json();
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    await harness.store.db
      .updateTable('holds')
      .set({ entity_names: ['ada'], verb: 'user.disable' })
      .where('id', '=', hold)
      .execute();
    expect((await admin('GET', '/people')).json().items).toMatchObject([{ id, contained: true }, { contained: false }]);
  });

  it('is not made one for emergencies by whoever has it: those are never contained', async () => {
    expect((await admin('PATCH', `/people/${await ownId()}`, { breakGlass: true })).json()).toMatchObject({
      status: 409,
      code: 'OWN_ACCOUNT',
    });
    const { id } = (await add({ login: 'ada' })).json();
    expect((await admin('PATCH', `/people/${id}`, { breakGlass: true })).json()).toMatchObject({ breakGlass: true });
  });
});

describe('a lost password', () => {
  it('is replaced by a one-time one: sessions and the old password end, and it is audited without it', async () => {
    const { id, password } = (await add({ login: 'ada' })).json();
    const ada = caller(await signedIn('ada', password, `${PASSWORD} ada`));
    const reset = await admin('POST', `/people/${id}/password`, {});
    expect(reset.json()).toMatchObject({ login: 'ada', mustChangePassword: true });
    expect((await ada('GET', '/me')).statusCode).toBe(401);
    expect((await tryToSignIn('ada', `${PASSWORD} ada`)).json().code).toBe('SIGN_IN_REFUSED');
    const back = caller(await signedIn('ada', reset.json().password));
    expect((await back('GET', '/alerts')).json().code).toBe('PASSWORD_CHANGE_REQUIRED');
    const events = await audited('person.password_reset');
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain(reset.json().password);
  });

  it('is not one’s own: that is changed with the one that one has', async () => {
    expect((await admin('POST', `/people/${await ownId()}/password`, {})).json()).toMatchObject({ status: 409, code: 'OWN_ACCOUNT' });
    expect((await admin('GET', '/me')).statusCode).toBe(200);
  });

  it('leaves one signed in who mistypes the own one while changing it', async () => {
    const wrong = await admin('POST', '/me/password', { current: 'made-up-wrong', next: `${PASSWORD} new` });
    expect(wrong.json()).toMatchObject({ status: 403, code: 'PASSWORD_WRONG' });
    expect((await admin('GET', '/me')).statusCode).toBe(200);
  });

  it('of nobody is 404', async () => {
    expect((await admin('POST', '/people/per_00000000000000000000000000/password', {})).statusCode).toBe(404);
  });
});

describe('a session whose password was given long ago', () => {
  it('makes and changes nobody, and no token, until it is given once more', async () => {
    const { id } = (await add({ login: 'ada' })).json();
    passMinutes(16);
    for (const [method, url, payload] of [
      ['POST', '/people', { login: 'eve', name: 'Eve', role: 'admin' }],
      ['PATCH', `/people/${id}`, { role: 'admin' }],
      ['POST', `/people/${id}/password`, {}],
      ['POST', '/tokens', { name: 'quiet', scopes: ['admin'] }],
    ] as const) {
      expect((await admin(method, url, payload)).json()).toMatchObject({ status: 403, code: 'PROOF_NEEDED' });
      expect((await admin(method, url, { ...payload, password: 'made-up-wrong' })).json()).toMatchObject({ code: 'PASSWORD_WRONG' });
      passMinutes(1);
    }
    expect((await admin('GET', '/people')).json().items).toMatchObject([{ role: 'analyst', mustChangePassword: true }, { login: 'owner' }]);
    expect((await admin('PATCH', `/people/${id}`, { role: 'responder', password: PASSWORD })).json()).toMatchObject({ role: 'responder' });
    // Given just now: it need not be typed for each thing.
    expect((await admin('PATCH', `/people/${id}`, { disabled: true })).json()).toMatchObject({ disabled: true });
  });
});

describe('API tokens of others', () => {
  it('are seen with their last use and revoked by an admin, and by nobody below', async () => {
    const { id, password } = (await add({ login: 'ada' })).json();
    const ada = caller(await signedIn('ada', password, `${PASSWORD} ada`));
    const token = (await ada('POST', '/tokens', { name: 'ci', scopes: ['read'] })).json();
    const use = () => harness.app.inject({ url: '/api/v1/alerts', headers: { authorization: `Bearer ${token.token}` } });
    expect((await use()).statusCode).toBe(200);
    const { items } = (await admin('GET', `/people/${id}/tokens`)).json();
    expect(items).toMatchObject([{ name: 'ci', scopes: ['read'], lastUsedAt: NOW.toISOString() }]);
    expect(JSON.stringify(items)).not.toContain(token.token);
    expect((await ada('DELETE', `/people/${await ownId()}/tokens/${token.id}`)).json()).toMatchObject({ code: 'FORBIDDEN' });
    expect((await admin('DELETE', `/people/${await ownId()}/tokens/${token.id}`)).statusCode).toBe(404);
    expect((await admin('DELETE', `/people/${id}/tokens/${token.id}`)).statusCode).toBe(204);
    expect((await use()).json().code).toBe('TOKEN_REFUSED');
    expect(await audited('token.revoked')).toHaveLength(1);
  });
});

describe('changing people', () => {
  it('is done by a person who is signed in, never by a contained one or by a token', async () => {
    const { id } = (await add({ login: 'ada', role: 'admin' })).json();
    const token = newSessionToken();
    await openSession(harness.store.db, tokenHash(token), id, NOW);
    await harness.store.db.updateTable('people').set({ one_time: false }).where('id', '=', id).execute();
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    await harness.store.db
      .updateTable('holds')
      .set({ entity_names: ['ada'], verb: 'user.disable' })
      .where('id', '=', hold)
      .execute();
    const ada = caller(`cordon_session=${token}`);
    const owner = await ownId();
    for (const [method, url, payload] of [
      ['POST', '/people', { login: 'eve', name: 'Eve', role: 'admin' }],
      ['PATCH', `/people/${owner}`, { disabled: true }],
      ['POST', `/people/${owner}/password`, {}],
    ] as const) {
      expect((await ada(method, url, payload)).json()).toMatchObject({ code: 'CONTAINED' });
      expect((await api(harness, method, url, payload)).json()).toMatchObject({ code: 'SESSION_NEEDED' });
    }
  });
});
