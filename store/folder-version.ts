// store.json beside the data says what wrote it. It is read before the data is touched, and its being there means that the data was created completely.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { storeError } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { writeDurably } from './write-durably.ts';

/** Raised when the embedded database's files change shape (PGlite moving to another PostgreSQL). 1: PostgreSQL 18. */
const FORMAT = 1;

interface FolderVersion {
  readonly format: number;
  /** Last migration; null: none yet. */
  readonly schema: string | null;
}

export function dataFolder(folder: string): string {
  return join(folder, 'pgdata');
}

/** Refuses data of a newer Cordon (STORE_NEWER). Half-created data of a start that was killed is put aside. */
export function checkFolderVersion(folder: string): void {
  const version = readVersion(folder);
  if (version === undefined) {
    putAside(folder);
    return;
  }
  const known = version.schema === null || MIGRATIONS.some((migration) => migration.name === version.schema);
  if (version.format > FORMAT || !known) throw newerStore(folder, version.schema ?? `format ${version.format}`);
  if (version.format < FORMAT) {
    throw storeError(
      'STORE_DAMAGED',
      `${folder} has files of format ${version.format}, this Cordon reads ${FORMAT}. Export it with the Cordon that wrote it.`,
    );
  }
}

export function writeFolderVersion(folder: string, schema: string | null): void {
  const version: FolderVersion = { format: FORMAT, schema };
  writeDurably(versionFile(folder), `${JSON.stringify(version)}\n`);
}

/** Keeps what an earlier start has noted; the first start notes that the data is complete. */
export function noteFolderComplete(folder: string): void {
  if (readVersion(folder) === undefined) writeFolderVersion(folder, null);
}

export function newerStore(where: string, found: string): Error {
  const ours = MIGRATIONS.at(-1)?.name ?? 'none';
  return storeError(
    'STORE_NEWER',
    `${where} was written by a newer Cordon (${found}; this one knows up to ${ours}). Nothing was changed. Start the newer Cordon, or restore a backup from before it.`,
  );
}

/** Nothing in it was ever acknowledged; still, it is only removed when the next one comes. */
function putAside(folder: string): void {
  const data = dataFolder(folder);
  if (!existsSync(data)) return;
  rmSync(`${data}.incomplete`, { recursive: true, force: true });
  renameSync(data, `${data}.incomplete`);
}

function versionFile(folder: string): string {
  return join(folder, 'store.json');
}

function readVersion(folder: string): FolderVersion | undefined {
  const file = versionFile(folder);
  if (!existsSync(file)) return undefined;
  const version = parseVersion(readFileSync(file, 'utf8'));
  if (!version) throw storeError('STORE_DAMAGED', `${file} cannot be read. Restore it from a backup; it is written with each upgrade.`);
  return version;
}

function parseVersion(text: string): FolderVersion | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== 'object' || found === null || !('format' in found) || !('schema' in found)) return undefined;
    const { format, schema } = found;
    if (typeof format !== 'number' || (schema !== null && typeof schema !== 'string')) return undefined;
    return { format, schema };
  } catch {
    return undefined;
  }
}
