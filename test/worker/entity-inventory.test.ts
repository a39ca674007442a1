// The file of what is protected: a change of it comes into force although the store was away at that moment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readEntityRecords } from '../../store/entities.ts';
import type { Store } from '../../store/store.ts';
import { openInventory } from '../../worker/entity-inventory.ts';
import { eventually } from '../runs/world.ts';
import { openMemoryStore } from '../store/memory-store.ts';

let store: Store;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-inventory-'));
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it('a change is put in force once the store is back', async () => {
  const file = join(folder, 'entities.yaml');
  const hosts = (...names: readonly string[]) => writeFileSync(file, `hosts:\n${names.map((name) => `  - { name: ${name} }\n`).join('')}`);
  hosts('wks-001');
  let isAway = false;
  const said: string[] = [];
  const shaky: Store = {
    ...store,
    get db() {
      if (isAway) throw new Error('made up: the store is away');
      return store.db;
    },
  };
  const open = await openInventory({ store: shaky, file, warn: (message) => said.push(message), nowMs: () => performance.now() });
  try {
    isAway = true;
    hosts('wks-001', 'dc-made-up');
    await eventually(async () => (said.length > 0 ? true : undefined), 'the failure to be said');
    isAway = false;
    await eventually(
      async () => ((await readEntityRecords(store.db)).some(({ name }) => name === 'dc-made-up') ? true : undefined),
      'the host',
    );
    await eventually(async () => (open.inventory().find('host', ['dc-made-up']).length === 1 ? true : undefined), 'the inventory');
    expect(said[0]).toContain('the store is away');
  } finally {
    await open.stop();
  }
}, 150_000);
