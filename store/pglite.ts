// The embedded store, for one process on one machine: PostgreSQL within this process. It survives the death of the process, not a power cut.
import { existsSync, mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import { createData } from './create-data.ts';
import { type DiskGuard, type FreeBytes, guardDisk } from './disk-guard.ts';
import { classifyStoreError, storeError } from './errors.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { checkFolderVersion, dataFolder, noteFolderComplete } from './folder-version.ts';
import { openSessionPool } from './session-pool.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';
import { gatherWakes } from './wake.ts';

/** A quarter of PostgreSQL's default: the files' pages are in the system's cache as well, and this process is to stay small. */
const START = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'];

/** In memory; `image` saves making the database from nothing, which takes seconds. */
export async function openMemoryPglite(image?: Blob): Promise<Store> {
  return open(null, new PGlite('memory://', { startParams: START, ...(image ? { loadDataDir: image } : {}) }));
}

export async function openPglite(folder: string, freeBytes?: FreeBytes): Promise<Store> {
  makeFolder(folder);
  const lock = lockFolder(folder);
  try {
    const data = dataFolder(folder);
    checkFolderVersion(folder);
    if (!existsSync(data)) await createData(data);
    const store = await open(folder, new PGlite(data, { startParams: START }), lock, guardDisk(folder, freeBytes));
    noteFolderComplete(folder);
    return store;
  } catch (error) {
    lock.release();
    throw classifyStoreError(error) ?? error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw classifyStoreError(error) ?? storeError('STORE_UNAVAILABLE', `The store's folder ${folder} cannot be made.`, error);
  }
}

async function open(folder: string | null, pglite: PGlite, lock?: FolderLock, disk?: DiskGuard): Promise<Store> {
  await pglite.waitReady;
  const pool = await openSessionPool(pglite, disk && { disk });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  // Nobody else can have it open, so everybody who could listen is in this process.
  const wakes = gatherWakes(() => {});
  let closing: Promise<void> | undefined;
  const close = async () => {
    wakes.close();
    await pool.end();
    if (pool.broken() === undefined) await pglite.close(); // a broken one would not answer
    lock?.release();
  };
  return {
    db,
    slow: db,
    kind: 'pglite',
    folder,
    wake: wakes.wake,
    onWake: wakes.listen,
    // Not by a statement: that would wait for whatever holds the only session.
    ready: async () => !closing && !pglite.closed && pool.broken() === undefined,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
