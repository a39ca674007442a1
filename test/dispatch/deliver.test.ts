// What is owed to Temporal reaches it: once, whatever is down, and no bad row holds up another.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { requestCancel } from '../../store/cancel.ts';
import { oweWake } from '../../store/outbox.ts';
import { grpcError } from './fake-temporal.ts';
import { endRun, NOW, openWorld, outboxStates, queueRun, runState, type World } from './world.ts';

describe('delivery', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    await world.close();
  });
  const owe = (run: string) => oweWake(world.store.db, run);
  const outboxRow = async (dedupe: string) =>
    await world.store.db.selectFrom('outbox').select(['state', 'attempts', 'error']).where('dedupe', '=', dedupe).executeTakeFirstOrThrow();

  it('starts a queued run once, under its id, with plan and facts', async () => {
    const id = await queueRun(world.store, { severityId: 4 });
    const dispatch = world.dispatch();
    await dispatch.idle();
    const run = world.temporal.runs.get(id);
    expect(run?.input).toMatchObject({ runId: id, engine: 1, planDigest: 'made', plan: { playbook: 'contain' } });
    expect(run?.input.given.run).toMatchObject({ id, severity: 'high', severity_id: 4, incident: 'inc_1', url: `http://127.0.0.1:8080/runs/${id}` });
    expect(run?.summary).toBe('made up');
    expect(await runState(world.store, id)).toBe('running');
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toEqual([id]);
    expect(await outboxStates(world.store)).toEqual({ done: 1 });
  });

  it('a worker that died between claim and start: the run is started once, by whoever comes next', async () => {
    const id = await queueRun(world.store);
    let died = (): void => undefined;
    const death = new Promise<void>((resolve) => {
      died = resolve;
    });
    // It hangs at the point where the process would be killed, and is never heard of again.
    world.dispatch({ workerId: 'dead', fail: (point) => (point === 'dispatch.claimed' ? (died(), new Promise<void>(() => undefined)) : undefined) });
    await death;
    expect(world.temporal.started).toEqual([]);
    const next = world.dispatch({ workerId: 'next' });
    await next.idle();
    expect(world.temporal.started).toEqual([id]);
    expect(await outboxStates(world.store)).toEqual({ done: 1 });
  });
});
