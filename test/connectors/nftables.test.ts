// nftables, run by argument list against a fake nft; the command line of SSH word for word.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CallContext, ConnectorFailure, type EntityRef } from '../../connectors/connector.ts';
import { nftablesConfig } from '../../connectors/nftables/config.ts';
import { isMember } from '../../connectors/nftables/members.ts';
import { commandLine } from '../../connectors/nftables/runner.ts';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { contextOf, failureOf } from './runtime.ts';

const fake = fileURLToPath(new URL('./fakes/nft.mjs', import.meta.url));
const shared = { table: 'cordon', set: 'isolated', networks: ['10.77.1.0/24'], hosts: { 'ws-1': '10.77.1.2', 'srv-1': '10.77.2.2' } };

describe('nftables', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cordon-nft-'));
    file = join(folder, 'set');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function openLocal(settings: Readonly<Record<string, unknown>> = {}) {
    const prefix = [process.execPath, fake, file];
    const opened = openConnectors(
      [{ id: 'nft', type: 'nftables', via: 'local', prefix, ...shared, ...settings }],
      ports({ guard: { addresses: {} }, secrets: { env: {}, folder } }),
    );
    const instance = opened.instance('nft');
    const action = instance && opened.actionOf(instance, 'host.isolate');
    if (instance === undefined || action === undefined || action.risk !== 'reversible') throw new Error('host.isolate is reversible');
    const { client } = instance;
    const entity = { kind: 'host', id: '10.77.1.2', name: 'ws-1', aliases: [] } as const;
    const input = action.input.parse({ host: { name: 'ws-1' } });
    return {
      instance,
      read: () => action.read(client, input, entity, contextOf('k')),
      isolate: (context: CallContext = contextOf('k')) => action.run(client, input, entity, { isolated: false }, context),
      undo: (before: { isolated: boolean }) => action.undo(client, input, entity, before, contextOf('k')),
      resolve: async (ref: EntityRef) =>
        (await instance.connector.resolve?.(client, 'host', ref, new AbortController().signal))?.map((each) => each.id),
      ping: () => instance.connector.ping(client, new AbortController().signal),
    };
  }
  const ran = () =>
    existsSync(`${file}.log`)
      ? readFileSync(`${file}.log`, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string[])
      : [];

  it('isolates, reads back, releases; adding and deleting twice do no harm', async () => {
    const nft = openLocal();
    expect(await nft.read()).toEqual({ isolated: false });
    await nft.isolate();
    await nft.isolate();
    expect(await nft.read()).toEqual({ isolated: true });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(['10.77.1.2']);
    await nft.undo({ isolated: false });
    await nft.undo({ isolated: false });
    expect(await nft.read()).toEqual({ isolated: false });
  });

  it('undo of a host that was isolated before leaves it isolated', async () => {
    const nft = openLocal();
    await nft.isolate();
    await nft.undo({ isolated: true });
    expect(await nft.read()).toEqual({ isolated: true });
  });

  it('reading runs nothing that changes, and what is cancelled before sending is not run', async () => {
    const nft = openLocal();
    await nft.read();
    await expect(
      nft.isolate(
        contextOf('k', () => {
          throw new Error('lease ended');
        }),
      ),
    ).rejects.toThrow('lease ended');
    expect(ran()).toEqual([['nft', '-j', 'list', 'set', 'inet', 'cordon', 'isolated']]);
  });

  it('a command that hangs is ambiguous for a change and retryable for a read', async () => {
    writeFileSync(`${file}.hang`, '');
    const nft = openLocal({ timeoutMs: 300 });
    expect((await failureOf(nft.isolate())).kind).toBe('ambiguous');
    expect((await failureOf(nft.read())).kind).toBe('retryable');
  });

  it('resolves configured names and addresses, inside of the networks only', async () => {
    const { resolve } = openLocal();
    expect(await resolve({ name: 'WS-1' })).toEqual(['10.77.1.2']);
    expect(await resolve({ ip: '10.77.1.9' })).toEqual(['10.77.1.9']);
    expect(await resolve({ name: 'srv-1' })).toEqual([]); // its address is outside of what may be isolated
    expect(await resolve({ ip: '10.77.2.2' })).toEqual([]);
    expect(await resolve({ ip: '10.77.1.0/24' })).toEqual([]);
    expect(await resolve({ name: 'ws-1; reboot' })).toEqual([]);
    expect(await resolve({ name: 'ws-1', ip: '10.77.1.9' })).toHaveLength(2); // contradiction: ambiguous
    await expect(resolve({})).rejects.toBeInstanceOf(ConnectorFailure);
  });

  it('pings with what the set holds, and says so where there is none', async () => {
    expect(await openLocal().ping()).toEqual({ as: 'this machine', detail: 'isolated holds ipv4_addr' });
    expect((await failureOf(openLocal({ set: 'other' }).ping())).code).toBe('SET_MISSING');
    expect((await failureOf(openLocal({ prefix: ['/nonexistent/program'] }).ping())).code).toBe('PROGRAM_MISSING');
  });

  it('over SSH the far side gets exactly the words that a forced command allows, with the host key checked', () => {
    const ssh = { host: '127.0.0.1', port: 18022, user: 'root', key: '/keys/client', knownHosts: '/keys/known_hosts' };
    const line = commandLine(nftablesConfig.parse({ via: 'ssh', ssh, ...shared }), [
      'add',
      'element',
      'inet',
      'cordon',
      'isolated',
      '{ 10.77.1.2 }',
    ]);
    expect(line.slice(-3)).toEqual(['--', 'root@127.0.0.1', 'nft add element inet cordon isolated { 10.77.1.2 }']);
    expect(line).toEqual(
      expect.arrayContaining([
        'StrictHostKeyChecking=yes',
        'UserKnownHostsFile=/keys/known_hosts',
        'BatchMode=yes',
        'ClearAllForwardings=yes',
      ]),
    );
  });

  it.each([
    ['a host that is an option', { host: '-oProxyCommand=reboot' }],
    ['a user with blanks', { user: 'root -v' }],
    ['a key that is no absolute path', { key: 'client' }],
    ['a token in a path', { knownHosts: '/keys/%h' }],
  ])('refuses %s', (_, setting) => {
    const ssh = { host: 'router', user: 'root', key: '/keys/client', knownHosts: '/keys/known_hosts', ...setting };
    expect(nftablesConfig.safeParse({ via: 'ssh', ssh, ...shared }).success).toBe(false);
  });

  it('without an SSH server behind the port it is retryable: nothing was sent', async () => {
    const ssh = { host: '127.0.0.1', port: 1, user: 'root', key: '/nonexistent/key', knownHosts: '/nonexistent/known' };
    const opened = openConnectors(
      [{ id: 'nft', type: 'nftables', via: 'ssh', ssh, ...shared }],
      ports({ guard: { addresses: {} }, secrets: { env: {}, folder } }),
    );
    const instance = opened.instance('nft');
    if (instance === undefined) throw new Error('it opened');
    expect(await failureOf(instance.connector.ping(instance.client, new AbortController().signal))).toMatchObject({
      kind: 'retryable',
      code: 'UNREACHABLE',
    });
  });

  it('reads members with timeouts and prefixes, and refuses what is no listing', () => {
    const listing = (elem: unknown) => JSON.stringify({ nftables: [{ metainfo: {} }, { set: { name: 'isolated', elem } }] });
    expect(isMember(listing([{ elem: { val: '10.77.1.2', timeout: 60 } }]), '10.77.1.2')).toBe(true);
    expect(isMember(listing([{ prefix: { addr: '10.77.1.0', len: 24 } }]), '10.77.1.2')).toBe(true);
    expect(isMember(listing(['10.77.1.20']), '10.77.1.2')).toBe(false);
    expect(isMember(listing(undefined), '10.77.1.2')).toBe(false);
    expect(() => isMember('nonsense', '10.77.1.2')).toThrow(ConnectorFailure);
    expect(() => isMember('{"nftables":[]}', '10.77.1.2')).toThrow(ConnectorFailure);
  });
});
