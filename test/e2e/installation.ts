// An installation of Cordon as its users have it: `node dist/worker/main.js` with a cordon.yaml and a data folder, and the command line.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { endProcess, readNote } from '../../worker/own-process.ts';
import { freePort } from '../../worker/ports.ts';
import { until } from './system.ts';

const MAIN = resolve('dist/worker/main.js');
const CLI = resolve('scripts/cordon.mjs');
const READY_WITHIN_MS = 120_000;

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Not started yet. `config` is its cordon.yaml; 'trial': none, as after a first `npm start`. */
export async function makeInstallation(folder: string, config: object | 'trial') {
  const port = await freePort();
  const data = join(folder, 'data');
  const file = join(folder, 'cordon.yaml');
  const rangePort = await freePort();
  if (config !== 'trial') writeFileSync(file, stringify(config));
  const form = config === 'trial' ? { CORDON_RANGE_PORT: String(rangePort) } : { CORDON_CONFIG: file };
  // Nothing of the settings of who runs the tests, but for where Temporal comes from.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CORDON|TEMPORAL)_/.test(name) || /^CORDON_TEMPORAL_(CLI|FETCH)$/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ...form, CORDON_DATA: data, CORDON_PORT: String(port), NO_COLOR: '1' };
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'terminal.log');
  let child: ChildProcess | undefined;

  const endLeftovers = async () => {
    for (const note of ['temporal.pid', 'range.pid']) {
      const leftover = readNote(join(data, note));
      if (leftover !== undefined) await endProcess(leftover, 5_000);
    }
  };
  const isReady = async () => (await fetch(`${url}/readyz?for=runs`).catch(() => undefined))?.ok === true;
  const cordon = (...args: readonly string[]): Promise<Said> =>
    new Promise((settle) => {
      const options = { cwd: folder, env: { ...env, CORDON_URL: url } };
      execFile(process.execPath, [CLI, ...args], options, (error, out, err) =>
        settle({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
      );
    });
  return {
    url,
    data,
    /** Of the practice range, in the trial form. */
    rangeUrl: `http://127.0.0.1:${rangePort}`,
    /** kill -9, as a user would. What it started lives on. */
    kill: async (): Promise<void> => {
      const killing = child;
      if (killing === undefined || killing.exitCode !== null || killing.signalCode !== null) return;
      const ended = once(killing, 'exit');
      killing.kill('SIGKILL');
      await ended;
    },
    cordon,
    /** The answer of a command, as JSON. Throws when it did not end with 0. */
    json: async <T>(...args: readonly string[]): Promise<T> => {
      const said = await cordon(...args, '--json');
      if (said.code !== 0) throw new Error(`cordon ${args.join(' ')}: ${said.code}\n${said.out}${said.err}`);
      return JSON.parse(said.out) as T; // the caller names the contract's type
    },
    /** Starts it and waits until it is ready. `killAt`: see worker/failpoint.ts. */
    start: async (killAt?: string): Promise<void> => {
      const started = spawn(process.execPath, [MAIN], {
        cwd: folder,
        env: { ...env, ...(killAt === undefined ? {} : { CORDON_KILL_AT: killAt }) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      const log = createWriteStream(logFile, { flags: 'a' });
      started.stdout.pipe(log, { end: false });
      started.stderr.pipe(log, { end: false });
      await until('Cordon to be ready', READY_WITHIN_MS, async () => {
        if (started.exitCode !== null || started.signalCode !== null) throw new Error(`Cordon ended:\n${readFileSync(logFile, 'utf8')}`);
        return (await isReady()) ? true : undefined;
      });
    },
    /** Until its own crash point has killed it. */
    killed: async (withinMs: number): Promise<void> => {
      await until('Cordon to be killed at its crash point', withinMs, async () => (child?.signalCode === 'SIGKILL' ? true : undefined));
    },
    /** In order, as Ctrl-C does. */
    stop: async (): Promise<void> => {
      const stopping = child;
      if (stopping === undefined || stopping.exitCode !== null) return;
      // What it had started outlives a kill -9, on purpose: it is ended by its process id, from Cordon's own notes.
      if (stopping.signalCode !== null) {
        return await endLeftovers();
      }
      const ended = once(stopping, 'exit');
      stopping.kill('SIGINT');
      await ended;
    },
    log: (): string => readFileSync(logFile, 'utf8'),
  };
}
