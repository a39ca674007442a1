import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { recordRead } from '../../store/effects.ts';
import { takeLock } from '../../store/locks.ts';
import { endRun } from '../../store/run-end.ts';
import { bindRun, createRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from './memory-store.ts';

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
  await store.db.insertInto('incidents').values({ id: 'inc_ended', title: 'made up', severity_id: 4 }).execute();
});
afterAll(async () => {
  await store.close();
});

const now = new Date('2026-03-04T05:06:07Z');
const read = { key: 'look', generation: 0 };

async function started(): Promise<string> {
  const wanted = { playbook: 'p', planDigest: 'd', mode: 'act', incidentId: 'inc_ended', title: 't', inputs: {}, severityId: 4, lane: '' };
  const id = (await createRun(store.db, { kind: 'playbook', startedBy: 'trigger', reason: 'test', ...wanted }, now)) ?? '';
  await bindRun(store.db, id, 'temporal-1', read);
  await recordRead(store.db, { runId: id, stepId: 'look', kind: 'do', ...read }, { verb: 'ip.reputation' }, { score: 7 });
  return id;
}

const nobody = async () => undefined;

const finish = async (runId: string) =>
  await endRun(store.db, { runId, temporalRunId: 'temporal-1', state: 'completed', outcome: 'completed', outcomes: {} }, now, nobody);

async function ended(): Promise<string> {
  const id = await started();
  expect(await finish(id)).toEqual({ ended: true, unknown: [] });
  return id;
}

// The answer to the last workflow task may be lost after the run's last act: then Temporal has the task worked through once more.
describe('a run that has ended', () => {
  it('answers its own Temporal run what it recorded', async () => {
    const run = await bindRun(store.db, await ended(), 'temporal-1', read);
    expect(run?.step).toMatchObject({ state: 'ended', outcome: 'read', output: { score: 7 } });
  });

  it('begins nothing any more', async () => {
    expect(await bindRun(store.db, await ended(), 'temporal-1', { key: 'isolate', generation: 0 })).toBeUndefined();
  });

  it('answers no other Temporal run', async () => {
    expect(await bindRun(store.db, await ended(), 'temporal-2', read)).toBeUndefined();
  });

  it('wakes the next living run in line for what it had locked, and nobody for what may still take effect', async () => {
    const [first, dead, next] = [await started(), await started(), await started()];
    const lock = (runId: string, entity: string, key: string) =>
      takeLock(store.db, { entity, runId, key, owner: 'made-up', leaseMs: 60_000 });
    for (const entity of ['host:a', 'host:b']) for (const id of [first, dead, next]) await lock(id, entity, entity);
    await sql`insert into steps (run_id, key, step_id, kind, state, lease_until) values (${first}, 'host:b', 'b', 'do', 'intent', now() + interval '1 minute')`.execute(
      store.db,
    );
    const wakes = async () =>
      (await store.db.selectFrom('outbox').select('about').where('kind', '=', 'wake').execute()).map((row) => row.about);
    await finish(dead);
    expect(await wakes()).toEqual([]);
    await finish(first);
    expect(await wakes()).toEqual([next]);
    expect(await lock(next, 'host:a', 'host:a')).toMatchObject({ kind: 'held' });
    expect(await lock(next, 'host:b', 'host:b')).toMatchObject({ kind: 'taken', byRun: first });
  });

  it('leaves nothing open: what was sent and never found out is not known, and owed; what only waited is over', async () => {
    const id = await started();
    await sql`insert into steps (run_id, key, step_id, kind, state, verb, risk, connector, entity, before, intent_at, lease_until) values
      (${id}, 'isolate', 'isolate', 'do', 'intent', 'host.isolate', 'reversible', 'edr', 'host:c', '{"isolated":false}', now(), now())`.execute(
      store.db,
    );
    await sql`insert into steps (run_id, key, step_id, kind, state, verb) values (${id}, 'slow', 'slow', 'do', 'reading', 'user.lookup')`.execute(
      store.db,
    );
    expect(await finish(id)).toMatchObject({ ended: true, unknown: [{ key: 'isolate', verb: 'host.isolate' }] });
    const steps = await store.db.selectFrom('steps').select(['key', 'state', 'outcome']).where('run_id', '=', id).orderBy('key').execute();
    expect(steps).toEqual([
      { key: 'isolate', state: 'ended', outcome: 'unknown' },
      { key: 'look', state: 'ended', outcome: 'read' },
      { key: 'slow', state: 'ended', outcome: 'cancelled' },
    ]);
    const holds = await store.db.selectFrom('holds').select(['state', 'before', 'debt_owner']).where('run_id', '=', id).execute();
    expect(holds).toEqual([{ state: 'debt', before: { isolated: false }, debt_owner: 'admin' }]);
    const codes = await store.db.selectFrom('audit_events').select('code').where('stream', '=', id).orderBy('seq').execute();
    expect(codes.map((row) => row.code)).toEqual(['run.ended', 'effect.unknown']);
  });

  it('leaves nothing open where nothing was sent either', async () => {
    const id = await started();
    await sql`insert into steps (run_id, key, step_id, kind, state) values (${id}, 'slow', 'slow', 'do', 'reading')`.execute(store.db);
    expect(await finish(id)).toEqual({ ended: true, unknown: [] });
    const slow = await store.db
      .selectFrom('steps')
      .select(['state', 'outcome'])
      .where('run_id', '=', id)
      .where('key', '=', 'slow')
      .execute();
    expect(slow).toEqual([{ state: 'ended', outcome: 'cancelled' }]);
    const codes = await store.db.selectFrom('audit_events').select('code').where('stream', '=', id).execute();
    expect(codes.map((row) => row.code)).toEqual(['run.ended']);
  });

  it('ends once: its end is recorded once, and stays as it was', async () => {
    const id = await ended();
    const again = { runId: id, temporalRunId: 'temporal-1', state: 'failed', outcome: 'failed', outcomes: {} };
    expect(await endRun(store.db, again, now, nobody)).toEqual({ ended: false, unknown: [] });
    const codes = await store.db.selectFrom('audit_events').select('code').where('stream', '=', id).execute();
    expect(codes.map((row) => row.code)).toEqual(['run.ended']);
    expect(await store.db.selectFrom('runs').select('state').where('id', '=', id).executeTakeFirst()).toEqual({ state: 'completed' });
  });
});

it('an output that was cut in the middle of a character is recorded', async () => {
  const id = await started();
  const output = { text: 'cut 😀'.slice(0, -1), '\u0000': 1 };
  await recordRead(store.db, { runId: id, stepId: 'cut', kind: 'do', key: 'cut', generation: 0 }, { verb: 'ip.reputation' }, output);
  const run = await bindRun(store.db, id, 'temporal-1', { key: 'cut', generation: 0 });
  expect(run?.step?.output).toEqual({ text: 'cut \ufffd', '\u2400': 1 });
});
