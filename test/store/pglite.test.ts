import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { migrateStore } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/open.ts';
import { auditFacts } from './audit-facts.ts';
import { storeFacts } from './store-facts.ts';

describe('the embedded store, in memory', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ memory: true }, { production: false });
    await migrateStore(store);
  });
  afterAll(() => store.close());

  storeFacts(() => store);
  auditFacts(() => store);

  it('says what is wrong when a transaction waits for itself', async () => {
    const { openSessionPool } = await import('../../store/session-pool.ts');
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = new PGlite('memory://');
    await pglite.waitReady;
    const pool = await openSessionPool(pglite, { waitMs: 20 });
    const holder = await pool.connect();
    await expect(pool.connect()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('use the transaction'),
    });
    holder.release();
    const next = await pool.connect();
    expect((await next.query<{ one: number }>('select $1::int as one', [1])).rows).toEqual([{ one: 1 }]);
    next.release();
    await pool.end();
    await pglite.close();
  });

  it('is refused in production', async () => {
    const refused = openStore({ memory: true }, { production: true });
    await expect(refused).rejects.toMatchObject({
      code: 'STORE_NOT_FOR_PRODUCTION',
      message: expect.stringContaining('CORDON_DATABASE_URL'),
    });
  });

  it('takes statements that differ in nothing but their lengths, more than it keeps prepared', async () => {
    for (let length = 1; length <= 450; length++) {
      const values = sql.join(Array.from({ length }, (_, at) => sql`${at}::int`));
      const { rows } = await sql<{ most: number }>`select greatest(${values}) as most`.execute(store.db);
      expect(rows).toEqual([{ most: length - 1 }]);
    }
  });

  it('can be closed twice, and is not ready then', async () => {
    const other = await openStore({ memory: true }, { production: false });
    await Promise.all([other.close(), other.close()]);
    expect(await other.ready()).toBe(false);
  });
});
