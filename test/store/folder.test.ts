import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { lockFolder } from '../../store/folder-lock.ts';
import { migrateStore } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/migrations.ts';
import { openStore } from '../../store/open.ts';
import { thisProcess } from '../../store/process-mark.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { type Child, startChild } from './child.ts';

let folder: string;
let children: Child[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-store-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) await child.kill();
  rmSync(folder, { recursive: true, force: true });
});

jest.setTimeout(120_000);

const child = (script: string, ...args: string[]): Child => {
  const started = startChild(script, args);
  children.push(started);
  return started;
};
const open = () => openStore({ folder }, { production: false });
const lockFile = () => join(folder, 'store.lock');
const versionFile = () => join(folder, 'store.json');

describe('the embedded store, in a folder', () => {
  it('keeps every acknowledged row through kill -9, and refuses a second process while the first lives', async () => {
    const acknowledged: string[] = [];
    for (const round of ['first', 'second']) {
      const writer = child('./child-writer.ts', folder, round);
      for (let number = await writer.line(); number !== undefined; number = await writer.line()) {
        acknowledged.push(`${round}:${number}`);
        if (number === '150') break;
      }
      if (round === 'first') {
        await expect(open()).rejects.toMatchObject({ code: 'STORE_IN_USE', message: expect.stringContaining(String(writer.process.pid)) });
      }
      await writer.kill();
    }
    expect(acknowledged).toHaveLength(302);

    const store = await open();
    const rows = await store.db.selectFrom('settings').select('name').execute();
    expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining(acknowledged));
    const report = await verifyAudit(store.db, () => true);
    expect(report).toMatchObject({ ok: true, events: rows.length });
    await store.close();
    expect(existsSync(lockFile())).toBe(false);
  }, 180_000); // a machine that is busy with other tests creates a database in 10 s

  it('keeps rows over an orderly close, and its files are for their owner alone', async () => {
    const first = await open();
    await migrateStore(first);
    await first.db.insertInto('settings').values({ name: 'kept', value: '"yes"' }).execute();
    await first.close();
    expect(JSON.parse(readFileSync(versionFile(), 'utf8'))).toEqual({ format: 1, schema: MIGRATIONS.at(-1)?.name });
    expect(statSync(versionFile()).mode & 0o777).toBe(0o600);

    const second = await open();
    expect(await migrateStore(second)).toEqual([]);
    expect(await second.db.selectFrom('settings').select(['name', 'value']).execute()).toEqual([{ name: 'kept', value: 'yes' }]);
    await second.close();
  });

  it('refuses to write while the disk is nearly full, still reads, and goes on by itself when there is room', async () => {
    let free = 1e12;
    const store = await openStore({ folder }, { production: false, freeBytes: () => free });
    await migrateStore(store);
    let count = 0;
    const write = async () => {
      await store.db
        .insertInto('settings')
        .values({ name: `write:${count}`, value: '1' })
        .execute();
      count++;
    };
    const written = async () => (await store.db.selectFrom('settings').select('name').execute()).length;
    await write();
    free = 1e6;
    const refusal = await untilOtherwise(write);
    expect(refusal).toMatchObject({ code: 'STORE_FULL', retryable: true });
    expect(await written()).toBe(count);
    expect(await store.ready()).toBe(true);
    free = 1e12;
    await untilOtherwise(async () => {
      await write().then(
        () => Promise.reject(new Error('written')),
        () => {},
      );
    });
    expect(await written()).toBe(count);
    await store.close();
  });

  it('refuses a folder of a newer Cordon before it touches anything', async () => {
    writeFileSync(versionFile(), JSON.stringify({ format: 1, schema: '9999_from_the_future' }));
    mkdirSync(join(folder, 'pgdata'));
    writeFileSync(join(folder, 'pgdata', 'mine'), 'untouched');
    await expect(open()).rejects.toMatchObject({ code: 'STORE_NEWER', message: expect.stringContaining('9999_from_the_future') });
    expect(readdirSync(join(folder, 'pgdata'))).toEqual(['mine']);
    expect(readdirSync(folder).sort()).toEqual(['pgdata', 'store.json']); // no lock is left either
  });

  it.each([
    ['a newer format', JSON.stringify({ format: 2, schema: null }), 'STORE_NEWER'],
    ['an older format', JSON.stringify({ format: 0, schema: null }), 'STORE_DAMAGED'],
    ['a version file that cannot be read', '{"format":', 'STORE_DAMAGED'],
    ['a version file of something else', '[]', 'STORE_DAMAGED'],
  ])('refuses %s', async (_, text, code) => {
    writeFileSync(versionFile(), text);
    await expect(open()).rejects.toMatchObject({ code });
    expect(readFileSync(versionFile(), 'utf8')).toBe(text);
  });

  it('puts aside what a start that was killed has half created, and starts anew', async () => {
    mkdirSync(join(folder, 'pgdata'));
    writeFileSync(join(folder, 'pgdata', 'PG_VERSION'), '18\n'); // enough for PGlite to take it for a database, and to fail on it for ever
    const store = await open();
    await migrateStore(store);
    expect((await sql<{ one: number }>`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }]);
    expect(readdirSync(folder)).toContain('pgdata.incomplete');
    await store.close();
  });

  it('says that a folder cannot be made where a file is in the way', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    await expect(openStore({ folder: join(path, 'store') }, { production: false })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('is refused in production, and makes no folder then', async () => {
    const place = join(folder, 'never');
    await expect(openStore({ folder: place }, { production: true })).rejects.toMatchObject({ code: 'STORE_NOT_FOR_PRODUCTION' });
    expect(existsSync(place)).toBe(false);
  });
});

describe('the lock of a store folder', () => {
  const write = (mark: Record<string, unknown>) => writeFileSync(lockFile(), JSON.stringify({ ...thisProcess(), ...mark }));

  it('is held once, and can be taken again after its release', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that got the same pid earlier', () => {
    write({ startedAt: '1' });
    lockFolder(folder).release();
  });

  it('is taken over from a pid that nobody has', () => {
    write({ pid: 2 ** 30 });
    lockFolder(folder).release();
  });

  it('of another container holds while it shows signs of life, and is taken over when it has been silent', () => {
    write({ place: 'elsewhere', host: 'made-up-host', pid: 1 });
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({ code: 'STORE_IN_USE', message: expect.stringContaining('made-up-host') }),
    );
    const silent = new Date(Date.now() - 31_000);
    utimesSync(lockFile(), silent, silent);
    lockFolder(folder).release();
  });

  it.each(['', '{}', '[]', '{"pid":"1"}', 'null'])('with the unreadable text %j is never taken over by guessing', (text) => {
    writeFileSync(lockFile(), text);
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({ code: 'STORE_IN_USE', message: expect.stringContaining('delete that file') }),
    );
    expect(readFileSync(lockFile(), 'utf8')).toBe(text);
  });

  it('of somebody else is not removed by a release', () => {
    const lock = lockFolder(folder);
    write({ startedAt: 'other' });
    lock.release();
    expect(existsSync(lockFile())).toBe(true);
  });

  it('of a dead process is taken by exactly one of six that start at once', async () => {
    write({ startedAt: '1' });
    const lockers = Array.from({ length: 6 }, () => child('./child-locker.ts', folder));
    for (const locker of lockers) expect(await locker.line()).toBe('ready');
    for (const locker of lockers) locker.process.stdin?.write('go\n');
    const answers = await Promise.all(lockers.map((locker) => locker.line()));
    expect(answers.sort()).toEqual(['STORE_IN_USE', 'STORE_IN_USE', 'STORE_IN_USE', 'STORE_IN_USE', 'STORE_IN_USE', 'held']);
  }, 180_000); // a machine that is busy with other tests creates a database in 10 s
});

/** Repeats until it fails (the disk is looked at only now and then), and returns the failure. */
async function untilOtherwise(work: () => Promise<void>): Promise<unknown> {
  for (;;) {
    try {
      await work();
    } catch (error) {
      return error;
    }
  }
}
