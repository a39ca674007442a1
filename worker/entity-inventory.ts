// The inventory in force: entities.yaml goes into the store as one source among others, and what policy asks is the store's, all sources together.
import { parseEntities } from '../language/inventory-text.ts';
import { canonicalEntities, type EntityRecord, inventoryOf } from '../policy/entities.ts';
import type { Inventory } from '../policy/inventory.ts';
import { readEntityRecords, replaceEntities } from '../store/entities.ts';
import type { Store } from '../store/store.ts';
import { type WatchedFile, watchedFile } from './watched-file.ts';

/** The file is looked at, ms. */
const LOOK_EVERY_MS = 2_000;
/** In case that a wake was missed, ms. */
const READ_EVERY_MS = 60_000;

export interface EntityInventory {
  readonly inventory: () => Inventory;
  readonly file: WatchedFile<readonly EntityRecord[]>;
  readonly stop: () => Promise<void>;
}

export interface InventoryOptions {
  readonly store: Store;
  readonly file: string;
  readonly warn: (message: string) => void;
  readonly nowMs: () => number;
}

/** Resolves when all that is known is read. Throws an Error that says what is wrong with the file. */
export async function openInventory({ store, file, warn, nowMs }: InventoryOptions): Promise<EntityInventory> {
  const watched = watchedFile(file, parseEntities, warn, nowMs);
  let stored = watched.read();
  let inventory: Inventory = { find: () => [] };
  const load = async (): Promise<void> => {
    inventory = inventoryOf(canonicalEntities(await readEntityRecords(store.db)));
  };
  const put = async (records: typeof stored): Promise<void> => {
    const { conflicts } = await replaceEntities(store.db, { source: 'file', records, by: 'cordon' }, new Date());
    for (const { id, why } of conflicts.slice(0, 5)) warn(`nothing will be done to ${id} until the inventory is mended: ${why}`);
    await load();
  };
  await put(stored);
  let busy: Promise<void> = Promise.resolve();
  const failed = (error: unknown) => warn(`the inventory could not be read again, the last one stays in force: ${String(error)}`);
  const next = (work: () => Promise<void>): void => {
    busy = busy.then(work).catch(failed);
  };
  const end = store.onWake('entities', () => next(load));
  const looking = setInterval(() => {
    const now = watched.read();
    if (now === stored) return;
    const before = stored;
    stored = now;
    next(async () => {
      try {
        await put(now);
      } catch (error) {
        // What protects is not let go of because the store was away for a moment: the next look tries again.
        if (stored === now) stored = before;
        throw error;
      }
      store.wake('entities');
    });
  }, LOOK_EVERY_MS);
  const reading = setInterval(() => next(load), READ_EVERY_MS);
  looking.unref();
  reading.unref();
  return {
    inventory: () => inventory,
    file: watched,
    stop: async () => {
      end();
      clearInterval(looking);
      clearInterval(reading);
      await busy;
    },
  };
}
