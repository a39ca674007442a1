import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideApproval, openApproval } from '../../store/approvals.ts';
import { createPerson } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from './memory-store.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const item = {
  ...{
    key: 'disable',
    digest: 'made-up',
    says: 'Disable Eve',
    verb: 'user.disable',
    risk: 'reversible',
    connector: 'idp',
    simulated: true,
  },
  ...{
    entity: 'user:user-007',
    entityName: 'Eve',
    params: {},
    tags: [],
    dependents: [],
    policy: { effect: 'ask', rule: 'r', reason: 'x' },
  },
};

/** An approval of what is done to whoever has this name. */
async function asked(name: string): Promise<string> {
  const runId = await makeRun(store);
  const { incident_id: incidentId } = await store.db
    .selectFrom('runs')
    .select('incident_id')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  const requirement = { count: 1, role: 'responder' as const, reasons: [] };
  return await openApproval(
    store.db,
    {
      ...{
        runId,
        incidentId,
        key: 'disable',
        stepId: 'disable',
        round: 0,
        kind: 'approval',
        title: 'Disable Eve',
        canonical: '[]',
        digest: 'made-up',
      },
      ...{
        items: [{ ...item, names: ['user-007', name] }],
        requirement,
        addressedTo: { role: 'responder' },
        withinMs: 60_000,
        remindMs: [],
      },
    },
    NOW,
  );
}

describe('who would be the target of what is asked', () => {
  it('cannot approve it, whatever the letter case of their login, and may deny it', async () => {
    const given = { login: 'eve.adams', name: 'Eve', role: 'admin', passwordHash: 'made-up', oneTime: false } as const;
    const eve = await createPerson(store.db, given, NOW);
    if (!eve) throw new Error('she was not made');
    const decide = async (approvalId: string, decision: 'approve' | 'deny') =>
      await decideApproval(store.db, {
        approvalId,
        person: eve,
        decision,
        digest: 'made-up',
        reason: 'x',
        channel: 'test',
        useByMs: 1000,
        now: NOW,
      });
    const own = await asked('eve.adams');
    expect(await decide(own, 'approve')).toMatchObject({ kind: 'refused', code: 'APPROVAL_EXCLUDED' });
    expect(await decide(own, 'deny')).toMatchObject({ kind: 'recorded', state: 'denied' });
    expect(await decide(await asked('bob'), 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
  });
});
