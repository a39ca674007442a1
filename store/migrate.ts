// Brings the schema up to date: forward only, in one transaction, by one process at a time.
import { type Kysely, sql, type Transaction } from 'kysely';
import { newerStore, writeFolderVersion } from './folder-version.ts';
import { MIGRATIONS, type MigrationText } from './migrations.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** Key of the advisory lock, held until the transaction ends: any number that nobody else uses. */
const LOCK_KEY = 7_226_366; // 'cordon' on a telephone

/** Returns the names that it applied. Throws STORE_NEWER, having changed nothing, where the database knows a migration that we do not. */
export async function migrateStore(
  store: Pick<Store, 'slow' | 'folder'>,
  migrations: readonly MigrationText[] = MIGRATIONS,
): Promise<readonly string[]> {
  const applied = await store.slow.transaction().execute((trx) => migrate(trx, migrations, store));
  if (store.folder !== null) writeFolderVersion(store.folder, migrations.at(-1)?.name ?? null);
  return applied;
}

/** Is everything applied that this code needs? */
export async function isMigrated(db: Kysely<Database>, migrations: readonly MigrationText[] = MIGRATIONS): Promise<boolean> {
  const there = await sql<{ there: boolean }>`select to_regclass('cordon_migrations') is not null as there`.execute(db);
  if (there.rows[0]?.there !== true) return false;
  const done = new Set(await appliedNames(db));
  return migrations.every((migration) => done.has(migration.name));
}

async function migrate(
  trx: Transaction<Database>,
  migrations: readonly MigrationText[],
  store: Pick<Store, 'folder'>,
): Promise<readonly string[]> {
  await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(trx);
  await sql`create table if not exists cordon_migrations (name text primary key, applied_at timestamptz not null default now())`.execute(
    trx,
  );
  const done = new Set(await appliedNames(trx));
  const known = new Set(migrations.map((migration) => migration.name));
  const foreign = [...done].find((name) => !known.has(name));
  if (foreign !== undefined) throw newerStore(store.folder ?? 'This database', foreign);
  const missing = migrations.filter((migration) => !done.has(migration.name));
  for (const migration of missing) {
    await sql.raw(migration.sql).execute(trx);
    await sql`insert into cordon_migrations (name) values (${migration.name})`.execute(trx);
  }
  return missing.map((migration) => migration.name);
}

async function appliedNames(db: Kysely<Database>): Promise<string[]> {
  const result = await sql<{ name: string }>`select name from cordon_migrations order by name`.execute(db);
  return result.rows.map((row) => row.name);
}
