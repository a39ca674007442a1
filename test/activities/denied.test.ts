// What a denial, a stale approval and a lost answer make of an effect, through the real commits.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ConnectorFailure } from '../../connectors/connector.ts';
import { decideApproval, openApproval } from '../../store/approvals.ts';
import type { Store } from '../../store/store.ts';
import { previewUndo } from '../../store/undo-scope.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const wish = { by: { role: 'responder', count: 1 }, withinMs: 60_000, remindMs: [] } as const;
const approvalsOf = async (runId: string) =>
  await store.db
    .selectFrom('approvals')
    .select(['id', 'key', 'round', 'state', 'digest'])
    .where('run_id', '=', runId)
    .orderBy('key')
    .orderBy('round')
    .execute();

async function decide(id: string, decision: 'approve' | 'deny', who = 'ana') {
  const { digest } = await store.db.selectFrom('approvals').select('digest').where('id', '=', id).executeTakeFirstOrThrow();
  const person = { id: `per_${who}`, iss: 'made-up', sub: who, role: 'responder', name: who };
  return await decideApproval(store.db, {
    approvalId: id,
    person,
    decision,
    digest,
    reason: 'made up',
    channel: 'test',
    useByMs: 60_000,
    now: new Date(),
  });
}

/** A group's decision, granted, that covers nothing yet. */
async function grantedGate(runId: string) {
  const run = await store.db.selectFrom('runs').select('incident_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const id = await openApproval(
    store.db as never, // one statement each: it need not be a transaction here
    {
      ...{ runId, incidentId: run.incident_id, key: 'contain', stepId: 'contain', round: 0, kind: 'approval', title: 'Contain' },
      ...{ items: [], canonical: '[]', digest: 'made-up', requirement: { count: 1, role: 'responder', reasons: [] } },
      ...{ addressedTo: { role: 'responder' }, withinMs: 60_000, remindMs: [] },
    },
    new Date(),
  );
  await decide(id, 'approve');
  return id;
}

describe('a denial', () => {
  it('of a group after it was granted denies its effects: nobody is asked again, also where one has been asked for by itself', async () => {
    const { effect } = limited(() => store, 'rules: []');
    const runId = await makeRun(store);
    const gate = await grantedGate(runId);
    const asked = { wish, gate: 'contain' };
    // Not among what was shown, so it asks for itself; then somebody takes the whole back.
    expect(await effect('wks-denied', { runId, asked })).toMatchObject({ outcome: 'waits for approval' });
    expect(await decide(gate, 'deny', 'ben')).toMatchObject({ kind: 'recorded', state: 'denied' });
    const { answer } = await effect('wks-denied', { runId, asked });
    const error = { code: 'APPROVAL_DENIED', message: 'denied by ben', step: 'contain' };
    expect(answer).toMatchObject({ kind: 'ended', result: { outcome: 'denied', error } });
    expect(await approvalsOf(runId)).toMatchObject([
      { key: 'contain', state: 'denied' },
      { key: 'isolate', state: 'withdrawn' },
    ]);
    const { intent_at } = await store.db
      .selectFrom('steps')
      .select('intent_at')
      .where('run_id', '=', runId)
      .where('key', '=', 'isolate')
      .executeTakeFirstOrThrow();
    expect(intent_at).toBeNull();
  });
});

describe('an approval that has become old', () => {
  it('is asked for anew, and is no change: what changes afterwards may still be asked for once', async () => {
    const { effect, pages } = limited(() => store, 'rules: []');
    const runId = await makeRun(store);
    const latest = async () => (await approvalsOf(runId)).at(-1)?.id ?? '';
    const again = async () => (await effect('wks-stale', { runId, asked: { wish } })).outcome;
    expect(await again()).toBe('waits for approval');
    for (const _ of ['first', 'second']) {
      await decide(await latest(), 'approve');
      await sql`update approvals set use_by = now() - interval '1 second' where id = ${await latest()}`.execute(store.db);
      expect(await again()).toBe('waits for approval');
    }
    const change = async () => await sql`update approvals set items = '[]' where id = ${await latest()}`.execute(store.db);
    await change();
    expect(await again()).toBe('waits for approval');
    await change();
    expect(await again()).toBe('denied');
    expect(pages).toEqual(['it changed 2 times while it was asked for; nobody is asked again']);
  });
});

describe('a lost answer', () => {
  it('takes nothing from who finds it done meanwhile: both hold it, with the state of before', async () => {
    const { effect, state } = limited(() => store, 'rules: []');
    state.mishap = { failure: new ConnectorFailure('ambiguous', 'TIMEOUT', 'made up: sent, and no answer'), does: 'it' };
    const first = await effect('wks-lost');
    expect(first.outcome).toBe('TIMEOUT');
    state.mishap = 'none';
    const second = await effect('wks-lost');
    expect(second.outcome).toBe('already');
    const holds = await store.db.selectFrom('holds').select(['run_id', 'before']).where('entity', '=', 'host:wks-lost').execute();
    expect(holds).toEqual([{ run_id: second.runId, before: { isolated: false, half: false } }]);
    // Nor does its undo give the thing back under the first, which is not in the ledger yet.
    const preview = await previewUndo(store.db, { run: second.runId });
    expect(preview).toMatchObject({ will: [], stays: [{ why: `wks-lost stays held by run ${first.runId}` }] });
  });
});
