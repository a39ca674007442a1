// Keycloak against a fake with the real one's measured traits; request shapes against the vendor's own description.
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Bench, openBench, type Subject } from './bench.ts';
import { ALICE, BOB, KEYCLOAK_SECRET, KEYCLOAK_TOKEN, keycloakProduct } from './fakes/keycloak.ts';
import { checkAction } from './kit.ts';
import { contextOf, failureOf, perform, readable } from './runtime.ts';

const subject: Subject = {
  type: 'keycloak',
  product: 'keycloak',
  token: KEYCLOAK_TOKEN,
  secret: KEYCLOAK_SECRET,
  config: { realm: 'cordon', client: 'cordon', secret: 'env:SECRET' },
  products: [keycloakProduct],
};
const alice = { user: { name: 'alice' } };

checkAction(subject, { verb: 'user.lookup', params: alice });
checkAction(subject, { verb: 'user.disable', params: alice, word: 'update', effects: 2 });
checkAction(subject, { verb: 'session.revoke', params: alice, word: 'logout', effects: 2 });

describe('Keycloak', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(subject);
  });
  afterEach(() => bench.close());
  const performed = (verb: string, params: unknown) => perform(bench, readable(bench.action(verb)), params, 'key-1');

  it('disables, then logs out, and never sends attributes', async () => {
    await performed('user.disable', alice);
    expect((await bench.writes()).map((line) => `${line.method} ${line.path}`)).toEqual([
      `PUT /keycloak/admin/realms/cordon/users/${ALICE}`,
      `POST /keycloak/admin/realms/cordon/users/${ALICE}/logout`,
    ]);
    expect((await bench.effects()).at(-1)?.after).toMatchObject({
      firstName: 'Alice',
      lastName: 'Adams',
      email: 'alice@example.test',
      enabled: false,
      sessions: 0,
    });
  });

  it('lists its accounts with their groups for the inventory', async () => {
    const entries = [];
    for await (const page of bench.instance.connector.directory?.(bench.instance.client, new AbortController().signal) ?? [])
      entries.push(...page);
    expect(entries.find(({ id }) => id === ALICE)).toMatchObject({
      kind: 'user',
      name: 'Alice Adams',
      aliases: ['alice', 'alice@example.test'],
      groups: ['Executives'],
    });
    // Of a group within it: who is protected as an executive is so there too.
    expect(entries.find(({ id }) => id === BOB)?.groups).toEqual(['Executives', 'Board']);
    expect(entries.filter(({ groups }) => groups?.length === 0).length).toBe(entries.length - 2);
  });

  it('killed between disable and logout, it still logs out the next time', async () => {
    await bench.fault({ product: 'keycloak', effect: 'logout', drop: 'before', count: 1 });
    expect((await failureOf(performed('user.disable', alice))).kind).toBe('ambiguous');
    expect((await performed('user.disable', alice)).outcome).toBe('changed');
    expect((await bench.effects()).map((line) => line.effect)).toEqual(['update', 'logout']);
  });

  it('a user that was disabled before is left disabled by undo', async () => {
    const action = readable(bench.action('user.disable'));
    const { before, entity, outcome } = await performed('user.disable', { user: { id: BOB } });
    if (action.risk !== 'reversible') throw new Error('it is reversible');
    await action.undo(bench.instance.client, {}, entity, before, contextOf('key-undo'));
    expect(outcome).toBe('already');
    expect(await bench.effects()).toEqual([]);
  });

  it('sessions that only an offline token keeps alive are revoked too', async () => {
    await performed('session.revoke', alice);
    expect((await bench.effects()).at(-1)?.after).toMatchObject({ sessions: 0, offline: [] });
  });

  it('resolves exact names only: a part of a name is nobody', async () => {
    const resolve = async (ref: object) =>
      (await bench.instance.connector.resolve?.(bench.instance.client, 'user', ref, new AbortController().signal))
        ?.map((each) => each.id)
        .sort();
    expect(await resolve({ name: 'ALICE' })).toEqual([ALICE]);
    expect(await resolve({ email: 'alice@example.test' })).toEqual([ALICE]);
    expect(await resolve({ name: 'ali' })).toEqual([]);
    expect(await resolve({ id: '../users' })).toEqual([]);
    expect(await resolve({ name: 'alice', email: 'bob@example.test' })).toEqual([BOB, ALICE]); // contradiction: ambiguous, so refused
  });

  it('pings with its identity, and fetches one token for many requests', async () => {
    expect(await bench.instance.connector.ping(bench.instance.client, new AbortController().signal)).toEqual({
      as: 'service-account-cordon',
      detail: 'manage-users, view-users',
    });
    await performed('user.disable', alice);
    expect((await bench.record()).filter((line) => line.path.endsWith('/token')).length).toBe(1);
  });

  it('fetches a fresh token once when the old one is refused', async () => {
    await bench.instance.connector.ping(bench.instance.client, new AbortController().signal);
    await bench.fault({ product: 'keycloak', effect: 'read', status: 401, count: 1 });
    expect((await performed('user.disable', alice)).outcome).toBe('changed');
    expect((await bench.record()).filter((line) => line.path.endsWith('/token')).length).toBe(2);
  });

  const spec = new URL('../../../shared/vendor-specs/keycloak.slice.json', import.meta.url);
  const described = existsSync(spec) ? it : it.skip;
  described(
    "every request is one of the vendor's own description (skipped: ../shared/vendor-specs/keycloak.slice.json is not there)",
    async () => {
      const { paths } = JSON.parse(readFileSync(spec, 'utf8')) as { paths: Record<string, Record<string, unknown>> };
      await performed('user.disable', alice);
      await performed('session.revoke', alice);
      const known = Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map(
          (method) => new RegExp(`^${method} ${path.replace('{realm}', 'cordon').replace(/\{\w+\}/g, '[^/]+')}$`, 'i'),
        ),
      );
      // Beside the slice: the token (OpenID Connect), the search (its path is cut off there), consents (Keycloak 26's own reference).
      const beside = [/\/token$/, /^GET \/admin\/realms\/cordon\/users$/, /\/consents(\/portal)?$/];
      const asked = (await bench.record()).map((line) => `${line.method} ${line.path.replace(/^\/keycloak/, '')}`);
      expect(asked.length).toBeGreaterThan(6);
      expect(asked.filter((each) => ![...known, ...beside].some((shape) => shape.test(each)))).toEqual([]);
    },
  );
});
