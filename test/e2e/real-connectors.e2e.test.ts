// The connectors' kit, and what only the real thing can show, against real Keycloak, Request Tracker and nftables over SSH.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import type { Bench, Subject } from '../connectors/bench.ts';
import { checkAction } from '../connectors/kit.ts';
import { contextOf, failureOf, perform, readable } from '../connectors/runtime.ts';
import { CLIENT_SECRET, type KeycloakWitness, startKeycloak } from './keycloak-witness.ts';
import { ISOLATED, type NetworkWitness, OPEN, startNetwork, WORKSTATION } from './network-witness.ts';
import { openReal, type RealProduct } from './real-bench.ts';
import { describeWith } from './system.ts';
import { startRequestTracker, type TicketsWitness } from './tickets-witness.ts';

const START_MS = 400_000;
/** The system's own program. */
const SSH_KEYGEN = 'ssh-keygen';

describeWith(['keycloak'], 'the connector to Keycloak, on a real one', () => {
  let keycloak: KeycloakWitness;
  beforeAll(async () => {
    keycloak = await startKeycloak();
  }, START_MS);
  afterAll(() => keycloak?.stop());

  const product: RealProduct = {
    name: 'keycloak',
    origin: () => keycloak.url,
    word: (method, path) => {
      if (!path.startsWith('/admin/') || method === 'GET') return null;
      return path.endsWith('/logout') ? 'logout' : method === 'DELETE' ? 'consent' : 'update';
    },
    observe: async () => ({ ...(await keycloak.account('alice')), offline: await keycloak.offline('alice') }),
    reset: async () => {
      await keycloak.enable('alice');
      await keycloak.signIn('alice');
      await keycloak.signIn('alice', 'openid offline_access');
    },
    secret: () => CLIENT_SECRET,
  };
  const subject: Subject = {
    type: 'keycloak',
    product: 'keycloak',
    token: CLIENT_SECRET,
    secret: CLIENT_SECRET,
    config: { realm: 'cordon', client: 'cordon', secret: 'env:SECRET' },
  };
  const alice = { user: { name: 'alice' } };
  checkAction(subject, { verb: 'user.lookup', params: alice }, openReal(product));
  checkAction(subject, { verb: 'user.disable', params: alice, word: 'update', effects: 2 }, openReal(product));
  checkAction(subject, { verb: 'session.revoke', params: alice, word: 'logout', effects: 2 }, openReal(product));

  describe('beside the kit', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openReal(product)(subject);
    });
    afterEach(() => bench.close());
    const performed = (verb: string) => perform(bench, readable(bench.action(verb)), alice, 'key-1');

    it('a disabled user is refused everywhere, also with an offline token, and keeps name and mail address', async () => {
      const offline = await keycloak.signIn('alice', 'openid offline_access');
      const online = await keycloak.signIn('alice');
      await performed('user.disable');
      expect(await keycloak.refresh(offline)).not.toBe('ok');
      expect([await keycloak.refresh(online), await keycloak.isActive(online)]).toEqual(['Session not active', false]);
      await expect(keycloak.signIn('alice')).rejects.toThrow('Account disabled');
      expect(await keycloak.account('alice')).toEqual({ enabled: false, firstName: 'Alice', email: 'alice@example.test', sessions: 0 });
    });

    it('revoked sessions stay refused, and the user may sign in anew', async () => {
      const offline = await keycloak.signIn('alice', 'openid offline_access');
      const online = await keycloak.signIn('alice');
      await performed('session.revoke');
      expect(await keycloak.refresh(offline)).not.toBe('ok');
      expect([await keycloak.refresh(online), await keycloak.isActive(online)]).toEqual(['Session not active', false]);
      expect(await keycloak.refresh(await keycloak.signIn('alice'))).toBe('ok');
    });

    it('pings with its identity; an account that may only look is told apart', async () => {
      const signal = new AbortController().signal;
      expect((await bench.instance.connector.ping(bench.instance.client, signal)).as).toBe('service-account-cordon');
      const looking = await openReal(product)(subject, { client: 'cordon-view-only' });
      expect((await failureOf(looking.instance.connector.ping(looking.instance.client, signal))).code).toBe('FORBIDDEN');
      await looking.close();
    });
  });
});

