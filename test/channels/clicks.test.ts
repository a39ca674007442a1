// Buttons pressed in Slack: signed, taken once, and counted only for people of ours who said themselves that the account is theirs.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import type { Role } from '../../server/contract.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { type Harness, NOW, ORIGIN, startHarness } from '../server/harness.ts';
import { makeApproval, makeRun } from '../server/rows.ts';
import { clickBody, clickHeaders, linkIn } from './slack-click.ts';
import { openWorld, type World } from './world.ts';

const SIGNING = 'made-up-slack-signing-secret';
const OLD_SIGNING = 'made-up-slack-signing-secret-that-is-being-replaced';
const PARTNERS_SIGNING = 'made-up-slack-signing-secret-of-another-app';
const DIGEST = 'made-up-approval-digest';

let harness: Harness;
let world: World;
beforeAll(async () => {
  harness = await startHarness({
    clicks: [
      { connector: 'slack', secrets: async () => [SIGNING, OLD_SIGNING] },
      { connector: 'partners', secrets: async () => [PARTNERS_SIGNING] },
    ],
  });
  world = await openWorld(harness.store, [{ connector: 'slack', to: 'C0SOC' }]);
});
afterAll(async () => {
  await world.close();
  await harness.close();
});
beforeEach(async () => {
  harness.clock.now = NOW;
  // The owner stays: making one takes as long as everything else here.
  await sql`truncate table messages, identities, identity_links, clicks, incidents, outbox, sessions cascade`.execute(harness.store.db);
  await sql`delete from people where id not in (select person_id from api_tokens)`.execute(harness.store.db);
});

interface Wish {
  readonly user?: string;
  readonly team?: string;
  readonly action?: string;
  readonly digest?: string;
  readonly secret?: string;
  readonly at?: Date;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connector?: string;
}

const bodyOf = (approvalId: string, wish: Wish): string => clickBody({ approvalId, digest: DIGEST, ...wish });

async function post(body: string, wish: Wish = {}): Promise<LightMyRequestResponse> {
  const headers = { ...clickHeaders(body, wish.secret ?? SIGNING, wish.at ?? harness.clock.now), ...wish.headers };
  return await harness.app.inject({ method: 'POST', url: `/channels/${wish.connector ?? 'slack'}/clicks`, headers, payload: body });
}

