import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { listUndoable } from '../../store/holds.ts';
import { startHoldRun } from '../../store/undo.ts';
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

it('whoever was asked about one hold of a run, and said that it be released, releases that one alone', async () => {
  const { runId } = await limited(() => store, 'rules: []').effect('wks-2');
  const of = async (id: string) => (await listUndoable(store.db, id, 'all')).map((hold) => hold.id);
  const [first = ''] = await of(runId);
  await sql`insert into holds select (jsonb_populate_record(h, jsonb_build_object('id', 'hld_second', 'key', 'disable'))).* from holds h where id = ${first}`.execute(
    store.db,
  );
  await sql`update holds set expires_at = now() - interval '1 minute', on_expiry = 'ask' where run_id = ${runId}`.execute(store.db);
  for (const id of [first, 'hld_second']) {
    const asks = await store.db.transaction().execute(async (trx) => await startHoldRun(trx, id, new Date()));
    expect(await of(asks ?? '')).toEqual([id]);
  }
});
