// A migrated store in memory. Making a database takes seconds of CPU, and so does migrating it: each is done once for a schema, then copied.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { migrateStore } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/migrations.ts';
import { openStore } from '../../store/open.ts';
import { openSessionPool } from '../../store/session-pool.ts';
import type { Store } from '../../store/store.ts';
import type { Database } from '../../store/tables.ts';

const folder = resolve('node_modules/.cache/cordon');
const MIGRATED = 'migrated-store-';

export async function openMemoryStore(): Promise<Store> {
  const store = await openStore({ memory: true, image: new Blob([readFileSync(await migratedStoreImage())]) }, { production: false });
  await migrateStore(store); // finds nothing to do
  return store;
}

/** The file with a database that holds nothing, made if it is not there yet. */
export const emptyStoreImage = async (): Promise<string> => await image('empty-store', async () => new PGlite('memory://'));

/** The same, migrated by the migrations as they are now: their text is in its name. */
export async function migratedStoreImage(): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  return await image(`${MIGRATED}${digest}`, async () => {
    const pglite = new PGlite('memory://', { loadDataDir: new Blob([readFileSync(await emptyStoreImage())]) });
    // Those of other migrations only: what another worker is writing at this moment is of these.
    const isOld = (name: string) => name.startsWith(MIGRATED) && !name.includes(digest);
    for (const old of readdirSync(folder).filter(isOld)) rmSync(`${folder}/${old}`, { force: true });
    await pglite.waitReady;
    const pool = await openSessionPool(pglite);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    await migrateStore({ slow: db, folder: null });
    // What opens the copy has nothing to recover.
    await sql`checkpoint`.execute(db);
    await pool.end();
    return pglite;
  });
}

/** Several at once each make it; the last rename wins, and all are alike. */
async function image(name: string, make: () => Promise<PGlite>): Promise<string> {
  const file = `${folder}/${name}.tar`;
  if (existsSync(file)) return file;
  const pglite = await make();
  await pglite.waitReady;
  const made = await pglite.dumpDataDir('none');
  await pglite.close();
  mkdirSync(folder, { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, Buffer.from(await made.arrayBuffer()));
  renameSync(mine, file);
  return file;
}
