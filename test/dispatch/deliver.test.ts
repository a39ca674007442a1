// What is owed to Temporal reaches it: once, whatever is down, and no bad row holds up another.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { requestCancel } from '../../store/cancel.ts';
import { oweWake } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { grpcError } from './fake-temporal.ts';
import { emptyWorld, endRun, hurry, NOW, outboxStates, queueRun, runState, type World } from './world.ts';

describe('delivery', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await store.close();
  });
  beforeEach(async () => {
    world = await emptyWorld(store);
  });
  afterEach(async () => {
    await world.close();
  });
  const row = async (dedupe: string) =>
    await store.db.selectFrom('outbox').select(['state', 'attempts', 'error']).where('dedupe', '=', dedupe).executeTakeFirstOrThrow();
  const running = async () => {
    const id = await queueRun(store);
    const dispatch = world.dispatch();
    await dispatch.idle();
    const run = world.temporal.runs.get(id);
    if (!run) throw new Error('the run was not started');
    return { id, run, dispatch };
  };

  it('starts a queued run once, under its id, with plan and facts', async () => {
    const id = await queueRun(store, { severityId: 4 });
    const dispatch = world.dispatch();
    await dispatch.idle();
    const run = world.temporal.runs.get(id);
    expect(run?.input).toMatchObject({ runId: id, engine: 1, planDigest: 'made', plan: { playbook: 'contain' } });
    const url = `http://127.0.0.1:8080/runs/${id}`;
    expect(run?.input.given.run).toMatchObject({ id, severity: 'high', severity_id: 4, incident: 'inc_1', url });
    expect(run?.summary).toBe('made up');
    expect(await runState(store, id)).toBe('running');
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.calls).toBe(1);
    expect(await outboxStates(store)).toEqual({ done: 1 });
  });

  it('a plan and an alert above the bound travel as digest and id alone', async () => {
    const id = await queueRun(store);
    await sql`update runs set plan = jsonb_set(plan, '{description}', to_jsonb(repeat('x', 200001))) where id = ${id}`.execute(store.db);
    await world.dispatch().idle();
    const input = world.temporal.runs.get(id)?.input;
    expect(input?.planDigest).toBe('made');
    expect(input && 'plan' in input).toBe(false);
  });

  it('a worker that died between claim and start: the run is started once, by whoever comes next', async () => {
    const id = await queueRun(store);
    let arrived = (): void => undefined;
    const claimed = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    // It stops where the process would be killed.
    const dead = world.dispatch({
      workerId: 'dead',
      fail: (point) => {
        if (point === 'dispatch.claimed') arrived();
        throw new Error('killed here');
      },
    });
    await claimed;
    await dead.stop();
    await sql`update outbox set attempts = 0, next_at = now(), claimed_by = 'dead#1', claimed_until = now() + interval '1 hour'`.execute(
      store.db,
    );
    expect(world.temporal.started).toEqual([]);
    await world.dispatch({ workerId: 'next' }).idle();
    expect(world.temporal.started).toEqual([id]);
    expect(await outboxStates(store)).toEqual({ done: 1 });
  });

  it('stops within seconds, also while a call to Temporal hangs', async () => {
    await queueRun(store);
    let hung = (): void => undefined;
    const called = new Promise<void>((resolve) => {
      hung = resolve;
    });
    const withDeadline = async <R>(): Promise<R> => {
      hung();
      return await new Promise<R>(() => undefined);
    };
    const client = { ...world.temporal.client, withDeadline };
    const dispatch = world.dispatch({ client, timing: { sweepMs: 3_600_000, reconcileMs: 3_600_000, stopWithinMs: 20 } });
    await called;
    await dispatch.stop(); // else the test's own time limit ends it
    expect(world.temporal.started).toEqual([]);
  });

  it('a start whose acknowledgement was lost is repeated and is one run, also when that run has ended', async () => {
    const { id, run, dispatch } = await running();
    for (const status of ['RUNNING', 'COMPLETED']) {
      run.status = status;
      await sql`update outbox set state = 'ready' where dedupe = ${`start:${id}`}`.execute(store.db);
      dispatch.kick();
      await dispatch.idle();
      expect(await row(`start:${id}`)).toMatchObject({ state: 'done' });
    }
    expect(world.temporal.started).toEqual([id]);
  });

  it('Temporal down: everything waits and nothing is given up; back again: each is delivered once', async () => {
    world.temporal.down = true;
    const dispatch = world.dispatch();
    const ids = await Promise.all(Array.from({ length: 40 }, () => queueRun(store, { severityId: 2 })));
    for (let outage = 0; outage < 40; outage++) {
      world.pass(60_000);
      await hurry(store);
      dispatch.kick();
      await dispatch.idle();
    }
    expect(world.temporal.calls).toBeLessThan(120); // it tries one at a time, not the whole backlog each time
    expect(await outboxStates(store)).toEqual({ ready: 40 });
    expect((await Promise.all(ids.map((id) => runState(store, id)))).every((state) => state === 'queued')).toBe(true);
    world.temporal.down = false;
    world.pass(60_000);
    dispatch.kick();
    await dispatch.idle();
    expect([...world.temporal.started].sort()).toEqual([...ids].sort());
    expect(await outboxStates(store)).toEqual({ done: 40 });
    expect(world.pages).toEqual([]);
  });

  it('Temporal down, and the clock set back by an hour meanwhile: all flows within seconds of its return', async () => {
    world.temporal.down = true;
    const id = await queueRun(store);
    const dispatch = world.dispatch();
    await dispatch.idle();
    world.setBack(3_600_000);
    world.temporal.down = false;
    world.pass(10_000);
    await hurry(store);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toEqual([id]);
  });

  it('Temporal down, and each call long in failing: one try at a time, however often it is looked for work', async () => {
    const pending: (() => void)[] = [];
    let slow = false;
    const withDeadline = async <R>(deadline: number | Date, call: () => Promise<R>): Promise<R> => {
      if (slow) await new Promise<void>((resolve) => pending.push(resolve));
      return await world.temporal.client.withDeadline(deadline, call);
    };
    world.temporal.down = true;
    const dispatch = world.dispatch({ client: { ...world.temporal.client, withDeadline } });
    await Promise.all(Array.from({ length: 10 }, () => queueRun(store, { severityId: 2 })));
    dispatch.kick();
    await dispatch.idle();
    slow = true;
    for (let look = 0; look < 6; look++) {
      world.pass(60_000);
      await hurry(store);
      dispatch.kick();
      // Longer than a claim: the store does one thing after the other.
      for (let turn = 0; turn < 20; turn++) {
        await store.db.selectFrom('outbox').select('id').execute();
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(pending).toHaveLength(1);
    world.temporal.down = false;
    slow = false;
    for (const go of pending) go();
    await dispatch.idle();
    world.pass(60_000);
    dispatch.kick();
    await dispatch.idle();
    expect(await outboxStates(store)).toEqual({ done: 10 });
  });

  it('a row that Temporal refuses for ever is given up aloud; the others are delivered meanwhile', async () => {
    const bad = await queueRun(store, { severityId: 6 });
    world.temporal.refuse = (id) => (id === bad ? grpcError(3, 'made-up refusal') : undefined);
    const good = await Promise.all(Array.from({ length: 10 }, () => queueRun(store)));
    const dispatch = world.dispatch();
    await dispatch.idle();
    expect([...world.temporal.started].sort()).toEqual([...good].sort());
    for (let attempt = 0; attempt < 4; attempt++) {
      await hurry(store);
      dispatch.kick();
      await dispatch.idle();
    }
    expect(await row(`start:${bad}`)).toMatchObject({
      state: 'undeliverable',
      attempts: 5,
      error: expect.stringContaining('TEMPORAL_REFUSED'),
    });
    expect(await runState(store, bad)).toBe('lost');
    // By the delivery: a run's start, wake, cancel and notifications can each be given up, and none may swallow the other's page.
    const key = expect.stringMatching(/^start\.\d+\./);
    expect(world.pages).toEqual([expect.objectContaining({ code: 'DELIVERY_GIVEN_UP', key, runId: bad })]);
    const audit = await store.db.selectFrom('audit_events').select('code').where('code', '=', 'outbox.undeliverable').execute();
    expect(audit).toHaveLength(1);
  });

  it('a start is given up, its run closed and a person told in one commit, or none of it', async () => {
    const id = await queueRun(store);
    world.temporal.refuse = () => grpcError(3, 'made-up refusal');
    await sql`update outbox set attempts = 4`.execute(store.db);
    let told = 0;
    const dispatch = world.dispatch({
      page: async (_, within) => {
        told += 1;
        // As far as anybody else can see, nothing has happened yet. A process that dies here leaves all of it to the next.
        if (told === 1) throw new Error('killed here');
        if (within) expect(await within.selectFrom('runs').select('state').where('id', '=', id).execute()).toEqual([{ state: 'lost' }]);
      },
    });
    await dispatch.idle();
    expect(told).toBe(1);
    expect(await runState(store, id)).toBe('queued');
    expect(await row(`start:${id}`)).toMatchObject({ state: 'ready', attempts: 4 });
    await sql`update outbox set claimed_until = now() - interval '1 second'`.execute(store.db); // the claim's lease ends
    dispatch.kick();
    await dispatch.idle();
    expect(told).toBe(2);
    expect(await runState(store, id)).toBe('lost');
    expect(await row(`start:${id}`)).toMatchObject({ state: 'undeliverable', attempts: 5 });
  });

  it('wakes a run; a wake asked for while one is being delivered is delivered too', async () => {
    const { id, run, dispatch } = await running();
    await oweWake(store.db, id);
    let again = true;
    world.temporal.refuse = () => {
      // The first wake is on its way when the second is asked for.
      if (again) void oweWake(store.db, id).then(() => dispatch.kick());
      again = false;
      return undefined;
    };
    dispatch.kick();
    await dispatch.idle();
    await dispatch.idle();
    dispatch.kick();
    await dispatch.idle();
    expect(run.signals).toBe(2);
    expect(await outboxStates(store)).toEqual({ done: 2 });
  });

  it('a wake for a run that has ended is done without a word to Temporal', async () => {
    const { id, dispatch } = await running();
    const before = world.temporal.calls;
    await oweWake(store.db, id);
    await endRun(store, id);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.calls).toBe(before);
    expect(await outboxStates(store)).toEqual({ done: 2 });
  });

  it('a cancellation reaches a running run', async () => {
    const { id, run, dispatch } = await running();
    expect(await requestCancel(store.db, { runId: id, by: 'per_1', reason: 'made up' }, NOW)).toBe(true);
    dispatch.kick();
    await dispatch.idle();
    expect(run.cancelled).toBe(1);
  });

  it('a cancellation that was given up is delivered when somebody asks for it again', async () => {
    const { id, run, dispatch } = await running();
    const cancel = async () => {
      await requestCancel(store.db, { runId: id, by: 'per_1', reason: 'made up' }, NOW);
      for (let attempt = 0; attempt < 5; attempt++) {
        await hurry(store);
        dispatch.kick();
        await dispatch.idle();
      }
    };
    world.temporal.refuse = () => grpcError(3, 'made-up refusal');
    await cancel();
    expect(await row(`cancel:${id}`)).toMatchObject({ state: 'undeliverable', attempts: 5 });
    await cancel();
    // Two who asked, and neither is told by the other's page.
    expect(new Set(world.pages.map(({ key }) => key)).size).toBe(2);
    world.temporal.refuse = () => undefined;
    await cancel();
    expect(run.cancelled).toBe(1);
    expect(await row(`cancel:${id}`)).toMatchObject({ state: 'done', attempts: 0 });
  });

  it('a queued run that is cancelled while Temporal is down is never started, also when its start was tried', async () => {
    world.temporal.down = true;
    const id = await queueRun(store);
    const dispatch = world.dispatch();
    await dispatch.idle();
    expect(await row(`start:${id}`)).toMatchObject({ state: 'ready', error: expect.stringContaining('TEMPORAL_AWAY') });
    await requestCancel(store.db, { runId: id, by: 'per_1', reason: 'made up' }, NOW);
    world.temporal.down = false; // it is back before the cancellation was looked at
    world.pass(60_000);
    dispatch.kick();
    await dispatch.idle();
    await hurry(store);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toEqual([]);
    expect(await runState(store, id)).toBe('cancelled');
    expect(await outboxStates(store)).toEqual({ done: 2 });
  });

  it('a notification is delivered with what it is about; one that cannot be is given up and paged', async () => {
    const { id, dispatch } = await running();
    await dispatch.stop();
    await sql`insert into outbox (kind, about, dedupe, payload) values ('notify', ${id}, 'n1', '{"approvalId":"apr_1"}'), ('notify', ${id}, 'n2', '{"approvalId":"apr_2"}')`.execute(
      store.db,
    );
    const told: unknown[] = [];
    const notifying = world.dispatch({
      notify: async ({ payload }) => {
        if (JSON.stringify(payload).includes('apr_2')) throw new Error('made-up messenger is down');
        told.push(payload);
      },
    });
    for (let attempt = 0; attempt < 5; attempt++) {
      notifying.kick();
      await notifying.idle();
      await hurry(store);
    }
    expect(told).toEqual([{ approvalId: 'apr_1' }]);
    expect(await row('n2')).toMatchObject({ state: 'undeliverable', error: expect.stringContaining('NOTIFY_FAILED') });
    expect(world.pages).toHaveLength(1);
  });
});
