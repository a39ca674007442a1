import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { SAMPLES } from '../../alerts/samples.ts';
import { expireDue } from '../../store/approvals.ts';
import { publishPlaybook } from '../../store/playbook-versions.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

let number = 100;
/** A travel alert about a user and host of its own, and the approval that it leads to. */
async function asked() {
  number += 1;
  const alert = { ...SAMPLES.travel, users: [{ id: `user-${number}` }], hosts: [{ id: `wks-${number}` }] };
  const run = await world.run(await world.alert(alert));
  return { run, approval: await world.approval(run.id, 'approval'), user: `user-${number}`, host: `wks-${number}` };
}
const containments = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));

describe('an approval', () => {
  it('that nobody gives expires, and silence means no', async () => {
    const { run, approval, user, host } = await asked();
    await world.store.db
      .updateTable('approvals')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where('id', '=', approval.id)
      .execute();
    await expireDue(world.store.db, new Date());
    world.store.wake('outbox');
    expect(await world.ended(run.id)).toMatchObject({ state: 'stopped', outcome: 'not-contained' });
    expect(await containments(user)).toEqual([]);
    expect(await containments(host)).toEqual([]);
  });

  it('that was denied ends it: a click afterwards does nothing', async () => {
    const { run, approval, user } = await asked();
    expect(await world.decide(approval, 'deny')).toMatchObject({ kind: 'recorded', state: 'denied' });
    expect(await world.decide(approval, 'approve', { who: 'ben' })).toMatchObject({ kind: 'refused', code: 'APPROVAL_ENDED' });
    expect(await world.ended(run.id)).toMatchObject({ outcome: 'not-contained' });
    expect(await containments(user)).toEqual([]);
  });

  it('that is denied after it was given, while an outage holds the first effect: nobody is asked again, and on_denied has its turn', async () => {
    const { run, approval, user, host } = await asked();
    await world.faults([{ product: 'idp', effect: 'read', status: 503 }]);
    await world.decide(approval, 'approve');
    const step = async (key: string) => (await world.steps(run.id)).find((one) => one.key === key);
    await eventually(async () => ((await step('contain'))?.outcome === 'done' ? true : undefined), 'the gate to let it pass');
    expect(await world.decide(approval, 'deny', { who: 'ben' })).toMatchObject({ kind: 'recorded', state: 'denied' });
    expect(await world.ended(run.id)).toMatchObject({ state: 'stopped', outcome: 'not-contained' });
    await world.faults([]);
    expect(await step('disable')).toMatchObject({ outcome: 'denied', error: { code: 'APPROVAL_DENIED', step: 'contain' } });
    expect(await step('contain')).toMatchObject({ outcome: 'denied' });
    const approvals = await world.store.db.selectFrom('approvals').select(['key', 'state']).where('run_id', '=', run.id).execute();
    expect(approvals).toEqual([{ key: 'contain', state: 'denied' }]);
    expect([...(await containments(user)), ...(await containments(host))]).toEqual([]);
  }, 60_000);

  it('over a group asks for what can be found, and says how much cannot: one unknown device keeps nobody from being contained', async () => {
    const alert = { ...SAMPLES.travel, users: [{ id: 'user-190' }], hosts: [{ id: 'byod-laptop-1' }] };
    const run = await world.run(await world.alert(alert));
    const approval = await world.approval(run.id, 'approval');
    expect(approval.title).toMatch(/^Disable .* \(1 not found, and left out\)$/);
    expect(await world.decide(approval, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
    const question = await world.approval(run.id, 'question');
    expect(await containments('user-190')).toEqual(['disable user-190', 'revoke user-190']);
    expect((await world.steps(run.id)).find((step) => step.key === 'isolate')).toMatchObject({ outcome: 'failed' });
    await world.decide(question, 'answer', { answer: 'true-positive', who: 'cleo' });
    expect(await world.ended(run.id)).toMatchObject({ state: 'stopped', outcome: 'partly-contained' });
  }, 60_000);

  it.each([['refuses us', { status: 403 }]])(
    'over a group asks without a product that %s, and for its effects once they can be seen',
    async (_what, fault) => {
      number += 1;
      const [user, host] = [`user-${number}`, `wks-${number}`];
      await world.faults([{ product: 'edr', effect: 'read', ...fault }]);
      const run = await world.run(await world.alert({ ...SAMPLES.travel, users: [{ id: user }], hosts: [{ id: host }] }));
      const approval = await world.approval(run.id, 'approval');
      expect(approval.title).toMatch(/ \(1 asked for later: no answer\)$/);
      await world.faults([]);
      await world.decide(approval, 'approve');
      const later = await world.approval(run.id, 'approval');
      expect(later.title).toBe(`Isolate ${host}`);
      await world.decide(later, 'approve', { who: 'ben' });
      await world.approval(run.id, 'question');
      expect(await containments(host)).toEqual([`isolate ${host}`]);
    },
    60_000,
  );

  it('that a hundred people give at once is one approval and one effect each', async () => {
    const { run, approval, user, host } = await asked();
    const clicks = await Promise.all(Array.from({ length: 100 }, (_, at) => world.decide(approval, 'approve', { who: `person-${at}` })));
    expect(clicks.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(clicks.filter((click) => click.kind === 'refused' && click.code === 'APPROVAL_ENDED')).toHaveLength(99);
    await world.approval(run.id, 'question');
    // Whoever has no session has none ended.
    expect((await containments(user)).filter((effect) => !effect.startsWith('revoke'))).toEqual([`disable ${user}`]);
    expect(await containments(host)).toEqual([`isolate ${host}`]);
    expect((await world.audit(run.id)).filter((code) => code === 'approval.granted')).toHaveLength(1);
  });

  it('that is given after thirty days, with three newer versions of the playbook published since, does what was shown', async () => {
    const { run, approval, user, host } = await asked();
    const days = sql`interval '30 days'`;
    await sql`update approvals set opened_at = opened_at - ${days} where id = ${approval.id}`.execute(world.store.db);
    await sql`update runs set created_at = created_at - ${days}, started_at = started_at - ${days}, progress_at = progress_at - ${days} where id = ${run.id}`.execute(
      world.store.db,
    );
    await sql`update steps set started_at = started_at - ${days} where run_id = ${run.id}`.execute(world.store.db);
    const old = await world.store.db
      .selectFrom('playbook_versions')
      .selectAll()
      .where('digest', '=', run.plan_digest)
      .executeTakeFirstOrThrow();
    const plan = await world.deps.plan(run.id, run.plan_digest);
    if (!plan) throw new Error('the run has no plan');
    for (const newer of ['first', 'second', 'third']) {
      const wanted = {
        plan: { ...plan, title: `The ${newer} newer version` },
        digest: `made-up-${newer}`,
        source: '',
        path: old.path,
        author: 'folder',
      };
      await publishPlaybook(world.store.db, { ...wanted, firstMode: 'act', yieldToPeople: false }, new Date());
    }
    expect(await world.decide(approval, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
    await world.approval(run.id, 'question');
    expect(await containments(user)).toContain(`disable ${user}`);
    expect(await containments(host)).toEqual([`isolate ${host}`]);
    expect(await world.store.db.selectFrom('approvals').select('state').where('id', '=', approval.id).execute()).toEqual([
      { state: 'granted' },
    ]);
  });

  it('is not for viewers or analysts, and not for what was not shown', async () => {
    const { approval, user } = await asked();
    expect(await world.decide(approval, 'approve', { role: 'viewer' })).toMatchObject({ kind: 'refused', code: 'APPROVAL_ROLE' });
    expect(await world.decide(approval, 'approve', { role: 'analyst' })).toMatchObject({ kind: 'refused', code: 'APPROVAL_ROLE' });
    expect(await world.decide({ ...approval, digest: 'f'.repeat(64) }, 'approve')).toMatchObject({
      kind: 'refused',
      code: 'APPROVAL_CHANGED',
    });
    expect(await containments(user)).toEqual([]);
  });

  it('is void when the connector points elsewhere than when it was shown, and asks again for each effect', async () => {
    const { run, approval, user } = await asked();
    const { connectors } = world.state;
    world.state.connectors = {
      ...connectors,
      servers: (verb) => connectors.servers(verb).map((one) => ({ ...one, fingerprint: `moved-${one.fingerprint}` })),
    };
    try {
      await world.decide(approval, 'approve');
      const again = await world.approval(run.id, 'approval');
      expect(again).toMatchObject({ key: 'disable' });
      expect(await containments(user)).toEqual([]);
      await world.decide(again, 'deny');
    } finally {
      world.state.connectors = connectors;
    }
  });

  it('that was voided twice by changes is asked for no more: denied, and people are paged', async () => {
    const { run, approval, user } = await asked();
    const { connectors } = world.state;
    const moved = (where: string) => {
      world.state.connectors = {
        ...connectors,
        servers: (verb) => connectors.servers(verb).map((one) => ({ ...one, fingerprint: `${where}-${one.fingerprint}` })),
      };
    };
    try {
      moved('first');
      await world.decide(approval, 'approve');
      for (const where of ['second', 'third']) {
        const again = await world.approval(run.id, 'approval');
        expect(again.key).toBe('disable');
        moved(where);
        await world.decide(again, 'approve');
      }
      const state = () =>
        world.store.db
          .selectFrom('steps')
          .select(['outcome', 'error'])
          .where('run_id', '=', run.id)
          .where('key', '=', 'disable')
          .where('state', '=', 'ended')
          .executeTakeFirst();
      expect(await eventually(state, 'the end of disable')).toMatchObject({ outcome: 'denied', error: { code: 'APPROVAL_VOID' } });
      const rounds = await world.store.db
        .selectFrom('approvals')
        .select(['round', 'state'])
        .where('run_id', '=', run.id)
        .where('key', '=', 'disable')
        .orderBy('round')
        .execute();
      expect(rounds).toEqual([
        { round: 0, state: 'void' },
        { round: 1, state: 'void' },
      ]);
      expect(world.pages.some((page) => page.includes('nobody is asked again'))).toBe(true);
      expect(await containments(user)).toEqual([]);
    } finally {
      world.state.connectors = connectors;
    }
  });
});

describe('what is sent straight to Temporal', () => {
  it('wakes a run and no more: the gate stays shut', async () => {
    const { run, user } = await asked();
    for (let i = 0; i < 5; i++) await world.handle(run.id).signal('wake');
    await world.dispatch.idle();
    expect(await world.store.db.selectFrom('approvals').select('state').where('run_id', '=', run.id).execute()).toEqual([
      { state: 'open' },
    ]);
    expect(await containments(user)).toEqual([]);
  });

  it('is refused as a start, encrypted with our keys or not', async () => {
    const { run, user } = await asked();
    const { Client } = await import('@temporalio/client');
    const plain = new Client({ connection: world.connection, namespace: world.client.options.namespace });
    const start = {
      taskQueue: 'cordon',
      args: [{ runId: run.id, engine: 1, planDigest: run.plan_digest, given: { inputs: {}, run: {} } }],
    };
    await expect(plain.workflow.execute('runPlaybook', { ...start, workflowId: 'forged-1' })).rejects.toThrow();
    await expect(world.client.workflow.execute('runPlaybook', { ...start, workflowId: 'forged-2' })).rejects.toThrow();
    expect(await containments(user)).toEqual([]);
  });
});
