// An empty, migrated store in memory. Making a database takes seconds of CPU, so it is made once for each schema and then copied.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { migrateStore } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';

const folder = resolve('node_modules/.cache/cordon');
const file = `${folder}/empty-store.tar`;

export async function openMemoryStore(): Promise<Store> {
  const image = await emptyStoreImage();
  const store = await openStore({ memory: true, image: new Blob([readFileSync(image)]) }, { production: false });
  await migrateStore(store);
  return store;
}

/** The file with it, made if it is not there yet. */
export async function emptyStoreImage(): Promise<string> {
  if (!existsSync(file)) await makeImage();
  return file;
}

/** Several at once each make it; the last rename wins, and all are alike. */
async function makeImage(): Promise<void> {
  const pglite = new PGlite('memory://');
  await pglite.waitReady;
  const image = await pglite.dumpDataDir('none');
  await pglite.close();
  mkdirSync(folder, { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, Buffer.from(await image.arrayBuffer()));
  renameSync(mine, file);
}
