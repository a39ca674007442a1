import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Decider } from '../../policy/approval.ts';
import { decideApproval, latestApprovals, openApproval } from '../../store/approvals.ts';
import { createPerson } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { readApproval } from '../../store/views/approvals.ts';
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

const made = async (login: string) => {
  const person = await createPerson(store.db, { login, name: login, role: 'admin', passwordHash: 'made-up', oneTime: false }, NOW);
  if (!person) throw new Error(`${login} was not made`);
  return person;
};
const decide = async (person: Decider & { readonly name: string }, approvalId: string, decision: 'approve' | 'deny') =>
  await decideApproval(store.db, {
    ...{ approvalId, person, decision, digest: 'made-up', reason: 'x', channel: 'test', useByMs: 1000, now: NOW },
  });

describe('who would be the target of what is asked', () => {
  it('cannot approve it, whatever the letter case of their login, and may deny it', async () => {
    const eve = await made('eve.adams');
    const own = await asked('eve.adams');
    expect(await decide(eve, own, 'approve')).toMatchObject({ kind: 'refused', code: 'APPROVAL_EXCLUDED' });
    expect(await decide(eve, own, 'deny')).toMatchObject({ kind: 'recorded', state: 'denied' });
    expect(await decide(eve, await asked('bob'), 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
  });
});

describe('whose own account is held', () => {
  it('decides nothing, under whichever of its names, nor does somebody in their stead; what they approved before is marked; once it is given back they may', async () => {
    const [fay, gus] = [await made('Fay.Moss'), await made('gus')];
    const early = await asked('bob');
    expect(await decide(fay, early, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
    const run = await store.db.selectFrom('runs').select(['id', 'incident_id']).executeTakeFirstOrThrow();
    await store.db
      .insertInto('holds')
      .values({
        ...{ id: 'hld_made_up', run_id: run.id, key: 'disable', generation: 0, step_id: 'disable', incident_id: run.incident_id },
        ...{ entity: 'user:user-020', entity_name: 'Fay', entity_id: 'user-020', entity_names: ['user-020', 'fay.moss'] },
        ...{ verb: 'user.disable', connector: 'idp', params: '{}', before: '{}', says_undo: 'Enable Fay' },
      })
      .execute();
    const other = await asked('bob');
    for (const decision of ['approve', 'deny'] as const)
      expect(await decide(fay, other, decision)).toMatchObject({ kind: 'refused', code: 'CONTAINED' });
    const approval = await store.db.selectFrom('approvals').select(['run_id', 'key']).where('id', '=', early).executeTakeFirstOrThrow();
    expect((await latestApprovals(store.db, approval.run_id, [approval.key], false))[0]?.decisions).toMatchObject([{ contained: true }]);
    await store.db.updateTable('approvals').set({ addressed_to: '{"person":"fay.moss"}' }).where('id', '=', other).execute();
    const standsInFor = [{ ...fay, names: ['fay.moss'], groups: [], oncall: [] }];
    expect(await decide({ ...gus, standsInFor }, other, 'approve')).toMatchObject({ kind: 'refused', code: 'CONTAINED' });
    await store.db.updateTable('holds').set({ state: 'released' }).where('id', '=', 'hld_made_up').execute();
    expect(await decide({ ...fay, names: ['fay.moss'] }, other, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
  });

  it('and is given back: what they said before does not count by itself, as nobody knows who said it; they say it again, or another does', async () => {
    const [ida, jon] = [await made('ida'), await made('jon')];
    const open = await asked('bob');
    await sql`update approvals set requirement = requirement || '{"count": 2}' where id = ${open}`.execute(store.db);
    expect(await decide(ida, open, 'approve')).toMatchObject({ kind: 'recorded', state: 'open', given: 1 });
    await sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, entity_names, verb, connector, params, before, says_undo, state)
      select 'hld_ida', id, 'ida', 0, 'ida', incident_id, 'user:ida', 'Ida', 'ida', array['ida'], 'user.disable', 'idp', '{}', '{}', 'Enable Ida', 'released'
      from runs limit 1`.execute(store.db);
    expect(await decide(jon, open, 'approve')).toMatchObject({ kind: 'recorded', state: 'open', given: 1 });
    const reader = { ...ida, authorMay: false };
    expect(await readApproval(store.db, open, reader)).toMatchObject({
      given: 1,
      mayDecide: true,
      decisions: [{ by: 'ida', contained: true }, { by: 'jon' }],
    });
    expect(await decide(ida, open, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted', given: 2 });
  });
});