const click = (approvalId: string, wish: Wish = {}) => post(bodyOf(approvalId, wish), wish);
const stateOf = async (id: string) =>
  (await harness.store.db.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const ask = async (more: Parameters<typeof makeApproval>[2] = {}, startedBy = 'trigger') =>
  await makeApproval(harness.store, await makeRun(harness.store, { startedBy }), more);

interface Somebody {
  readonly id: string;
  readonly call: (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => Promise<LightMyRequestResponse>;
}

async function somebody(role: Role, login: string): Promise<Somebody> {
  const person = await createPerson(harness.store.db, { login, name: `The ${role}`, role, passwordHash: 'made-up', oneTime: false }, NOW);
  const cookie = newSessionToken();
  await openSession(harness.store.db, tokenHash(cookie), person?.id ?? '', harness.clock.now);
  return {
    id: person?.id ?? '',
    call: async (method, path, payload) =>
      await harness.app.inject({
        method,
        url: `/api/v1${path}`,
        headers: { origin: ORIGIN },
        cookies: { cordon_session: cookie },
        ...(payload ? { payload } : {}),
      }),
  };
}

/** What Slack shows to this one person alone, newest last. */
async function whispers(user: string): Promise<readonly string[]> {
  await world.later();
  return (await world.record())
    .filter((line) => line.effect === 'whisper' && line.target?.startsWith(`only:${user}:`))
    .map((line) => JSON.stringify(line.after));
}

async function bind(person: Somebody, user = 'U0EVE'): Promise<LightMyRequestResponse> {
  await click(await ask(), { user });
  return await person.call('POST', '/me/identities', { token: linkIn((await whispers(user)).at(-1)) });
}

describe('a click', () => {
  it.each([
    ['with another secret', { secret: 'made-up-other-secret' }],
    ['six minutes old', { at: new Date(NOW.getTime() - 360_000) }],
    ['six minutes ahead', { at: new Date(NOW.getTime() + 360_000) }],
    ['without a signature', { headers: { 'x-slack-signature': '' } }],
    ['with a signature of another length', { headers: { 'x-slack-signature': 'v0=00' } }],
  ])('%s is refused, and nobody hears of it', async (_, wish) => {
    const id = await ask();
    expect((await click(id, wish)).json()).toMatchObject({ status: 401, code: 'SIGNATURE_REFUSED' });
    expect(await stateOf(id)).toBe('open');
    expect(await whispers('U0EVE')).toEqual([]);
  });

  it('at a connector that is not there is refused like a wrong signature; another body under the same signature, too', async () => {
    const body = bodyOf(await ask(), {});
    const good = await post(body);
    expect(good.statusCode).toBe(200);
    const other = await harness.app.inject({
      method: 'POST',
      url: '/channels/nothing/clicks',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: body,
    });
    expect(other.json()).toMatchObject({ status: 401, code: 'SIGNATURE_REFUSED' });
    const signature = clickHeaders(body, SIGNING, NOW)['x-slack-signature'] ?? '';
    const changed = await post(`${body}%20`, { headers: { 'x-slack-signature': signature } });
    expect(changed.json().code).toBe('SIGNATURE_REFUSED');
  });

  it('that is sent a second time is refused, also under a secret that is being replaced', async () => {
    const body = bodyOf(await ask(), {});
    expect((await post(body, { secret: OLD_SIGNING })).statusCode).toBe(200);
    expect((await post(body, { secret: OLD_SIGNING })).json()).toMatchObject({ status: 401, code: 'CLICK_REPLAYED' });
  });

  it('of somebody whom nobody has bound decides nothing: it answers with a link that only they see', async () => {
    const owner = await somebody('admin', 'owner@example.test');
    const id = await ask();
    expect((await click(id)).statusCode).toBe(200);
    expect(await stateOf(id)).toBe('open');
    const [whisper] = await whispers('U0EVE');
    expect(whisper).toContain('Nothing was decided');
    expect(linkIn(whisper)).not.toBe('');
    expect((await owner.call('GET', '/me/identities')).json().items).toEqual([]);
    const left = await harness.store.db.selectFrom('messages').select('content').execute();
    expect(left.map((row) => row.content)).toEqual([null]);
  });

  it('of a bound person counts as that person, by the same rules, and with the channel in the record', async () => {
    const eve = await somebody('responder', 'eve.adams@example.test');
    expect((await bind(eve)).statusCode).toBe(201);
    const id = await ask();
    expect((await click(id)).statusCode).toBe(200);
    const shown = (await eve.call('GET', `/approvals/${id}`)).json();
    expect(shown).toMatchObject({ state: 'granted', decisions: [{ by: 'The responder', decision: 'approve', channel: 'slack' }] });
    const denied = await ask();
    await click(denied, { action: 'deny' });
    expect(await stateOf(denied)).toBe('denied');
  });

  it('is refused with its reason where the console would refuse it too', async () => {
    const eve = await somebody('responder', 'eve.adams@example.test');
    await bind(eve);
    const own = await ask({}, eve.id);
    await click(own);
    expect(await stateOf(own)).toBe('open');
    expect((await whispers('U0EVE')).at(-1)).toContain('you started this run by hand');
    const changed = await ask();
    await click(changed, { digest: 'another-digest' });
    expect(await stateOf(changed)).toBe('open');
    const twice = await ask({ count: 2 });
    for (let again = 0; again < 3; again += 1) await click(twice);
    expect(await stateOf(twice)).toBe('open');
    expect((await whispers('U0EVE')).at(-1)).toContain('another person is needed');
  });

  it('of the same id in another workspace is another person; of a disabled person it is nobody', async () => {
    const eve = await somebody('responder', 'eve.adams@example.test');
    await bind(eve);
    const id = await ask();
    await click(id, { team: 'T0OTHER' });
    expect(await stateOf(id)).toBe('open');
    await harness.store.db.updateTable('people').set({ disabled: true }).where('id', '=', eve.id).execute();
    await click(id);
    expect(await stateOf(id)).toBe('open');
  });

  it('that another app has signed decides nothing for somebody who is known to this one alone, nor the other way round', async () => {
    const partners = { connector: 'partners', secret: PARTNERS_SIGNING };
    await bind(await somebody('responder', 'eve.adams@example.test'));
    const id = await ask();
    expect((await click(id, partners)).statusCode).toBe(200);
    expect((await click(id, { ...partners, connector: 'slack' })).json()).toMatchObject({ code: 'SIGNATURE_REFUSED' });
    expect(await stateOf(id)).toBe('open');
    await harness.store.db.updateTable('identities').set({ provider: 'partners' }).execute();
    expect((await click(id)).statusCode).toBe(200);
    expect(await stateOf(id)).toBe('open');
    expect((await click(id, partners)).statusCode).toBe(200);
    expect(await stateOf(id)).toBe('granted');
  });

  it('by a viewer approves nothing', async () => {
    await bind(await somebody('viewer', 'eve.adams@example.test'));
    const id = await ask({ role: 'viewer' });
    await click(id);
    expect(await stateOf(id)).toBe('open');
  });

  it('a hundred at once of two people are two decisions and one wake', async () => {
    await bind(await somebody('responder', 'eve.adams@example.test'));
    await bind(await somebody('responder', 'second'), 'U0ADMIN');
    const id = await ask({ count: 2 });
    await sql`delete from outbox`.execute(harness.store.db);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, nth) => click(id, { user: nth % 2 === 0 ? 'U0EVE' : 'U0ADMIN' })));
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]));
    expect(await stateOf(id)).toBe('granted');
    expect(await harness.store.db.selectFrom('decisions').select('id').where('approval_id', '=', id).execute()).toHaveLength(2);
    expect(await harness.store.db.selectFrom('outbox').select('id').where('kind', '=', 'wake').execute()).toHaveLength(1);
  });
});

