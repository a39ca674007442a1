// The data folder: one Cordon at a time, never a newer one's, never on a full disk. What is wrong is found before anything in it is touched.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { writeDurably } from '../store/write-durably.ts';
import { codeOf } from './error-code.ts';
import { StartError } from './start-error.ts';

/** Raised when files in the folder change shape in a way that an older Cordon must not touch. */
const FORMAT = 1;
const VERSION_FILE = 'data-folder.json';
/** Below this, databases cannot be relied on, bytes. */
const LEAST_FREE_BYTES = 100_000_000;

export interface DataFolder {
  readonly path: string;
  /** False: it was there already, with what earlier starts have kept. */
  readonly isNew: boolean;
  readonly release: () => void;
}

/** Throws StartError: DATA_NEWER, DATA_DAMAGED, DATA_NOT_WRITABLE, DISK_FULL, DATA_IN_USE. */
export function openDataFolder(path: string, cordonVersion: string, freeBytes = freeBytesOf): DataFolder {
  const isNew = !existsSync(join(path, VERSION_FILE));
  if (!isNew) checkVersion(path);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    const free = freeBytes(path);
    if (free < LEAST_FREE_BYTES) throw diskFull(path, free);
    const lock = take(path);
    writeDurably(join(path, VERSION_FILE), `${JSON.stringify({ format: FORMAT, writtenBy: cordonVersion })}\n`);
    return { path, isNew, release: () => lock.release() };
  } catch (error) {
    throw explain(error, path);
  }
}

function checkVersion(path: string): void {
  const text = readFileSync(join(path, VERSION_FILE), 'utf8');
  const found: unknown = parseJson(text);
  const format = typeof found === 'object' && found !== null && 'format' in found ? found.format : undefined;
  if (format === FORMAT) return;
  if (typeof format !== 'number') {
    throw new StartError(
      'DATA_DAMAGED',
      `${join(path, VERSION_FILE)} says nothing of what wrote it (it is cut off, or not ours). Nothing was touched.`,
      `Restore the folder from a backup. Where nothing else in it is damaged, write {"format":${FORMAT}} into that file and start again.`,
    );
  }
  const by = typeof found === 'object' && found !== null && 'writtenBy' in found ? String(found.writtenBy) : 'unknown';
  throw new StartError(
    'DATA_NEWER',
    `The data folder ${path} was written by a newer Cordon (version ${by}, format ${format}; this one knows ${FORMAT}). Nothing was touched.`,
    'Start the newer Cordon, or give this one another folder: CORDON_DATA.',
  );
}

function take(path: string): FolderLock {
  try {
    return lockFolder(path);
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== 'STORE_IN_USE') throw error;
    throw new StartError(
      'DATA_IN_USE',
      `Another Cordon uses the data folder ${path}. ${error.message}`,
      'It goes on untouched. For a second installation set CORDON_DATA, CORDON_PORT and CORDON_RANGE_PORT to values of its own.',
      { cause: error },
    );
  }
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof StartError) return error;
  const code = codeOf(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, 0);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'it may not be written by this user',
    EPERM: 'it may not be written by this user',
    EROFS: 'its disk is read-only',
    ENOTDIR: 'a part of its path is a file',
    EEXIST: 'it is a file',
  };
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new StartError(
    'DATA_NOT_WRITABLE',
    `The data folder ${path} cannot be used: ${reason}.`,
    'Mend that, or set CORDON_DATA to another folder.',
    {
      cause: error,
    },
  );
}

const diskFull = (path: string, free: number) =>
  new StartError(
    'DISK_FULL',
    `The disk of the data folder ${path} has ${Math.floor(free / 1_000_000)} MB left; Cordon starts with at least ${LEAST_FREE_BYTES / 1_000_000} MB.`,
    'Free some space and start again; what is there is untouched.',
  );

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
