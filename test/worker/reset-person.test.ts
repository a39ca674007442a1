// A lost password, got back on the machine itself.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { resetLocally } from '../../worker/people/reset.ts';
import { type Harness, NOW, ORIGIN, PASSWORD, startHarness } from '../server/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
});

const signIn = (login: string, password: string, next?: string) =>
  harness.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN },
    payload: { login, password, ...(next ? { next } : {}) },
  });
const rowsOf = async (code: string) =>
  await harness.store.db.selectFrom('audit_events').select(['actor', 'body']).where('code', '=', code).execute();

it('gives the owner a one-time password, ends their sessions, and says so in the audit', async () => {
  const old = (await signIn('owner', harness.oneTimePassword, PASSWORD)).cookies[0];
  const got = await resetLocally(harness.store, { login: ' Owner ', enable: false }, NOW);
  expect(got).toMatchObject({ login: 'owner', role: 'admin', disabled: false });
  expect((await harness.app.inject({ url: '/api/v1/me', headers: { cookie: `${old?.name}=${old?.value}` } })).statusCode).toBe(401);
  expect((await signIn('owner', PASSWORD)).statusCode).toBe(401);
  expect((await signIn('owner', got.password)).json()).toMatchObject({ mustChangePassword: true });
  const rows = await rowsOf('person.password_reset');
  expect(rows).toMatchObject([{ actor: 'cordon', body: { how: 'on the machine itself' } }]);
  expect(JSON.stringify(rows)).not.toContain(got.password);
});

it('says that an account is disabled, and enables it only where that is asked for', async () => {
  const id = (await signIn('owner', harness.oneTimePassword, PASSWORD)).json().id;
  await harness.store.db.updateTable('people').set({ disabled: true }).where('id', '=', id).execute();
  const first = await resetLocally(harness.store, { login: 'owner', enable: false }, NOW);
  expect(first.disabled).toBe(true);
  expect((await signIn('owner', first.password)).statusCode).toBe(401);
  const second = await resetLocally(harness.store, { login: 'owner', enable: true }, NOW);
  expect(second.disabled).toBe(false);
  expect((await signIn('owner', second.password)).statusCode).toBe(200);
  expect(await rowsOf('person.changed')).toHaveLength(1);
});

it('knows whom it does not know, and touches nobody', async () => {
  await expect(resetLocally(harness.store, { login: 'nobody', enable: true }, NOW)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
  expect((await signIn('owner', harness.oneTimePassword)).statusCode).toBe(200);
});
