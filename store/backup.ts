// All tables of a store as the lines of one file, of one moment: on PostgreSQL beside its work, on the embedded store with nobody else in it.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { BACKUP_FORMAT, type BackupHeader, type BackupSeal, rowLine, sealing } from './backup-file.ts';
import { storeError } from './errors.ts';
import type { Store, Trx } from './store.ts';
import type { Database } from './tables.ts';

export type TableCounts = Readonly<Record<string, number>>;

export interface BackupMade {
  readonly header: BackupHeader;
  readonly seal: BackupSeal;
  readonly counts: TableCounts;
}

/** Rows of one answer: an alert may be a megabyte. */
const PAGE = 100;
/** Bytes, roughly, that are gathered for one write. */
const CHUNK = 1_000_000;

/** For its owner's eyes: it holds what the store holds, alerts and the digests of passwords too. A file that is there already is never replaced. */
export async function writeBackup(store: Store, path: string, now: Date): Promise<BackupMade> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('cordon_migrations') is not null as there`.execute(store.db);
  if (rows[0]?.there !== true) throw storeError('STORE_EMPTY', 'Cordon never kept anything in this store, so there is nothing to back up.');
  const claim = await open(path, 'wx', 0o600);
  await claim.close();
  const aside = `${path}.part`;
  try {
    // Made anew, so that it is ours whoever has put one there before.
    await rm(aside, { force: true });
    const file = await open(aside, 'wx', 0o600);
    try {
      const made = await write(store, file, now);
      await file.sync();
      await rename(aside, path);
      return made;
    } finally {
      await file.close();
    }
  } catch (error) {
    await Promise.all([aside, path].map((one) => rm(one, { force: true })));
    throw error;
  }
}

async function write(store: Store, file: FileHandle, now: Date): Promise<BackupMade> {
  const { add, seal } = sealing();
  const counts: Record<string, number> = {};
  let pending = '';
  const put = async (line: string): Promise<void> => {
    pending += `${line}\n`;
    if (pending.length > CHUNK) await flush();
  };
  const flush = async (): Promise<void> => {
    await file.writeFile(pending);
    pending = '';
  };
  const header = await inSnapshot(store.db, async (trx) => {
    const first = await headerOf(trx, store, now);
    add(JSON.stringify(first));
    await put(JSON.stringify(first));
    for (const table of await tablesInOrder(trx)) {
      counts[table] = 0;
      for await (const row of rowsOf(trx, table)) {
        const line = rowLine(table, row);
        add(line);
        await put(line);
        counts[table] += 1;
      }
    }
    return first;
  });
  const sealed = seal();
  await put(JSON.stringify(sealed));
  await flush();
  return { header, seal: sealed, counts };
}

/** One moment for all that is read in it, as long as it takes. */
export async function inSnapshot<T>(db: Kysely<Database>, read: (trx: Trx) => Promise<T>): Promise<T> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await sql`set transaction read only`.execute(trx);
      await sql`set local statement_timeout = 0`.execute(trx);
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
      await sql`set local timezone = 'UTC'`.execute(trx);
      return await read(trx);
    });
}

async function headerOf(trx: Trx, store: Store, now: Date): Promise<BackupHeader> {
  const { rows } = await sql<{ name: string }>`select name from cordon_migrations order by name collate "C"`.execute(trx);
  return {
    type: 'backup',
    format: BACKUP_FORMAT,
    madeAt: now.toISOString(),
    store: store.kind,
    migrations: rows.map(({ name }) => name),
    sequences: await sequencesOf(trx),
  };
}

/** Those that have been used; the next number is a higher one. */
async function sequencesOf(trx: Trx): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ name: string; at: string }>`
    select sequencename as name, last_value::text as at from pg_sequences where schemaname = current_schema() and last_value is not null`.execute(
    trx,
  );
  return Object.fromEntries(rows.map(({ name, at }) => [name, at]));
}

/** Without the list of migrations, which a restore makes itself. What is referred to comes before what refers to it. */
export async function tablesInOrder(trx: Trx): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema() and tablename <> 'cordon_migrations' order by tablename collate "C"`.execute(
    trx,
  );
  const { rows: references } = await sql<{ from: string; to: string }>`
    select f.relname as from, t.relname as to from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
    where c.contype = 'f' and f.relnamespace = current_schema()::regnamespace and f.oid <> t.oid`.execute(trx);
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    for (const { from, to } of references) if (from === name) visit(to);
    ordered.push(name);
  };
  for (const { name } of tables) visit(name);
  return ordered;
}

/** Each as the database writes it. Not as jsonb: that would reorder the members of stored plans. */
export async function* rowsOf(trx: Trx, table: string): AsyncGenerator<string> {
  await sql`declare backup no scroll cursor for select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(trx);
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${sql.lit(PAGE)} from backup`.execute(trx);
    for (const { row } of rows) yield row;
    if (rows.length < PAGE) break;
  }
  await sql`close backup`.execute(trx);
}
