// A group's gate: whom it is put to and what is kept of what policy said, whatever comes through Temporal.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Activities, GateInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import type { Approve, Plan } from '../../language/plan.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host: 'wks-1' } };
const sent = { by: { role: 'viewer', person: 'mallory', count: 1 }, withinMs: 1e9, remindMs: [] };

/** A gate over one isolation, asked of as the published plan says, while the run sends what it likes. */
async function gate(approve: Approve, given: Partial<GateInput> = {}, policy = 'rules: []') {
  const step = { kind: 'do', id: 'isolate', verb: 'host.isolate', onError: 'stop', onDenied: 'stop' };
  const plan = { steps: [{ kind: 'group', id: 'contain', approve, steps: [step], onError: 'stop', onDenied: 'stop' }] } as unknown as Plan; // only these are read
  const deps = { ...limited(() => store, policy).deps(), plan: async () => plan };
  const runId = await makeRun(store);
  const input = { runId, key: 'contain', id: 'contain', approve: sent, items: [item], ...given };
  const answer = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR', () => undefined) }).run(
    createActivities(deps).gate,
    input,
  ) as ReturnType<Activities['gate']>;
  return { runId, answer: await answer };
}
const asked = async (runId: string) => await store.db.selectFrom('approvals').selectAll().where('run_id', '=', runId).executeTakeFirst();
const minute = 60_000;

describe('a gate', () => {
  it('is put to whom the published plan names, for as long as it says, whatever was sent for the run', async () => {
    const approve = { by: { group: 'soc', count: 2 }, withinMs: 15 * minute, remindMs: [] };
    const { runId } = await gate(approve);
    const row = await asked(runId);
    // Nobody is in the group here, so everyone of the role is asked: never the one who was sent.
    expect(row).toMatchObject({ addressed_to: { role: 'responder' }, requirement: { count: 2, role: 'responder' } });
    expect(Number(row?.expires_at) - Number(row?.opened_at)).toBe(15 * minute);
  });

  it('is put to the person whose name is written in the plan; where the name has to be rendered and is missing, to nobody', async () => {
    const written = await gate({ by: { person: { lit: 'ana' }, count: 1 }, withinMs: minute, remindMs: [] });
    expect((await asked(written.runId))?.addressed_to).toMatchObject({ person: 'ana' });
    const rendered = { by: { person: { cel: 'inputs.manager' }, count: 1 }, withinMs: minute, remindMs: [] };
    const missing = await gate(rendered, { approve: { by: { count: 1 }, withinMs: 1, remindMs: [] } });
    expect((await asked(missing.runId))?.addressed_to).toMatchObject({ person: '' });
  });

  it('that the plan does not have asks nobody, and nothing is done', async () => {
    const approve = { by: { role: 'responder', count: 1 }, withinMs: minute, remindMs: [] };
    await expect(gate(approve, { id: 'other' })).rejects.toThrow("no step 'other'");
  });

  it('whose effects policy denies keeps with each from which facts', async () => {
    const deny = 'rules: [{ name: never, reason: Made up., match: { verbs: [host.isolate] }, then: deny }]';
    const { runId, answer } = await gate({ by: { role: 'responder', count: 1 }, withinMs: minute, remindMs: [] }, {}, deny);
    expect(answer).toMatchObject({ kind: 'ended', result: { outcome: 'denied', error: { code: 'POLICY_DENIED' } } });
    const step = await store.db.selectFrom('steps').select('decision').where('run_id', '=', runId).executeTakeFirstOrThrow();
    const facts = { severityId: 4, mode: 'act' };
    expect(step.decision).toMatchObject({ effect: 'deny', rule: 'never', facts, items: [{ key: 'isolate', rule: 'never', facts }] });
  });
});
