// The store on a PostgreSQL server: a bounded pool, and one connection of its own that listens.
import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { keepListening } from './listen.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';
import { gatherWakes } from './wake.ts';

export interface PostgresOptions {
  /** Connections of this process's pool; one more listens. Default 10. */
  readonly poolSize?: number;
  /** The server ends a statement after it. Default 30 s. */
  readonly statementTimeoutMs?: number;
  /** Told of lost idle connections; they are replaced by themselves. */
  readonly onLost?: (error: Error) => void;
}

/** All wakes share one channel: the payload says which, and who sent it. */
const NOTIFY_CHANNEL = 'cordon_wake';
const CONNECT_TIMEOUT_MS = 5_000;
const READY_TIMEOUT_MS = 2_000;

export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Store> {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const connection = {
    connectionString: url,
    application_name: 'cordon',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Instants are read and written with their offset; a session's zone is then only for people with psql.
    options: '-c timezone=UTC',
  };
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize ?? 10,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 5_000, // for a server that is gone without a word
  });
  const slowPool = new pg.Pool({ ...connection, max: 1 });
  // Without a handler, a server that restarts ends this process.
  for (const each of [pool, slowPool]) each.on('error', (error) => options.onLost?.(error));

  const self = randomUUID();
  const wakes = gatherWakes((channel) => {
    pool.query('select pg_notify($1, $2)', [NOTIFY_CHANNEL, `${self} ${channel}`]).catch((error: Error) => options.onLost?.(error));
  });
  const listening = keepListening(
    { ...connection, application_name: 'cordon listen' },
    {
      channel: NOTIFY_CHANNEL,
      onMessage: (payload) => {
        const [sender, channel] = payload.split(' ');
        if (sender !== self && channel !== undefined) wakes.deliver(channel);
      },
      onGap: () => wakes.deliver(),
      onLost: (error) => options.onLost?.(error),
    },
  );
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const slow = new Kysely<Database>({ dialect: new PostgresDialect({ pool: slowPool }) });
  let closing: Promise<void> | undefined;
  const close = async () => {
    wakes.close();
    await listening.close();
    await db.destroy();
    await slow.destroy();
    for (const each of [pool, slowPool]) if (!each.ended) await each.end(); // kysely ends it only if it was ever used
  };
  return {
    db,
    slow,
    kind: 'postgres',
    folder: null,
    wake: wakes.wake,
    onWake: wakes.listen,
    ready: () => answers(pool),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function answers(pool: pg.Pool): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_TIMEOUT_MS);
  });
  const asked = pool.query('select 1').then(
    () => true,
    () => false,
  );
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}
