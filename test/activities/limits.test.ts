import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limitFacts } from './limit-facts.ts';

describe('a limit', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await store.close();
  });
  limitFacts(() => store);
});
