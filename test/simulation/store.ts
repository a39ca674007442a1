// The real embedded store for processes that can die: what a dead one asks gets no answer, and its transaction is rolled back.
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import { migrateStore } from '../../store/migrate.ts';
import { openSessionPool } from '../../store/session-pool.ts';
import type { Store } from '../../store/store.ts';
import type { Database } from '../../store/tables.ts';
import { gatherWakes } from '../../store/wake.ts';
import { migratedStoreImage } from '../store/memory-store.ts';

export interface Process {
  readonly store: Store;
  /** Dies at once; calls of it that are under way never return. */
  readonly kill: () => void;
  readonly isDead: () => boolean;
}

export interface SimulatedDatabase {
  /** A process on this database. `onStatement` is told before each statement, and may kill it. */
  readonly process: (onStatement?: () => void) => Process;
  /** Statements under way, of all processes. */
  readonly busy: () => number;
  readonly empty: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const never = <T>(): Promise<T> => new Promise(() => undefined);

export async function openDatabase(): Promise<SimulatedDatabase> {
  const pglite = new PGlite('memory://', { loadDataDir: new Blob([readFileSync(await migratedStoreImage())]) });
  await pglite.waitReady;
  const pool = await openSessionPool(pglite);
  const wakes = gatherWakes(() => {});
  let busy = 0;
  const storeOver = (db: Kysely<Database>): Store => ({
    db,
    slow: db,
    kind: 'pglite',
    folder: null,
    wake: wakes.wake,
    onWake: wakes.listen,
    ready: async () => true,
    close: async () => undefined,
  });
  const process = (onStatement?: () => void): Process => {
    let dead = false;
    const isDead = () => dead;
    const open = new Set<() => void>();
    const kill = () => {
      dead = true;
      for (const drop of open) drop();
    };
    const count = (by: number) => {
      busy += by;
    };
    const mortal = mortalPool(pool, { isDead, onStatement: onStatement ?? (() => undefined), count, open });
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: mortal }) });
    return { store: storeOver(db), isDead, kill };
  };
  const first = process();
  await migrateStore(first.store);
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'cordon_migrations'`.execute(first.store.db);
  const tables = rows.map(({ name }) => `delete from "${name}"`).join('; ');
  return {
    process,
    busy: () => busy,
    empty: async () =>
      void (await sql
        .raw(`set session_replication_role = replica; ${tables}; set session_replication_role = default`)
        .execute(first.store.db)),
    close: async () => {
      wakes.close();
      await pool.end();
      await pglite.close();
    },
  };
}

interface Life {
  readonly isDead: () => boolean;
  readonly onStatement: () => void;
  readonly count: (by: number) => void;
  /** What its end does to each connection that it has. */
  readonly open: Set<() => void>;
}

function mortalPool(pool: PostgresPool, life: Life): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    if (life.isDead()) return await never();
    const client = await pool.connect();
    const counted = async (text: string, values: readonly unknown[]) => {
      life.count(1);
      try {
        return await client.query(text, [...values]);
      } finally {
        life.count(-1);
      }
    };
    let under = false;
    let isGone = false;
    // As a server does with a connection that broke: what was not committed is gone.
    const drop = () => {
      if (isGone || under) return;
      isGone = true;
      life.open.delete(drop);
      void counted('rollback', []).finally(() => client.release());
    };
    life.open.add(drop);
    if (life.isDead()) {
      drop();
      return await never();
    }
    const query = async (text: string, values: readonly unknown[] = []) => {
      if (!life.isDead()) life.onStatement();
      if (life.isDead()) return await never();
      under = true;
      try {
        return await counted(text, values);
      } finally {
        under = false;
        if (life.isDead()) {
          drop();
          await never();
        }
      }
    };
    const release = () => {
      if (isGone) return;
      isGone = true;
      life.open.delete(drop);
      client.release();
    };
    // As in store/session-pool.ts: the overload for cursors is not used.
    return { query, release } as unknown as PostgresPoolClient;
  };
  return { connect, end: async () => undefined };
}
