// Behind our back, on a real Temporal server: a contained account's run is terminated, reset or deleted there.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from '../runs/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ dispatchTiming: { sweepMs: 200, reconcileMs: 300, quietS: 1, recheckS: 1 } });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

let number = 200;
/** A run that has disabled a user and isolated a host, and waits for its verdict. */
async function contained() {
  number += 1;
  const [user, host] = [`user-${number}`, `wks-${number}`];
  const run = await world.run(await world.alert({ ...SAMPLES.travel, users: [{ id: user }], hosts: [{ id: host }] }));
  await world.decide(await world.approval(run.id, 'approval'), 'approve');
  await world.approval(run.id, 'question');
  return { id: run.id, handle: world.handle(run.id), user, host };
}
const execution = async (handle: ReturnType<World['handle']>) => {
  const found = await handle.describe();
  return { workflowId: found.workflowId, runId: found.runId };
};
const effectsOn = async (...targets: string[]) =>
  (await world.effects()).filter((effect) => targets.some((target) => effect.endsWith(` ${target}`)));
const lost = async (id: string) =>
  await eventually(
    async () => await world.store.db.selectFrom('runs').selectAll().where('id', '=', id).where('state', '=', 'lost').executeTakeFirst(),
    `the finding that ${id} is lost`,
    20_000,
  );

async function expectAbandoned(run: Awaited<ReturnType<typeof contained>>, code: string): Promise<void> {
  const before = await effectsOn(run.user, run.host);
  expect(await lost(run.id)).toMatchObject({ error: { code }, place_until: null });
  const { db } = world.store;
  const holds = await db
    .selectFrom('holds')
    .select(['entity_id', 'state', 'debt_owner'])
    .where('run_id', '=', run.id)
    .orderBy('entity_id')
    .execute();
  expect(holds).toMatchObject([
    { entity_id: run.user, state: 'debt', debt_owner: expect.stringMatching(/./) },
    { entity_id: run.host, state: 'debt' },
  ]);
  expect(await db.selectFrom('locks').selectAll().where('run_id', '=', run.id).execute()).toEqual([]);
  expect(await db.selectFrom('approvals').select('state').where('run_id', '=', run.id).where('kind', '=', 'question').execute()).toEqual([
    { state: 'withdrawn' },
  ]);
  expect(world.pages.filter((page) => page.includes(run.id))).toHaveLength(1);
  expect(await effectsOn(run.user, run.host)).toEqual(before);
}

describe('a run that Temporal lost', () => {
  it('started eagerly: its first task came with the answer to the start', async () => {
    const run = await contained();
    const [first] = (await run.handle.fetchHistory()).events ?? [];
    expect(first?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted).toBe(true);
  });

  it('terminated: owed, told, nothing done again', async () => {
    const run = await contained();
    await run.handle.terminate('made up');
    await expectAbandoned(run, 'RUN_TERMINATED');
  });

  it('deleted: the same', async () => {
    const run = await contained();
    await world.client.workflowService.deleteWorkflowExecution({
      namespace: world.namespace,
      workflowExecution: await execution(run.handle),
    });
    await expectAbandoned(run, 'RUN_MISSING');
  });

  it('reset: the same, and what the new Temporal run asks for is refused', async () => {
    const run = await contained();
    const workflowExecution = await execution(run.handle);
    const reset = {
      namespace: world.namespace,
      workflowExecution,
      reason: 'made up',
      requestId: randomUUID(),
      workflowTaskFinishEventId: 4 as never,
    };
    await world.client.workflowService.resetWorkflowExecution(reset); // event 4: the end of the first task; the type wants a Long
    await expectAbandoned(run, 'RUN_RESET');
    const again = await eventually(async () => {
      const found = await run.handle.describe();
      return found.runId !== workflowExecution.runId && found.status.name !== 'RUNNING' ? found : undefined;
    }, 'the end of the new Temporal run');
    expect(again.runId).not.toBe(workflowExecution.runId);
    expect(await effectsOn(run.user, run.host)).toEqual(expect.arrayContaining([`disable ${run.user}`, `isolate ${run.host}`]));
    expect((await effectsOn(run.user)).filter((effect) => effect.startsWith('disable'))).toHaveLength(1);
  });
});
