// A thing gets a new key while runs are at work on it: no second one gets in under the new name.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { readCsvEntities } from '../../language/entities/read-csv-entities.ts';
import { replaceEntities } from '../../store/entities.ts';
import { giveLock, renewLease, takeLock } from '../../store/locks.ts';
import type { Store } from '../../store/store.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from './memory-store.ts';

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
beforeEach(async () => {
  await sql`truncate entities, locks, lock_waiters, outbox, holds, steps, runs cascade`.execute(store.db);
});
afterAll(async () => {
  await store.close();
});

const put = async (source: string, lines: string) => {
  const text = `kind,name,aliases,tags,groups,owner,criticality,depends_on\n${lines}`;
  const { records, diagnostics } = readCsvEntities(text, 'made-up.csv', source);
  if (!records) throw new Error(JSON.stringify(diagnostics));
  return await replaceEntities(store.db, { source, records, by: 'per_ana' }, new Date('2026-11-21T12:00:00.000Z'));
};

/** The product's own number, until somebody writes down what stands behind it. */
const unknownHost = async () => await put('connector:edr', 'host,h-17,asset-4711,,,,,\n');
const isTheDomainController = async () => await put('file', 'host,dc-01,asset-4711,domain-controller,,,,\n');

const lock = async (runId: string, entity: string, leaseMs = 60_000) =>
  await takeLock(store.db, { entity, runId, key: 'isolate', owner: 'made-up', leaseMs });
const held = async (runId: string, entity: string, leaseMs?: number) => {
  const answer = await lock(runId, entity, leaseMs);
  if (answer.kind !== 'held') throw new Error(`${entity} is not free`);
  return answer.fence;
};
const woken = async () =>
  (await store.db.selectFrom('outbox').select('about').where('kind', '=', 'wake').execute()).map((row) => row.about);

const stepOf = async (runId: string, entity: string, state: string, fence: string | null = null) =>
  await sql`insert into steps (run_id, key, step_id, kind, state, entity, owner, fence, lease_until)
    values (${runId}, 'isolate', 'isolate', 'do', ${state}, ${entity}, 'made-up', ${fence}::bigint, now() + interval '1 minute')`.execute(
    store.db,
  );
const entityOf = async (runId: string) =>
  (await store.db.selectFrom('steps').select('entity').where('run_id', '=', runId).executeTakeFirstOrThrow()).entity;

const holdOf = async (entity: string, id = 'hld_1') => {
  const runId = await makeRun(store);
  await sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, verb, connector, params, before, says_undo)
    select ${id}, id, 'k', 0, 's', incident_id, ${entity}, 'made up', 'made-up', 'host.isolate', 'edr', '{}', '{}', 'Release' from runs where id = ${runId}`.execute(
    store.db,
  );
};
const heldEntities = async () => (await store.db.selectFrom('holds').select('entity').orderBy('id').execute()).map((row) => row.entity);

describe('a thing that gets a new key', () => {
  it('stays locked by the run that is at work on it; who waited is woken when that one is done', async () => {
    const [first, second, third] = [await makeRun(store), await makeRun(store), await makeRun(store)];
    await unknownHost();
    const fence = await held(first, 'host:h-17');
    await stepOf(first, 'host:h-17', 'intent', fence);
    await lock(second, 'host:h-17');
    await isTheDomainController();
    expect(await lock(third, 'host:dc-01')).toMatchObject({ kind: 'taken', byRun: first });
    const lease = { runId: first, key: 'isolate', generation: 0, fence, owner: 'made-up', leaseMs: 60_000 };
    expect(await renewLease(store.db, lease)).toBe(true);
    await giveLock(store.db, fence);
    expect(await woken()).toEqual([second]);
    expect(await lock(second, 'host:dc-01')).toMatchObject({ kind: 'held' });
  });

  it('is what an open step is about from then on, so that what was sent is not taken for sent to another; what has ended stays as it was', async () => {
    const [open, over] = [await makeRun(store), await makeRun(store)];
    await unknownHost();
    await stepOf(open, 'host:h-17', 'waiting');
    await stepOf(over, 'host:h-17', 'ended');
    await isTheDomainController();
    expect([await entityOf(open), await entityOf(over)]).toEqual(['host:dc-01', 'host:h-17']);
  });

  it("that two runs have locked under its two names is neither one's, and nobody else's before both leases are over", async () => {
    const [first, second, third] = [await makeRun(store), await makeRun(store), await makeRun(store)];
    await unknownHost();
    const one = await held(first, 'host:h-17', 60_000);
    const other = await held(second, 'host:dc-01', 5_000);
    for (const [runId, fence] of [
      [first, one],
      [second, other],
    ] as const)
      await stepOf(runId, 'host:dc-01', 'intent', fence);
    await isTheDomainController();
    for (const [runId, fence] of [
      [first, one],
      [second, other],
    ] as const) {
      expect(await renewLease(store.db, { runId, key: 'isolate', generation: 0, fence, owner: 'made-up', leaseMs: 60_000 })).toBe(false);
      await giveLock(store.db, fence);
    }
    expect(await lock(third, 'host:dc-01')).toMatchObject({ kind: 'taken', leftMs: expect.closeTo(60_000, -4) });
    await sql`update locks set lease_until = now() - interval '1 second'`.execute(store.db);
    expect(await lock(third, 'host:dc-01')).toMatchObject({ kind: 'held' });
  });

  it('is found again at the next reading where a process that had not heard of it used the old key since', async () => {
    await unknownHost();
    await isTheDomainController();
    await holdOf('host:h-17');
    expect(await isTheDomainController()).toMatchObject({ added: [], changed: [], removed: [] });
    expect(await heldEntities()).toEqual(['host:dc-01']);
  });

  it("takes nothing from a thing whose key is another one's name", async () => {
    await put('file', 'user,eve,e1@example.test,,,,,\n');
    await put('import:b', 'user,Eve Adams,eve,,,,,\n');
    await holdOf('user:eve');
    await put('file', 'user,eve,e1@example.test,vip,,,,\n');
    expect(await heldEntities()).toEqual(['user:eve']);
  });

  it('is not mixed up with the one that gets its old key', async () => {
    await put('import:b', 'user,Eve,e1@example.test,,,,,\n');
    await put('import:c', 'user,Eve,e2@example.test,,,,,\n');
    const [first, second] = [await makeRun(store), await makeRun(store)];
    for (const [id, entity] of ['user:eve', 'user:e2@example.test'].entries()) await holdOf(entity, `hld_${id}`);
    const fences = [await held(first, 'user:eve'), await held(second, 'user:e2@example.test')];
    await put('file', 'user,Eve,e2@example.test,,,,,\n');
    expect(await heldEntities()).toEqual(['user:e1@example.test', 'user:eve']);
    const locks = await sql`select entity, run_id, fence::text from locks order by entity`.execute(store.db);
    expect(locks.rows).toEqual([
      { entity: 'user:e1@example.test', run_id: first, fence: fences[0] },
      { entity: 'user:eve', run_id: second, fence: fences[1] },
    ]);
  });
});
