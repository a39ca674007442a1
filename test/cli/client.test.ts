// Where the server is, and how long is waited for it: until it begins to answer; what flows may take as long as it likes.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { asPerson } from '../../cli/as-person.ts';
import { dataFolder, jsonOf, request, serverUrl } from '../../cli/client.ts';
import type { Context } from '../../cli/command.ts';
import { isOwnAddress } from '../../cli/own-address.ts';
import { resetLocally } from '../../cli/reset-program.ts';
import { cordonAt } from './run.ts';

const LIMIT_MS = 500;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async ({ url: path }, response) => {
    if (path === '/silent') return;
    if (path === '/proxy') return void response.end('<html>');
    if (path?.startsWith('/api')) {
      response.write('{"items":[');
      await sleep(50); // so that it has left before the connection ends
      return void response.destroy();
    }
    response.write('first, ');
    await sleep(2 * LIMIT_MS);
    response.end('last');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('a long answer is read to its end', async () => {
  expect(await (await request(`${url}/slow`, {}, LIMIT_MS)).text()).toBe('first, last');
});

it('a server that says nothing is not waited for', async () => {
  await expect(request(`${url}/silent`, {}, LIMIT_MS)).rejects.toMatchObject({
    code: 'NOT_REACHABLE',
    message: expect.stringContaining('no answer within 0.5 s'),
  });
});

it.each([
  [['runs', 'list'], 'The connection ended before the whole answer was there'],
  [['runs', 'cancel', 'run_x'], 'it may have been carried out'],
  [['audit', 'export'], 'The connection ended before the whole answer was there'],
])('an answer that is cut off is a connection that broke, exit code 3, not a bug: %j', async (args, words) => {
  expect(await cordonAt(url, args)).toMatchObject({
    code: 3,
    err: expect.stringMatching(new RegExp(`^error CUT_OFF: [\\s\\S]*${words}`, 'i')),
  });
});

it('so it is for what is done with a password', async () => {
  const context = { env: { CORDON_URL: url }, cwd: '/nonexistent', readLine: async () => 'made-up' } as unknown as Context; // what is looked at of it
  const options = { as: 'owner', passwordStdin: true };
  await expect(asPerson(context, options, (call) => call('GET', '/people'))).rejects.toMatchObject({ code: 'CUT_OFF', exit: 3 });
});

it('what answers without JSON is not taken for Cordon', async () => {
  await expect(jsonOf(await request(`${url}/proxy`, {}))).rejects.toMatchObject({ code: 'NOT_CORDON', exit: 1 });
});

it.each([
  ['port: 8181\ndata: /var/lib/cordon\n', {}, 'http://127.0.0.1:8181', '/var/lib/cordon'],
  ['host: 0.0.0.0\n', {}, 'http://127.0.0.1:8080', '.cordon'],
  ['host: "::"\n', {}, 'http://127.0.0.1:8080', '.cordon'],
  ['host: "0:0::0"\n', {}, 'http://127.0.0.1:8080', '.cordon'],
  ['host: "::1"\nport: 8181\n', {}, 'http://[::1]:8181', '.cordon'],
  ['host: localhost\n', {}, 'http://localhost:8080', '.cordon'],
  ['host: elsewhere.example\n', { CORDON_HOST: '10.1.2.3' }, 'http://10.1.2.3:8080', '.cordon'],
  ['host: elsewhere.example\n', { CORDON_URL: 'https://cordon.example.test' }, 'https://cordon.example.test', '.cordon'],
  ['port: 8181\ndata: there\n', { CORDON_PORT: '9000', CORDON_DATA: 'here' }, 'http://127.0.0.1:9000', 'here'],
  ['port: 8181\n', { CORDON_URL: 'https://cordon.example.test/' }, 'https://cordon.example.test', '.cordon'],
  ['', {}, 'http://127.0.0.1:8080', '.cordon'],
])('cordon.yaml with %j and %j: the server is at %s, its data in %s', (yaml, env, at, data) => {
  const cwd = mkdtempSync(join(tmpdir(), 'cordon-client-'));
  writeFileSync(join(cwd, 'cordon.yaml'), yaml);
  const context = { env, cwd } as unknown as Context; // what is looked at of it
  expect([serverUrl(context), dataFolder(context)]).toEqual([at, data.startsWith('/') ? data : join(cwd, data)]);
});

it("a cordon.yaml that cannot be read is said, and is in nobody's way who names the server", () => {
  const cwd = mkdtempSync(join(tmpdir(), 'cordon-client-'));
  writeFileSync(join(cwd, 'cordon.yaml'), 'port: [\n');
  const at = (env: object) => serverUrl({ env, cwd } as unknown as Context); // what is looked at of it
  expect(() => at({})).toThrow(expect.objectContaining({ code: 'CONFIG_BROKEN' }));
  expect(at({ CORDON_URL: url })).toBe(url);
});

it.each(['host: elsewhere.example\n', 'host: 203.0.113.7\n', 'host: 127.0.0.1.elsewhere.example\n', 'port: 80@elsewhere.example\n'])(
  'a cordon.yaml that came with a folder does not say where the token goes: %j',
  (yaml) => {
    const cwd = mkdtempSync(join(tmpdir(), 'cordon-client-'));
    writeFileSync(join(cwd, 'cordon.yaml'), yaml);
    const context = { env: { CORDON_TOKEN: 'made-up' }, cwd } as unknown as Context; // what is looked at of it
    expect(() => serverUrl(context)).toThrow(
      expect.objectContaining({ code: 'URL_INVALID', exit: 2, hint: expect.stringContaining('set CORDON_URL') }),
    );
  },
);

it("this machine's own addresses are known however they are written", () => {
  const here = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  expect(here.filter((address) => !isOwnAddress(address))).toEqual([]);
  expect(['10.1.2.3', 'FD00:0::1', '127.9.9.9'].map((address) => isOwnAddress(address, ['10.1.2.3', 'fd00::1']))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['10.1.2.4', 'fd00::2', 'elsewhere.example', '127.0.0.1@elsewhere.example', ''].map((host) => isOwnAddress(host, ['']))).toEqual(
    new Array(5).fill(false),
  );
});

it('the program that resets an account ends by itself: it has a store to close after its report', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'cordon-client-'));
  const program = join(cwd, 'program.mjs');
  writeFileSync(
    program,
    `import { writeFileSync } from 'node:fs';
     console.log('{"report":{"login":"owner"}}');
     setTimeout(() => writeFileSync('closed', ''), 300);`,
  );
  const context = { env: {}, cwd } as unknown as Context; // what is looked at of it
  expect(await resetLocally(context, program, { login: 'owner', enable: false })).toEqual({ login: 'owner' });
  expect(existsSync(join(cwd, 'closed'))).toBe(true);
});
