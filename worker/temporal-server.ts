// The embedded Temporal server of the trial and one-machine form: a process of its own, loopback only, its database a file in the data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, lastPort, type OwnProcess, readNote, writeNote } from './own-process.ts';
import { answers, freePort, isFree } from './ports.ts';
import { stillRuns } from './process-identity.ts';
import { StartError } from './start-error.ts';
import { serverArguments } from './temporal-arguments.ts';
import { checkDatabaseVersion } from './temporal-version.ts';

export interface TemporalServer {
  readonly address: string;
  readonly pid: () => number;
  /** It ran already, after a kill of Cordon, and is used as it is. */
  readonly takenOver: boolean;
  /** Ends it, asks first. Never hangs. */
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  readonly binary: string;
  /** Where its database, log and note are. */
  readonly folder: string;
  /** Default: a free one, the last one again where that is free. */
  readonly port?: number | undefined;
  /** Its own web UI; off unless a port is given. */
  readonly uiPort?: number | undefined;
  readonly log: (line: string) => void;
}

const READY_WITHIN_MS = 30_000;
const STOP_GRACE_MS = 8_000;
const CHECK_EVERY_MS = 500;
const MAX_LOG_BYTES = 10_000_000;

/** Starts it, or takes over the one that a killed Cordon left behind. If it dies later it is started again on the same port. */
export async function startTemporalServer(options: ServerOptions): Promise<TemporalServer> {
  const { folder, log } = options;
  const noteFile = join(folder, 'temporal.pid');
  await checkDatabaseVersion(options.binary, folder);
  const kept = lastPort(noteFile);
  const leftover = readNote(noteFile);
  let current = leftover === undefined ? undefined : await takeOver(leftover, options);
  const takenOver = current !== undefined;
  current ??= await launch(options, await choosePort(options, kept), noteFile);

  let stopping = false;
  let running: OwnProcess = current;
  const watch = (async () => {
    for (let failures = 0; !stopping; ) {
      await sleep(CHECK_EVERY_MS, undefined, { ref: false });
      if (stopping || stillRuns(running)) continue;
      log(`Temporal ended unexpectedly; starting it again on port ${running.port}`);
      try {
        running = await launch(options, running.port, noteFile);
        failures = 0;
      } catch (error) {
        failures += 1;
        log(error instanceof Error ? error.message : String(error));
        await sleep(Math.min(1_000 * 2 ** failures, 15_000), undefined, { ref: false });
      }
    }
  })();
  return {
    address: `127.0.0.1:${running.port}`,
    pid: () => running.pid,
    takenOver,
    stop: async () => {
      stopping = true;
      await endProcess(running, STOP_GRACE_MS);
      await Promise.race([watch, sleep(CHECK_EVERY_MS, undefined, { ref: false })]);
      // A restart may have been under way.
      await endProcess(running, STOP_GRACE_MS);
    },
  };
}

/** Used as it is when it is what we would start today and it answers; else it is ended. */
async function takeOver(leftover: OwnProcess, options: ServerOptions): Promise<OwnProcess | undefined> {
  const port = options.port ?? leftover.port;
  const same = JSON.stringify(leftover.args) === JSON.stringify([options.binary, ...serverArguments(options, port)]);
  if (same && (await answers(port))) return leftover;
  options.log(`ending the Temporal server that was left behind (process ${leftover.pid})`);
  await endProcess(leftover, STOP_GRACE_MS);
  return undefined;
}

async function choosePort(options: ServerOptions, kept: number | undefined): Promise<number> {
  if (options.port === undefined) return freePort(kept);
  if (await isFree(options.port)) return options.port;
  throw portTaken(options.port);
}

async function launch(options: ServerOptions, port: number, noteFile: string): Promise<OwnProcess> {
  const logFile = join(options.folder, 'temporal.log');
  const args = serverArguments(options, port);
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) truncateSync(logFile);
  const logBegins = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const output = openSync(logFile, 'a', 0o600);
  // detached: a Ctrl-C reaches only us, so that the worker stops before the server. A log file, no pipe: it must survive us.
  const child = spawn(options.binary, args, { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  child.unref();
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  if (child.pid === undefined)
    throw new StartError('TEMPORAL_START_FAILED', `Temporal could not be started: ${await failed}.`, advice(options.folder));
  const note = writeNote(noteFile, { pid: child.pid, port, args: [options.binary, ...args] });
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 25) {
    if (hasEnded(child)) {
      rmSync(noteFile, { force: true });
      throw explain(readFileSync(logFile, 'utf8').slice(logBegins), port, options.folder);
    }
    if (await answers(port)) return note;
    await sleep(25);
  }
  await endProcess(note, 1_000);
  throw new StartError('TEMPORAL_START_FAILED', `Temporal did not answer within ${READY_WITHIN_MS / 1000} s.`, advice(options.folder));
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** What its last words mean. */
function explain(output: string, port: number, folder: string): StartError {
  if (/address already in use/i.test(output)) return portTaken(port);
  if (/no space left|disk is full/i.test(output)) {
    return new StartError(
      'DISK_FULL',
      `Temporal cannot write to ${folder}: the disk is full.`,
      'Free some space and start again; nothing is lost.',
    );
  }
  return new StartError('TEMPORAL_START_FAILED', `Temporal ended while starting:\n${output.trim().slice(-2_000)}`, advice(folder));
}

const portTaken = (port: number) =>
  new StartError(
    'PORT_TAKEN',
    `Port ${port} for Temporal is in use by another program.`,
    'Set CORDON_TEMPORAL_PORT to a free port, or unset it: then a free one is chosen.',
  );

const advice = (folder: string) => `Its whole log is ${join(folder, 'temporal.log')}.`;
