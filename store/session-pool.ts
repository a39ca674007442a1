// One PGlite session as the pool that kysely wants. PGlite has a single session, so whoever takes it has it alone until it gives it
// back: a transaction cannot be interleaved, everything else queues. Statements go through `pg` itself over an in-process stream, so
// that types, parameters and errors are the same as on PostgreSQL (and twice as fast as PGlite's own query()).
import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { DiskGuard } from './disk-guard.ts';
import { codeOf, messageOf, storeError } from './errors.ts';

export interface SessionPool extends PostgresPool {
  /** What has ended the session for good, if anything has. */
  broken(): unknown;
}

export interface SessionOptions {
  /** A statement waits for the session as long as this. Default 30 s. */
  readonly waitMs?: number;
  readonly disk?: DiskGuard;
}

/** Statements kept prepared. Text beyond that (lists of odd lengths) is parsed each time. */
const PREPARED_LIMIT = 400;

export async function openSessionPool(pglite: PGlite, { waitMs = 30_000, disk }: SessionOptions = {}): Promise<SessionPool> {
  // The type wants a tls-able socket; `pg` itself only needs a Duplex that can connect().
  const client = new pg.Client({ user: 'postgres', database: 'postgres', stream: () => sessionStream(pglite) as never });
  let failure: unknown;
  client.on('error', (error) => {
    failure ??= error;
  });
  await client.connect();
  const names = new Map<string, string>();
  const gate = exclusiveGate(waitMs);

  const query = async (text: string, values: readonly unknown[] = []) => {
    if (failure !== undefined) throw sessionEnded(failure);
    try {
      return await client.query({ text, values: [...values], ...preparedName(names, text, values) });
    } catch (error) {
      if (isFatal(error)) failure ??= error;
      throw disk?.isFull() && codeOf(error) === READ_ONLY ? fullStore(error) : error;
    }
  };
  // kysely asks for cursors by an overload that is only used with a cursor class, and none is configured.
  const session = { query, release: gate.leave } as unknown as PostgresPoolClient;
  return {
    connect: async () => {
      await gate.enter();
      try {
        await disk?.check(query);
      } catch (error) {
        gate.leave();
        throw error;
      }
      return session;
    },
    end: async () => {
      await gate.enter();
      if (failure === undefined) await client.end();
    },
    broken: () => failure,
  };
}

const READ_ONLY = '25006';

/** After these PGlite does not answer any more: a further statement would stop the whole process. */
function isFatal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error && (error.severity === 'PANIC' || error.severity === 'FATAL');
}

function sessionEnded(cause: unknown): Error {
  return storeError(
    'STORE_UNAVAILABLE',
    `The embedded database has stopped (${messageOf(cause)}). Start Cordon again; what was acknowledged is kept.`,
    cause,
  );
}

function fullStore(cause: unknown): Error {
  return storeError(
    'STORE_FULL',
    'The disk under the store is nearly full, so nothing is written. Make room; Cordon goes on by itself then.',
    cause,
  );
}

/** Nothing that ends a transaction, and no list of statements: sweeps ask the same of the store each second. */
const ONE_QUERY = /^\s*(select|with|update)\b[^;]*$/i;

function preparedName(names: Map<string, string>, text: string, values: readonly unknown[]): { name?: string } {
  // Without parameters and without a name `pg` uses the simple protocol, which takes several statements at once: migrations need that.
  if (values.length === 0 && !ONE_QUERY.test(text)) return {};
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= PREPARED_LIMIT) return {};
  const name = `s${names.size}`;
  names.set(text, name);
  return { name };
}

/** First come, first served. Who waits for longer than `waitMs` most likely waits for itself. */
function exclusiveGate(waitMs: number): { enter(): Promise<void>; leave(): void } {
  const waiting: (() => void)[] = [];
  let taken = false;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else taken = false;
  };
  const enter = async () => {
    if (!taken) {
      taken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(waitedTooLong(waitMs));
      }, waitMs);
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      waiting.push(go);
    });
  };
  return { enter, leave };
}

function waitedTooLong(waitMs: number): Error {
  return storeError(
    'STORE_UNAVAILABLE',
    `The embedded store was busy with one transaction for ${waitMs} ms. Within a transaction, use the transaction and not the store: it has one session only.`,
  );
}

/** AuthenticationOk and ReadyForQuery: PGlite has authenticated nobody, and needs no start-up packet. */
const GREETING = Uint8Array.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
const TERMINATE = 0x58;

/** A socket to PGlite. `pg` corks the messages of one statement, so that each is one call into the WebAssembly. */
function sessionStream(pglite: PGlite): Duplex {
  let greeted = false;
  const send = (bytes: Buffer, done: (error?: Error | null) => void) => {
    if (!greeted) {
      greeted = true;
      stream.push(GREETING);
      done();
    } else if (bytes[0] === TERMINATE) {
      stream.push(null);
      done();
    } else {
      // Not execProtocolRaw(): that takes each answer apart and keeps it for good. What comes is a view into PGlite's memory, so it is copied.
      const answer: Buffer[] = [];
      pglite.execProtocolRawStream(bytes, { syncToFs: false, onRawData: (data) => void answer.push(Buffer.from(data)) }).then(
        () => {
          stream.push(Buffer.concat(answer));
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    }
  };
  const stream = new Duplex({
    read() {},
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    writev: (chunks: { chunk: Buffer }[], done) => send(Buffer.concat(chunks.map((each) => each.chunk)), done),
  });
  const nothing = () => stream;
  return Object.assign(stream, {
    connect: () => process.nextTick(() => stream.emit('connect')),
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
  });
}
