// A process of ours that outlives a kill -9 of Cordon: a note about it is kept in the data folder, so that the next start knows it again.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, stillRuns } from './process-identity.ts';

export interface OwnProcess {
  readonly pid: number;
  readonly started: string;
  readonly port: number;
  /** Program and arguments, to tell whether it still is what we would start today. */
  readonly args: readonly string[];
}

/** The process of the note, if it is still running; a note about one that has ended is removed. */
export function readNote(file: string): OwnProcess | undefined {
  const note = parse(file);
  if (note !== undefined && stillRuns(note)) return note;
  rmSync(file, { force: true });
  return undefined;
}

/** The port of the note, even when its process has ended: an address that stays the same is kind to people and to connections. */
export const lastPort = (file: string): number | undefined => parse(file)?.port;

/** Notes a process that has just been started. Written aside and renamed: a half note would disown the process. */
export function writeNote(
  file: string,
  process: { readonly pid: number; readonly port: number; readonly args: readonly string[] },
): OwnProcess {
  const note: OwnProcess = { ...process, started: identityOf(process.pid)?.started ?? '' };
  writeFileSync(`${file}.new`, JSON.stringify(note));
  renameSync(`${file}.new`, file);
  return note;
}

/** Ends it: asks, waits, then forces. Returns when it is gone; never hangs. */
export async function endProcess(known: { readonly pid: number; readonly started: string }, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', 2_000],
  ] as const) {
    if (!stillRuns(known)) return;
    try {
      process.kill(known.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < waitMs && stillRuns(known); waited += 25) await sleep(25);
  }
}

function parse(file: string): OwnProcess | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isNote(note: unknown): note is OwnProcess {
  return (
    typeof note === 'object' &&
    note !== null &&
    'pid' in note &&
    typeof note.pid === 'number' &&
    'started' in note &&
    typeof note.started === 'string' &&
    note.started !== '' &&
    'port' in note &&
    typeof note.port === 'number' &&
    'args' in note &&
    Array.isArray(note.args)
  );
}