describeWith(['request-tracker'], 'the connector to Request Tracker, on a real one', () => {
  let tracker: TicketsWitness;
  beforeAll(async () => {
    tracker = await startRequestTracker();
  }, START_MS);
  afterAll(() => tracker?.stop());

  const product = (config: () => Readonly<Record<string, unknown>>): RealProduct => ({
    name: 'rt',
    origin: () => tracker.origin,
    word: (method, path) =>
      method === 'GET' ? null : path.endsWith('/ticket') ? 'ticket' : path.endsWith('/comment') ? 'comment' : 'merge',
    observe: async () => (await tracker.tickets()).map((ticket) => ticket.id),
    reset: async () => undefined,
    config,
    secret: () => tracker.token,
  });
  const subject: Subject = {
    type: 'request-tracker',
    product: 'rt',
    path: '/REST/2.0',
    token: 'made-up-not-in-any-record',
    secret: 'made-up-not-in-any-record',
    config: { token: 'env:SECRET', user: 'cordon', queue: 'Security' },
  };
  const title = { title: 'Alice Adams contained', severity: 'high' };
  // The kit's keys are the same in every test; an address of its own for each keeps their tickets apart.
  const byLink = openReal(product(() => ({ keyLink: `https://cordon.example.test/${randomUUID()}` })));
  const byField = openReal(product(() => ({ keyField: 'Cordon Key' })));
  checkAction(subject, { verb: 'ticket.open', params: title, word: 'ticket' }, byLink);

  it('two tickets of one key, from two that raced, become one; the other number leads to it', async () => {
    const bench = await byField(subject);
    const key = `race-${randomUUID()}`;
    const both = await Promise.all([tracker.create('Raced', { 'Cordon Key': key }), tracker.create('Raced', { 'Cordon Key': key })]);
    const done = await perform(bench, readable(bench.action('ticket.open')), title, key);
    const [first, second] = both.sort((a, b) => a - b);
    expect(done.output).toMatchObject({ ticket: { id: String(first) } });
    const found = await bench.instance.connector.resolve?.(
      bench.instance.client,
      'ticket',
      { id: String(second) },
      new AbortController().signal,
    );
    expect(found?.map((ticket) => ticket.id)).toEqual([String(first)]);
    await bench.close();
  });

  it('a field that drops our key is told, with the number of the ticket that was opened', async () => {
    const bench = await openReal(product(() => ({ keyField: 'No Such Field' })))(subject);
    const failure = await failureOf(perform(bench, readable(bench.action('ticket.open')), title, `dropped-${randomUUID()}`));
    expect(failure).toMatchObject({ kind: 'permanent', code: 'KEY_NOT_STORED' });
    expect((await failureOf(bench.instance.connector.ping(bench.instance.client, new AbortController().signal))).code).toBe(
      'KEY_FIELD_MISSING',
    );
    await bench.close();
  });

  it('a comment whose answer was lost is one comment', async () => {
    const bench = await byField(subject);
    const id = await tracker.create('To be commented on', {});
    const key = `comment-${randomUUID()}`;
    const comment = () =>
      perform(
        bench,
        readable(bench.action('ticket.comment')),
        { ticket: { id: String(id) }, text: 'Released after a false positive.' },
        key,
      );
    await bench.fault({ product: 'rt', effect: 'comment', drop: 'after', count: 1 });
    expect((await failureOf(comment())).kind).toBe('ambiguous');
    expect((await comment()).outcome).toBe('already');
    expect((await tracker.history(id)).filter((type) => type === 'Comment')).toHaveLength(1);
    await bench.close();
  });

  it('pings with its account, and tells a token that is another account’s or none', async () => {
    const bench = await byField(subject);
    const ping = async (settings: Readonly<Record<string, unknown>>) => {
      const other = await byField(subject, settings);
      const failure = await failureOf(other.instance.connector.ping(other.instance.client, new AbortController().signal));
      await other.close();
      return failure.code;
    };
    expect(await bench.instance.connector.ping(bench.instance.client, new AbortController().signal)).toMatchObject({ as: 'cordon' });
    expect(await ping({ token: 'env:WRONG' })).toBe('UNAUTHORIZED');
    expect(await ping({ user: 'root' })).not.toBe('');
    await bench.close();
  });
});

