// The store as the rest of Cordon sees it. Opened by open.ts, brought up to date by migrate.ts.
import type { Kysely, Transaction } from 'kysely';
import type { Database } from './tables.ts';

export interface Store {
  readonly db: Kysely<Database>;
  /** The same without a time limit on statements, one at a time: for a migration or a restore, which may take long and must not be cut off for ever. */
  readonly slow: Kysely<Database>;
  readonly kind: 'postgres' | 'pglite';
  /** Folder of the embedded store; null: in memory, or PostgreSQL. */
  readonly folder: string | null;
  /** Tells every process on this store; it carries nothing, whoever is woken asks the tables. Call it after the commit. Gathered: at most one NOTIFY per channel in 20 ms; never throws, may be lost. */
  wake(channel: string): void;
  /** Returns the function that ends it. Also called when wakes may have been missed, so a listener must bear being called for nothing. */
  onWake(channel: string, listener: () => void): () => void;
  /** Does it answer, within 2 s? */
  ready(): Promise<boolean>;
  /** Waits for what is under way; a second call waits for the first. */
  close(): Promise<void>;
}

/** Where statements may run: the database itself, or a transaction on it. */
export type Db = Kysely<Database> | Transaction<Database>;
export type Trx = Transaction<Database>;

/** url: PostgreSQL · folder: embedded, on disk · memory: embedded, gone at close (tests);
 *  image: a dump of its data folder (PGlite's dumpDataDir) to begin with. */
export type StorePlace = { readonly url: string } | { readonly folder: string } | { readonly memory: true; readonly image?: Blob };