describe('a link that binds', () => {
  it('changes nothing by being looked at, works once, and not after ten minutes', async () => {
    const eve = await somebody('responder', 'eve.adams@example.test');
    await click(await ask());
    const token = linkIn((await whispers('U0EVE')).at(-1));
    for (let again = 0; again < 2; again += 1) {
      expect((await eve.call('POST', '/me/identities/look', { token })).json()).toEqual({
        provider: 'slack',
        realm: 'T0OURS',
        externalId: 'U0EVE',
        externalName: 'eve',
      });
    }
    expect((await eve.call('GET', '/me/identities')).json().items).toEqual([]);
    expect((await eve.call('POST', '/me/identities', { token })).statusCode).toBe(201);
    expect((await eve.call('POST', '/me/identities', { token })).json()).toMatchObject({ status: 410, code: 'LINK_OVER' });
    await click(await ask(), { user: 'U0ADMIN' });
    const late = linkIn((await whispers('U0ADMIN')).at(-1));
    harness.clock.now = new Date(NOW.getTime() + 11 * 60_000);
    expect((await eve.call('POST', '/me/identities', { token: late })).json().code).toBe('LINK_OVER');
  });

  it('of somebody else, whose address Slack knows, is refused to whoever was sent it', async () => {
    const admin = await somebody('admin', 'owner@example.test');
    const answer = await bind(admin, 'U0MALLORY');
    expect(answer.json()).toMatchObject({ status: 403, code: 'IDENTITY_OTHER' });
    const id = await ask();
    await click(id, { user: 'U0MALLORY' });
    expect(await stateOf(id)).toBe('open');
  });

  it('cannot be confirmed by an API token, and an identity stays with whom it is bound to until they take it back', async () => {
    const eve = await somebody('responder', 'eve.adams@example.test');
    const bound = (await bind(eve)).json();
    const byToken = await harness.app.inject({
      method: 'POST',
      url: '/api/v1/me/identities',
      headers: { authorization: `Bearer ${harness.token}` },
      payload: { token: 'x' },
    });
    expect(byToken.json().code).toBe('SESSION_NEEDED');
    expect((await eve.call('DELETE', `/me/identities/${bound.id}`)).statusCode).toBe(204);
    const id = await ask();
    await click(id);
    expect(await stateOf(id)).toBe('open');
  });
});