describeWith(['network'], 'the connector to nftables over SSH, on a real router', () => {
  let network: NetworkWitness;
  beforeAll(async () => {
    network = await startNetwork();
  }, START_MS);
  afterAll(() => network?.stop());

  const shared = { table: 'cordon', set: 'isolated', networks: ['10.77.0.0/16'], hosts: { 'ws-1': WORKSTATION } };
  function open(settings: Readonly<Record<string, unknown>> = {}) {
    const opened = openConnectors(
      [{ id: 'router', type: 'nftables', via: 'ssh', ssh: network.ssh, ...shared, ...settings }],
      ports({ guard: { addresses: {} }, secrets: { env: {}, folder: '/nonexistent' } }),
    );
    const instance = opened.instance('router');
    const action = instance && opened.actionOf(instance, 'host.isolate');
    if (instance === undefined || action === undefined || action.risk !== 'reversible') throw new Error('host.isolate is reversible');
    return {
      instance,
      action,
      ping: () => instance.connector.ping(instance.client, new AbortController().signal),
      isolate: (host: Readonly<Record<string, string>>) => perform({ instance }, readable(action), { host }, 'key-1'),
    };
  }

  it('isolates for everybody but the management, changes nothing the second time, and undo opens the way again', async () => {
    const router = open();
    expect(network.reach()).toEqual(OPEN);
    const first = await router.isolate({ name: 'ws-1' });
    expect([first.outcome, network.reach()]).toEqual(['changed', ISOLATED]);
    expect((await router.isolate({ ip: WORKSTATION })).outcome).toBe('already');
    const input = router.action.input.parse({ host: { name: 'ws-1' } });
    const undo = () => router.action.undo(router.instance.client, input, first.entity, first.before, contextOf('key-1-undo'));
    await undo();
    expect(network.reach()).toEqual(OPEN);
    await undo(); // nft exits 1 for what is not there: as good as done
    expect(network.changes()).toEqual([
      'nft add element inet cordon isolated { 10.77.1.2 }',
      'nft delete element inet cordon isolated { 10.77.1.2 }',
      'nft delete element inet cordon isolated { 10.77.1.2 }',
    ]);
  }, 60_000);

  it('asked five times at once, it is isolated, and one undo opens the way', async () => {
    const router = open();
    const all = await Promise.all(Array.from({ length: 5 }, () => router.isolate({ name: 'ws-1' })));
    expect(network.reach()).toEqual(ISOLATED);
    const [one] = all;
    const input = router.action.input.parse({ host: { name: 'ws-1' } });
    await router.action.undo(router.instance.client, input, one?.entity, { isolated: false }, contextOf('key-1-undo'));
    expect(network.reach()).toEqual(OPEN);
  }, 60_000);

  it('what the forced command does not allow is refused at the router too', async () => {
    expect(await failureOf(open().isolate({ ip: '10.77.3.2' }))).toMatchObject({ kind: 'permanent', code: 'REFUSED' });
    expect(await failureOf(open({ set: 'other' }).ping())).toMatchObject({ kind: 'permanent', code: 'REFUSED' });
    expect(network.reach()).toEqual(OPEN);
  });

  it('tells a refused key, a host key that is not the known one, and a router that is not there', async () => {
    const otherKey = join(network.folder, `other-${randomUUID()}`);
    execFileSync(SSH_KEYGEN, ['-q', '-t', 'ed25519', '-N', '', '-f', otherKey], { stdio: 'ignore' });
    const wrongHosts = join(network.folder, 'wrong_hosts');
    writeFileSync(wrongHosts, `[127.0.0.1]:${network.ssh.port} ${readFileSync(`${otherKey}.pub`, 'utf8')}`);
    expect(await open().ping()).toEqual({ as: 'root@127.0.0.1', detail: 'isolated holds ipv4_addr' });
    const codes = [{ key: otherKey }, { knownHosts: wrongHosts }, { knownHosts: '/nonexistent/known' }, { port: 1 }].map(
      async (wrong) => (await failureOf(open({ ssh: { ...network.ssh, ...wrong } }).ping())).code,
    );
    expect(await Promise.all(codes)).toEqual(['UNAUTHORIZED', 'HOST_KEY_REFUSED', 'HOST_KEY_REFUSED', 'UNREACHABLE']);
  });
});
