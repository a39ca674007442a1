// A server of another program that Cordon starts, watches and ends: detached, so that a Ctrl-C reaches only Cordon, which then stops things in order.
// After a kill -9 of Cordon it is still there; the next start knows it again by its note, and uses it or ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, type OwnProcess, readNote, writeNote } from './own-process.ts';
import { answers, isFree } from './ports.ts';
import { stillRuns } from './process-identity.ts';
import { StartError } from './start-error.ts';

export interface ChildServerSpec {
  readonly title: string;
  readonly command: string;
  /** For the port that it listens on, on loopback. */
  readonly args: (port: number) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where it is started. Default: where we are. */
  readonly cwd?: string;
  /** Where it is noted: process id, start time, port, arguments. */
  readonly noteFile: string;
  readonly logFile: string;
  /** The port to use when there is no leftover to take over. */
  readonly choosePort: () => number | Promise<number>;
  /** What to say when somebody else listens there. */
  readonly portTaken: (port: number) => StartError;
  /** Its settings ask for another port than the leftover's? Then that one is ended. */
  readonly wantedPort?: number | undefined;
  /** What its last words mean; undefined: nothing known. */
  readonly explain?: (output: string, port: number) => StartError | undefined;
  readonly code: string;
  readonly log: (line: string) => void;
  /** Default 30 s. */
  readonly readyWithinMs?: number;
  /** How long it may take to end when it is asked to. Default 8 s. */
  readonly stopGraceMs?: number;
}

export interface ChildServer {
  readonly port: number;
  readonly pid: () => number;
  /** It ran already, after a kill of Cordon, and is used as it is. */
  readonly takenOver: boolean;
  /** Asks it to end, waits, then forces. Never hangs. */
  readonly stop: () => Promise<void>;
}

const STOP_GRACE_MS = 8_000;
const CHECK_EVERY_MS = 500;
const MAX_LOG_BYTES = 10_000_000;

export async function startChildServer(spec: ChildServerSpec): Promise<ChildServer> {
  const leftover = readNote(spec.noteFile);
  const taken = leftover === undefined ? undefined : await takeOver(spec, leftover);
  let running = taken ?? (await launch(spec, await spec.choosePort()));
  const port = running.port;
  const stopping = new AbortController();
  const watching = watch(
    spec,
    () => running,
    stopping.signal,
    (next) => {
      running = next;
    },
  );
  return {
    port,
    pid: () => running.pid,
    takenOver: taken !== undefined,
    stop: async () => {
      stopping.abort();
      await watching;
      await endProcess(running, spec.stopGraceMs ?? STOP_GRACE_MS);
      rmSync(spec.noteFile, { force: true });
    },
  };
}

/** Used as it is when it is what we would start today and it answers; else it is ended. */
async function takeOver(spec: ChildServerSpec, leftover: OwnProcess): Promise<OwnProcess | undefined> {
  const port = spec.wantedPort ?? leftover.port;
  const same = JSON.stringify(leftover.args) === JSON.stringify([spec.command, ...spec.args(port)]);
  if (same && (await answers(port))) return leftover;
  spec.log(`ending ${spec.title} that was left behind (process ${leftover.pid})`);
  await endProcess(leftover, STOP_GRACE_MS);
  return undefined;
}

/** Until it is aborted: starts the server again, on its port, when it has died. */
async function watch(
  spec: ChildServerSpec,
  current: () => OwnProcess,
  stop: AbortSignal,
  replace: (next: OwnProcess) => void,
): Promise<void> {
  const rest = (ms: number) => sleep(ms, undefined, { ref: false, signal: stop }).catch(() => undefined);
  for (let failures = 0; !stop.aborted; ) {
    await rest(failures === 0 ? CHECK_EVERY_MS : Math.min(1_000 * 2 ** failures, 15_000));
    if (stop.aborted || stillRuns(current())) continue;
    spec.log(`${spec.title} ended unexpectedly; starting it again on port ${current().port}`);
    try {
      replace(await launch(spec, current().port));
      failures = 0;
    } catch (error) {
      failures += 1;
      spec.log(error instanceof Error ? error.message : String(error));
    }
  }
}

async function launch(spec: ChildServerSpec, port: number): Promise<OwnProcess> {
  const { logFile, noteFile, command } = spec;
  // Else whoever listens there already would be taken for the answer of the one that we start.
  if (!(await isFree(port))) throw spec.portTaken(port);
  const args = spec.args(port);
  if (sizeOf(logFile) > MAX_LOG_BYTES) truncateSync(logFile);
  const logBegins = sizeOf(logFile);
  // A file and no pipe: it must survive us.
  const output = openSync(logFile, 'a', 0o600);
  // What it writes is for this user alone, as what we write is; also where the folder itself may be read by others.
  const before = process.umask(0o077);
  const child = spawn(command, args, {
    stdio: ['ignore', output, output],
    detached: true,
    ...(spec.env === undefined ? {} : { env: spec.env }),
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  process.umask(before);
  closeSync(output);
  child.unref();
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const advice = `Its whole log is ${logFile}.`;
  if (child.pid === undefined) throw new StartError(spec.code, `${spec.title} could not be started: ${await failed}.`, advice);
  const note = writeNote(noteFile, { pid: child.pid, port, args: [command, ...args] });
  const withinMs = spec.readyWithinMs ?? 30_000;
  for (let waited = 0; waited < withinMs; waited += 25) {
    if (hasEnded(child)) {
      rmSync(noteFile, { force: true });
      const words = readFileSync(logFile, 'utf8').slice(logBegins);
      throw (
        spec.explain?.(words, port) ??
        new StartError(spec.code, `${spec.title} ended while starting:\n${words.trim().slice(-2_000)}`, advice)
      );
    }
    if (await answers(port)) return note;
    await sleep(25);
  }
  await endProcess(note, 1_000);
  throw new StartError(spec.code, `${spec.title} did not answer within ${withinMs / 1000} s.`, advice);
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
