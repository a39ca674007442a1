// What holds of the store on either database. Each test has a store of its own content: ids are made for it.
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { isMigrated, migrateStore } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/migrations.ts';
import type { Store } from '../../store/store.ts';

export function storeFacts(given: () => Store): void {
  it('has just the tables and columns that tables.ts gives types to', async () => {
    const { rows } = await sql<{ name: string }>`select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = current_schema() and table_name <> 'cordon_migrations' `.execute(given().db);
    expect(rows.map((row) => row.name).sort()).toEqual(await typedColumns());
    expect(await isMigrated(given().db)).toBe(true);
  });

  it('applies nothing the second time', async () => {
    expect(await migrateStore(given())).toEqual([]);
  });

  it('refuses a database that a newer Cordon has written, and changes nothing in it', async () => {
    const { db } = given();
    await sql`insert into cordon_migrations (name) values ('9999_from_the_future')`.execute(db);
    const waiting = [...MIGRATIONS, { name: '9999_test', sql: 'create table must_not_appear (id int)' }];
    await expect(migrateStore(given(), waiting)).rejects.toMatchObject({
      code: 'STORE_NEWER',
      message: expect.stringContaining('9999_from_the_future'),
    });
    const { rows } = await sql<{ found: string | null }>`select to_regclass('must_not_appear')::text as found`.execute(db);
    await sql`delete from cordon_migrations where name = '9999_from_the_future'`.execute(db);
    expect(rows[0]?.found).toBeNull();
  });

  it('leaves nothing of a migration that fails half-way', async () => {
    const broken = [...MIGRATIONS, { name: '9999_broken', sql: 'create table half_there (id int); select * from nowhere_at_all' }];
    await expect(migrateStore(given(), broken)).rejects.toMatchObject({ code: '42P01' });
    const { rows } = await sql<{ found: string | null }>`select to_regclass('half_there')::text as found`.execute(given().db);
    expect(rows[0]?.found).toBeNull();
    expect(await isMigrated(given().db)).toBe(true);
  });

  it('reads types alike: big numbers as text, instants as Date, json parsed, bytes and lists as they were', async () => {
    const at = new Date('2026-03-04T05:06:07.089Z');
    const hostile = { text: 'ü \u2028 "quoted" \\ {a,b}', nested: { list: [1, null, 'x'] } };
    const { rows } =
      await sql`select ${'9007199254740993'}::bigint as big, ${at}::timestamptz as at, ${JSON.stringify(hostile)}::jsonb as json,
      ${new Uint8Array([0, 255, 10])}::bytea as bytes, ${['a"b', 'c,d', '{e}', '']}::text[] as list, ${null}::int as nothing, ${true}::boolean as yes,
      ${0.1}::float8 as fraction`.execute(given().db);
    const row = rows[0] as Record<string, unknown>; // one row was selected
    expect(row).toEqual({
      big: '9007199254740993',
      at,
      json: hostile,
      bytes: expect.anything(),
      list: ['a"b', 'c,d', '{e}', ''],
      nothing: null,
      yes: true,
      fraction: 0.1,
    });
    expect([...(row.bytes as Uint8Array)]).toEqual([0, 255, 10]);
  });

  it('never lets a value become SQL', async () => {
    const { db } = given();
    const name = "x'; drop table settings; --";
    await db
      .insertInto('settings')
      .values({ name, value: JSON.stringify({ name }) })
      .execute();
    const found = await db.selectFrom('settings').select('value').where('name', '=', name).execute();
    expect(found).toEqual([{ value: { name } }]);
  });

  it('keeps nothing of a transaction that throws', async () => {
    const { db } = given();
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('settings').values({ name: 'rolled-back', value: '1' }).execute();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await db.selectFrom('settings').select('name').where('name', '=', 'rolled-back').execute()).toEqual([]);
  });

  it('goes on after a statement that failed, within and outside of a transaction', async () => {
    const { db } = given();
    await expect(sql`select * from no_such_table where x = ${1}`.execute(db)).rejects.toMatchObject({ code: '42P01' });
    await expect(db.transaction().execute((trx) => sql`select ${1}::int / 0`.execute(trx))).rejects.toMatchObject({ code: '22012' });
    expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });

  it('does not let others into a transaction', async () => {
    const { db } = given();
    const name = 'alone';
    await db.insertInto('settings').values({ name, value: '0' }).execute();
    const seen: unknown[] = [];
    await db.transaction().execute(async (trx) => {
      const outside = db
        .selectFrom('settings')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst()
        .then((row) => seen.push(row?.value));
      await trx.updateTable('settings').set({ value: '1' }).where('name', '=', name).execute();
      await trx.updateTable('settings').set({ value: '2' }).where('name', '=', name).execute();
      void outside;
    });
    await db.selectFrom('settings').select('value').where('name', '=', name).execute();
    // Before all of it or after all of it; 1 would be a look into the transaction.
    expect(seen.every((value) => value === 0 || value === 2)).toBe(true);
  });

  it('wakes those who listen, and no others', async () => {
    const store = given();
    const woken: string[] = [];
    const first = new Promise<void>((resolve) => {
      store.onWake('outbox', () => {
        woken.push('outbox');
        resolve();
      });
    });
    const endOther = store.onWake('other', () => woken.push('other'));
    endOther();
    store.wake('outbox');
    store.wake('other');
    await first;
    expect(new Set(woken)).toEqual(new Set(['outbox']));
  });

  it('is ready', async () => {
    expect(await given().ready()).toBe(true);
  });
}

/** table.column for each member of each row type, read from the source, since types are gone at run time. */
async function typedColumns(): Promise<string[]> {
  const folder = new URL('../../store/', import.meta.url);
  // Tables that belong together may have a file of their own.
  const files = (await readdir(folder)).filter((name) => /(?:^|-)tables\.ts$/.test(name));
  const source = (await Promise.all(files.map(async (name) => await readFile(new URL(name, folder), 'utf8')))).join('\n');
  const bodies = new Map<string, string>();
  let groups: string[] = [];
  for (const [, name = '', above = '', body = ''] of source.matchAll(/export interface (\w+)(?: extends ([\w, ]+))? \{\n([\s\S]*?)\n\}/g)) {
    bodies.set(name, body);
    if (name === 'Database') groups = above.split(', ').filter((one) => one !== '');
  }
  const members = new Map([...bodies].map(([name, body]) => [name, [...body.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1] ?? '')]));
  const database = ['Database', ...groups].map((name) => bodies.get(name) ?? '').join('\n');
  const tables = [...database.matchAll(/^ {2}(\w+): (\w+);/gm)];
  return tables.flatMap(([, table, type = '']) => (members.get(type) ?? []).map((column) => `${table}.${column}`)).sort();
}
