// A backup into an empty store, and the comparison of the two afterwards.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { inSnapshot, rowsOf, tablesInOrder } from './backup.ts';
import { type BackupHeader, checkBackup, fileLines, readRowLine, rowLine } from './backup-file.ts';
import type { VerifySignature } from './checkpoint.ts';
import { storeError } from './errors.ts';
import { newerStore } from './folder-version.ts';
import { migrateStore } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { markRestored } from './restored.ts';
import type { Store, Trx } from './store.ts';
import { type AuditReport, verifyAudit } from './verify-audit.ts';

/** Rows of one statement, and characters, roughly. */
const BATCH = { rows: 200, characters: 4_000_000 };

/** As the backup has it, of its schema: migrateStore() brings it up to date, freezeRestored() lets it be used. Throws BACKUP_DAMAGED, STORE_NEWER, STORE_NOT_EMPTY, having changed nothing. */
export async function restoreBackup(store: Store, path: string): Promise<BackupHeader> {
  const { header } = await checkBackup(path);
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const foreign = header.migrations.find((name) => !known.has(name));
  if (foreign !== undefined) throw newerStore('This backup', foreign);
  await mustBeEmpty(store);
  const then = new Set(header.migrations);
  await migrateStore(
    store,
    MIGRATIONS.filter(({ name }) => then.has(name)),
  );
  await store.slow.transaction().execute(async (trx) => {
    await markRestored(trx);
    await fill(trx, path);
    for (const [name, at] of Object.entries(header.sequences)) await sql`select setval(${name}::regclass, ${at}::bigint)`.execute(trx);
  });
  return header;
}

async function mustBeEmpty({ db }: Store): Promise<void> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema() limit 1`.execute(
    db,
  );
  const there = rows[0]?.name;
  if (there !== undefined)
    throw storeError(
      'STORE_NOT_EMPTY',
      `A backup is restored into an empty store only, and this one has tables (${there}). Nothing was changed.`,
    );
}

async function fill(trx: Trx, path: string): Promise<void> {
  const tables = await tablesInOrder(trx);
  // What migrations put there is in the backup too, as it was then.
  await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))}`.execute(trx);
  const known = new Set(tables);
  let batch: { table: string; rows: string[]; characters: number } = { table: '', rows: [], characters: 0 };
  const flush = async (): Promise<void> => {
    if (batch.rows.length === 0) return;
    const table = sql.table(batch.table);
    await sql`insert into ${table} overriding system value
      select r.* from json_populate_recordset(null::${table}, ${`[${batch.rows.join(',')}]`}::json) r`.execute(trx);
  };
  for await (const line of fileLines(path)) {
    if (!line.startsWith('{"table":')) continue; // header and seal: checked already
    const { table, row } = readRowLine(line);
    if (!known.has(table))
      throw storeError('BACKUP_DAMAGED', `The backup has rows of ${table}, which its schema does not know. Nothing was restored.`);
    if (table !== batch.table || batch.rows.length >= BATCH.rows || batch.characters >= BATCH.characters) {
      await flush();
      batch = { table, rows: [], characters: 0 };
    }
    batch.rows.push(row);
    batch.characters += row.length;
  }
  await flush();
}

export interface RestoreReport {
  readonly ok: boolean;
  /** Each thing that was compared, in words that stand beside "equal". */
  readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly found: string }[];
  readonly audit: AuditReport;
}

/** Is the restored store what the backup says, to the last row? Before migrateStore(): a newer schema has other rows. */
export async function verifyRestored(store: Store, path: string, verify: VerifySignature): Promise<RestoreReport> {
  const { header } = await checkBackup(path);
  const then = await digests(linesOf(path));
  const { now, migrations, holds } = await inSnapshot(store.db, async (trx) => ({
    now: await digests(storedLines(trx)),
    migrations: (await sql<{ name: string }>`select name from cordon_migrations order by name collate "C"`.execute(trx)).rows,
    holds: await openHolds(trx),
  }));
  const audit = await verifyAudit(store.db, verify);
  const differs = [...new Set([...then.keys(), ...now.keys()])].filter((table) => then.get(table)?.digest !== now.get(table)?.digest);
  const held = then.get('holds');
  const rows = [...now.values()].reduce((sum, { count }) => sum + count, 0);
  const same = migrations.map(({ name }) => name).join() === [...header.migrations].sort().join();
  const bad = audit.bad ?? audit.badCheckpoint;
  const checks = [
    { what: 'migrations', ok: same, found: `${migrations.length} of ${header.migrations.length}` },
    {
      what: 'rows',
      ok: differs.length === 0,
      found: differs.length === 0 ? `${rows} in ${now.size} tables` : `differ in ${differs.join(', ')}`,
    },
    { what: 'open holds', ok: held?.digest === now.get('holds')?.digest, found: String(holds) },
    {
      what: 'audit',
      ok: audit.ok,
      found: bad ? `not intact: ${JSON.stringify(bad)}` : `${audit.events} events in ${audit.streams} chains`,
    },
  ];
  return { ok: checks.every(({ ok }) => ok), checks, audit };
}

async function openHolds(trx: Trx): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from holds where state in ('active', 'releasing', 'debt')`.execute(trx);
  return Number(rows[0]?.count);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  for await (const line of fileLines(path)) if (line.startsWith('{"table":')) yield line;
}

async function* storedLines(trx: Trx): AsyncGenerator<string> {
  for (const table of await tablesInOrder(trx)) for await (const row of rowsOf(trx, table)) yield rowLine(table, row);
}

interface Rows {
  count: number;
  digest: bigint;
}

/** Of each table that has rows. Independent of their order: no database promises one. */
async function digests(lines: AsyncIterable<string>): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>();
  for await (const line of lines) {
    const { table } = readRowLine(line);
    const sum = found.get(table) ?? { count: 0, digest: 0n };
    const digest = BigInt.asUintN(256, sum.digest + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`));
    found.set(table, { count: sum.count + 1, digest });
  }
  return found;
}
