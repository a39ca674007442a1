// One process at a time in an embedded store's folder: PGlite itself lets a second one in, and loses its rows without a word.
// The lock is a file with the holder's pid and start time. It appears complete (written aside, then linked), so it is never half there.
import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, storeError } from './errors.ts';
import { isSameProcess, type ProcessMark, thisProcess } from './process-mark.ts';
import { writeDurably } from './write-durably.ts';

export interface FolderLock {
  release(): void;
}

/** The holder touches its lock this often: the only sign of life that crosses containers and hosts. */
const TOUCH_MS = 5_000;
const SILENT_AFTER_MS = 30_000;
const TAKEOVER_LIMIT_MS = 10_000;

/** Throws STORE_IN_USE where a living process holds it. The lock of a dead one is taken over. */
export function lockFolder(folder: string, self: ProcessMark = thisProcess()): FolderLock {
  const file = join(folder, 'store.lock');
  const mine = `${file}.${self.pid}`;
  const text = JSON.stringify(self);
  writeDurably(mine, text);
  try {
    takeLock(file, mine, self);
  } finally {
    rmSync(mine, { force: true });
  }
  const timer = setInterval(() => touch(file), TOUCH_MS);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      if (read(file) === text) rmSync(file, { force: true });
    },
  };
}

function takeLock(file: string, mine: string, self: ProcessMark): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (link(mine, file)) return;
    const held = read(file);
    if (held === undefined) continue; // released since
    refuseLiving(file, held, self);
    removeDead(file, held);
  }
  throw storeError('STORE_IN_USE', `Several processes are starting on ${file} at once. Start one of them.`);
}

function refuseLiving(file: string, held: string, self: ProcessMark): void {
  const holder = parseMark(held);
  if (!holder) {
    throw storeError(
      'STORE_IN_USE',
      `${file} cannot be read, so nobody knows whether the store is in use. If no Cordon runs there, delete that file.`,
    );
  }
  if (holder.place !== self.place) {
    // Another container or host: its pids mean nothing here.
    const silentMs = Date.now() - mtimeMs(file);
    if (silentMs >= SILENT_AFTER_MS) return;
    const inSeconds = Math.ceil((SILENT_AFTER_MS - silentMs) / 1000);
    throw storeError(
      'STORE_IN_USE',
      `The store is held from another container or host (process ${holder.pid} on ${holder.host}). Stop it; if it is gone already, start again in ${inSeconds} s.`,
    );
  }
  if (!isSameProcess(holder)) return;
  const whose = holder.pid === self.pid ? 'this process has it open already' : `process ${holder.pid} has it open`;
  throw storeError(
    'STORE_IN_USE',
    `The store is in use: ${whose} (${file}). Stop that Cordon first, or give this one another data folder.`,
  );
}

/** Only one process at a time may remove a dead lock; else the slower of two would remove the living lock of the faster one. */
function removeDead(file: string, held: string): void {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch {
    if (Date.now() - mtimeMs(guard) > TAKEOVER_LIMIT_MS) rmdir(guard); // its maker died within these few lines
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return;
  }
  try {
    if (read(file) === held) unlinkSync(file);
  } finally {
    rmdir(guard);
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseMark(text: string): ProcessMark | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== 'object' || found === null) return undefined;
    const { pid, startedAt, place, host } = found as Record<string, unknown>; // an object: each member is checked below
    if (typeof pid !== 'number' || typeof startedAt !== 'string' || typeof place !== 'string' || typeof host !== 'string') return undefined;
    return { pid, startedAt, place, host };
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // A full disk or a folder that was removed: the next statement says so better.
  }
}

function mtimeMs(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return Date.now(); // gone: nothing old about it
  }
}

function rmdir(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Somebody else has removed it.
  }
}
