// A real PostgreSQL for tests: in a temporary folder, on a free port of 127.0.0.1, ended with the test. It refuses to run as root, so
// there it runs as 'postgres' or 'nobody'.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

export interface TestPostgres {
  /** An empty database of its own; returns its url. */
  createDatabase(): Promise<string>;
  /** kill -9 of the server. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export const NO_POSTGRES =
  'skipped: no PostgreSQL programs (initdb, postgres) in PATH or /usr/lib/postgresql/*/bin, or root without setpriv';

/** The system's own programs. */
const SETPRIV = 'setpriv';
const LOCALE = 'locale';

interface Programs {
  readonly bin: string;
  /** In front of each command, so that it does not run as root. */
  readonly as: readonly string[];
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** null: tests that need it are skipped, and say so; in CI a missing one is a failure. */
export function findPostgres(): Programs | null {
  const found = look();
  if (!found && process.env.CI === 'true') throw new Error(`these tests may not be skipped in CI, but: ${NO_POSTGRES}`);
  return found;
}

function look(): Programs | null {
  const bin = [...debianFolders(), ...(process.env.PATH ?? '').split(delimiter)].find((folder) => existsSync(join(folder, 'initdb')));
  if (bin === undefined) return null;
  if (process.getuid?.() !== 0) return { bin, as: [] };
  const owner = unprivileged();
  if (!owner) return null;
  return { bin, owner, as: [SETPRIV, `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--'] };
}

function debianFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin'));
}

function unprivileged(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      execFileSync(SETPRIV, ['--version'], { stdio: 'ignore' });
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // no such user: the next one
    }
  }
  return undefined;
}

function idOf(flag: string, name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

export async function startPostgres(programs: Programs): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pg-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (programs.owner) for (const path of [folder, data]) chownSync(path, programs.owner.uid, programs.owner.gid);
  run(programs, folder, 'initdb', ['-D', data, '-U', 'cordon', '-A', 'trust', '-E', 'UTF8', `--locale=${unicodeLocale()}`, '--no-sync']);

  const port = await freePort();
  const url = (database: string) => `postgres://cordon@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;
  let count = 0;
  const end = async (signal: NodeJS.Signals) => {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  const start = async () => {
    const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off', max_connections: 60 };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = launch(programs, folder, 'postgres', ['-D', data, ...flags]);
    await untilReady(url('postgres'), server);
  };
  await start();
  return {
    createDatabase: async () => {
      const name = `test_${++count}`;
      await ask(url('postgres'), `create database ${name}`);
      return url(name);
    },
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGINT'); // at once, but in order
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Not C, where there is another: sorting by the language is what production databases do. */
function unicodeLocale(): string {
  const known = knownLocales();
  return known.find((name) => /^en_US\.utf-?8$/i.test(name)) ?? known.find((name) => /^C\.utf-?8$/i.test(name)) ?? 'C';
}

function knownLocales(): string[] {
  try {
    return execFileSync(LOCALE, ['-a'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
  } catch {
    return [];
  }
}

function command(programs: Programs, name: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = [...programs.as, join(programs.bin, name), ...args];
  return [first ?? name, rest];
}

function run(programs: Programs, cwd: string, name: string, args: readonly string[]): void {
  execFileSync(...command(programs, name, args), { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

function launch(programs: Programs, cwd: string, name: string, args: readonly string[]): ChildProcess {
  const child = spawn(...command(programs, name, args), { cwd, stdio: 'ignore' });
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return child;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      await ask(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > until) throw error;
    }
  }
}

async function ask(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // told by the statement
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => {});
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
