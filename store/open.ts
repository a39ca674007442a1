// Opens a store. It may be empty or old: migrateStore() (migrate.ts) comes next.
import type { FreeBytes } from './disk-guard.ts';
import { storeError } from './errors.ts';
import { openMemoryPglite, openPglite } from './pglite.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';
import type { Store, StorePlace } from './store.ts';

export type { Store, StorePlace } from './store.ts';

export interface OpenOptions extends PostgresOptions {
  /** Production refuses the embedded store. Default: CORDON_MODE is 'production'. */
  readonly production?: boolean;
  /** Free bytes of the disk under the embedded store's folder. Default: what the system says. */
  readonly freeBytes?: FreeBytes;
}

/**
 * PostgreSQL by url, else embedded. Fails with a StoreError: STORE_IN_USE, STORE_NEWER, STORE_NOT_FOR_PRODUCTION, STORE_FULL …
 * A PostgreSQL that is not there yet is no error here: ready() tells, and statements fail until it comes.
 */
export async function openStore(place: StorePlace, options: OpenOptions = {}): Promise<Store> {
  if ('url' in place) return openPostgres(place.url, options);
  if (options.production ?? process.env.CORDON_MODE === 'production') {
    throw storeError(
      'STORE_NOT_FOR_PRODUCTION',
      'The embedded store is for one process on one machine and does not survive a power cut, so production mode refuses it. Set CORDON_DATABASE_URL to a PostgreSQL database.',
    );
  }
  return 'folder' in place ? openPglite(place.folder, options.freeBytes) : openMemoryPglite(place.image);
}
