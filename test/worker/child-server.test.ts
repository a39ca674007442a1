import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildServer, type ChildServerSpec, startChildServer } from '../../worker/child-server.ts';
import { answers, freePort } from '../../worker/ports.ts';
import { identityOf, stillRuns } from '../../worker/process-identity.ts';
import { StartError } from '../../worker/start-error.ts';

const LISTEN = 'require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1")';
const STUBBORN = `process.on("SIGTERM", () => {}); ${LISTEN}`;
const open: ChildServer[] = [];

function spec(changes: Partial<ChildServerSpec> & { readonly code_?: string } = {}): ChildServerSpec {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-child-'));
  return {
    title: 'a server',
    command: process.execPath,
    args: (port) => ['-e', changes.code_ ?? LISTEN, String(port)],
    noteFile: join(folder, 'server.pid'),
    logFile: join(folder, 'server.log'),
    choosePort: () => freePort(),
    portTaken: (port) => new StartError('PORT_TAKEN', `port ${port} is taken`, 'take another'),
    code: 'SERVER_START_FAILED',
    log: () => undefined,
    ...changes,
  };
}
async function start(given: ChildServerSpec) {
  const server = await startChildServer(given);
  open.push(server);
  return server;
}
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let waited = 0; waited < 10_000 && !(await holds()); waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  return holds();
};
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});

describe('a server of another program', () => {
  it('runs when it is said to, and is gone after the stop', async () => {
    const server = await start(spec());
    expect(await answers(server.port)).toBe(true);
    const known = identityOf(server.pid());
    await server.stop();
    expect(known !== undefined && stillRuns(known)).toBe(false);
    expect(await answers(server.port)).toBe(false);
  });

  it('left behind by a kill of Cordon is used as it is', async () => {
    const given = spec();
    const first = await start(given);
    const second = await start(given);
    expect([second.takenOver, second.pid(), second.port]).toEqual([true, first.pid(), first.port]);
  });

  it('left behind, but other than what would be started today, is ended first', async () => {
    const given = spec();
    const first = await startChildServer(given);
    const known = identityOf(first.pid());
    const second = await start({ ...given, args: (port) => ['-e', `${LISTEN}; 1`, String(port)] });
    expect(second.takenOver).toBe(false);
    expect(known !== undefined && stillRuns(known)).toBe(false);
    await first.stop();
  });

  it('a process that only has the noted id is not ours, and not touched', async () => {
    const given = spec();
    const other = await start(spec());
    writeFileSync(given.noteFile, JSON.stringify({ pid: other.pid(), started: 'another time', port: other.port, args: [] }));
    const server = await start(given);
    expect(server.takenOver).toBe(false);
    expect(await answers(other.port)).toBe(true);
  });

  it('that dies is started again on its port', async () => {
    const server = await start(spec());
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    expect(await until(async () => server.pid() !== before && (await answers(server.port)))).toBe(true);
  });

  it('that does not listen to the request to end is forced', async () => {
    const server = await start(spec({ code_: STUBBORN, stopGraceMs: 50 }));
    const known = identityOf(server.pid());
    await server.stop();
    expect(known !== undefined && stillRuns(known)).toBe(false);
  });

  it('that ends at once is a failure with its last words, and leaves no note', async () => {
    const given = spec({ code_: 'console.error("the disk is full"); process.exit(3)' });
    await expect(startChildServer(given)).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringMatching(/the disk is full/),
    });
    expect(() => readFileSync(given.noteFile)).toThrow(/ENOENT/);
  });

  it('whose program is not there is a failure too', async () => {
    await expect(startChildServer(spec({ command: '/nowhere/program' }))).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
  });

  it('a port that somebody else listens on is not taken for an answer', async () => {
    const somebody = createServer();
    await new Promise<void>((resolve) => somebody.listen(0, '127.0.0.1', resolve));
    const address = somebody.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startChildServer(spec({ choosePort: () => port }))).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    somebody.close();
  });
});
