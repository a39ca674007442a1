import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { listUndoable } from '../../store/holds.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

it('an input of a playbook that is named as an undo names its holds hides nothing from its undo', async () => {
  const { runId } = await limited(() => store, 'rules: []').effect('wks-1');
  for (const holds of ['text', [], ['hld_other'], { a: 1 }]) {
    await sql`update runs set inputs = ${JSON.stringify({ holds })} where id = ${runId}`.execute(store.db);
    expect(await listUndoable(store.db, runId, 'all')).toMatchObject([{ key: 'isolate' }]);
  }
});
