import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { DEFAULT_TIMING } from '../../dispatch/deps.ts';
import { workflowId } from '../../workflows/contract.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ requestTimeoutMs: 1_500, dispatchTiming: { quietS: 1, recheckS: 1, reconcileMs: 300 } });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

let number = 300;
/** A run about a user and a host of its own, at its approval. */
async function asked() {
  number += number % 4 === 3 ? 2 : 1; // each fourth account has no sessions to end
  const user = `user-${number}`;
  const host = `wks-${number}`;
  const run = await world.run(await world.alert({ ...SAMPLES.travel, users: [{ id: user }], hosts: [{ id: host }] }));
  return { run, user, host, approval: await world.approval(run.id, 'approval') };
}
const about = async (...targets: string[]) =>
  (await world.record())
    .filter((line) => line.effect !== null && line.target !== null && targets.includes(line.target))
    .map((line) => `${line.effect} ${line.target}`);

/** How the run is taken away from us, straight in Temporal. */
const AWAY: Record<string, (run: { readonly id: string; readonly temporal_run_id: string | null }) => Promise<unknown>> = {
  terminated: async (run) => await world.handle(run.id).terminate('behind our back'),
  reset: async (run) => {
    const { events } = await world.handle(run.id).fetchHistory();
    const first = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    return await world.client.workflowService.resetWorkflowExecution({
      namespace: world.namespace,
      workflowExecution: { workflowId: workflowId(run.id), runId: run.temporal_run_id ?? '' },
      reason: 'behind our back',
      requestId: randomUUID(),
      workflowTaskFinishEventId: first ?? null,
    });
  },
  deleted: async (run) =>
    await world.client.workflowService.deleteWorkflowExecution({
      namespace: world.namespace,
      workflowExecution: { workflowId: workflowId(run.id), runId: run.temporal_run_id ?? '' },
    }),
};
const CODES: Readonly<Record<string, string>> = { terminated: 'RUN_TERMINATED', reset: 'RUN_RESET', deleted: 'RUN_MISSING' };

/** What stays behind: no place, no lock, no question to people. */
async function leftovers(runId: string) {
  const { db } = world.store;
  const run = await db.selectFrom('runs').select('place_until').where('id', '=', runId).executeTakeFirstOrThrow();
  const locks = await db.selectFrom('locks').select('entity').where('run_id', '=', runId).execute();
  const approvals = await db.selectFrom('approvals').select('id').where('run_id', '=', runId).where('state', '=', 'open').execute();
  return { place: run.place_until, locks, approvals };
}
const NOTHING_LEFT = { place: null, locks: [], approvals: [] };

describe.each(['terminated', 'reset', 'deleted'])('a run that was %s in Temporal behind our back', (how) => {
  it('is said to be lost, holds up nothing, does nothing again, and can still be undone', async () => {
    const { run, user, host, approval } = await asked();
    await world.decide(approval, 'approve');
    await world.approval(run.id, 'question');
    const done = await about(user, host);
    expect(done).toEqual([`disable ${user}`, `revoke ${user}`, `isolate ${host}`]);
    const bound = await world.store.db.selectFrom('runs').selectAll().where('id', '=', run.id).executeTakeFirstOrThrow();
    await AWAY[how]?.(bound);

    const lost = await world.ended(run.id, 20_000);
    expect(lost).toMatchObject({ state: 'lost', error: { code: CODES[how] } });
    expect(await leftovers(run.id)).toEqual(NOTHING_LEFT);
    await eventually(async () => (world.pages.some((page) => page.includes(`(${run.id}) is lost`)) ? true : undefined), 'the page');
    expect(await world.audit(run.id)).toEqual(expect.arrayContaining(['run.lost', 'hold.debt']));
    const holds = async () =>
      await world.store.db
        .selectFrom('holds')
        .select(['entity_id', 'state', 'debt_owner'])
        .where('run_id', '=', run.id)
        .orderBy('placed_at')
        .execute();
    expect(await holds()).toEqual([
      { entity_id: user, state: 'debt', debt_owner: 'identity-response' },
      { entity_id: host, state: 'debt', debt_owner: 'identity-response' },
    ]);
    expect(await about(user, host)).toEqual(done);

    expect(await world.ended(await world.undo(run.id))).toMatchObject({ state: 'completed' });
    expect(await about(user, host)).toEqual([...done, `release ${host}`, `enable ${user}`]);
    expect((await holds()).map((hold) => hold.state)).toEqual(['released', 'released']);
  }, 60_000);
});

describe('a run that was terminated in the middle of an effect', () => {
  it('is lost only when the effect can no longer land, and then owes what nobody knows', async () => {
    const { run, user, host, approval } = await asked();
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, hang: true, drop: 'after', count: 1 }]);
    await world.decide(approval, 'approve');
    await eventually(async () => ((await about(host)).length > 0 ? true : undefined), 'the isolation');
    const intent = async () =>
      await world.store.db
        .selectFrom('steps')
        .selectAll()
        .where('run_id', '=', run.id)
        .where('key', '=', 'isolate')
        .executeTakeFirstOrThrow();
    expect(await intent()).toMatchObject({ state: 'intent' });
    await world.handle(run.id).terminate('behind our back');

    const lost = await world.ended(run.id, 30_000);
    expect(lost.state).toBe('lost');
    const step = await intent();
    expect(step).toMatchObject({ state: 'ended', outcome: 'unknown' });
    expect(Number(lost.ended_at) - Number(step.intent_at)).toBeGreaterThan(step.lands_within_ms ?? 0);
    expect(await leftovers(run.id)).toEqual(NOTHING_LEFT);
    expect(await world.audit(run.id)).toEqual(expect.arrayContaining(['run.lost', 'effect.unknown', 'hold.debt']));
    expect(await world.ended(await world.undo(run.id))).toMatchObject({ state: 'completed' });
    // By the range's own record: contained once, taken back once.
    expect(await about(user, host)).toEqual([`disable ${user}`, `revoke ${user}`, `isolate ${host}`, `release ${host}`, `enable ${user}`]);
  }, 90_000);
});

it('is found within a minute by default', () => {
  expect(DEFAULT_TIMING.quietS + DEFAULT_TIMING.recheckS + DEFAULT_TIMING.reconcileMs / 1_000).toBeLessThanOrEqual(60);
});
