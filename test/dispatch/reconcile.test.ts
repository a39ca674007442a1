// A run that Temporal no longer carries is said to be lost: nothing stays taken, nothing that is in force is forgotten, nothing is done again.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openApproval } from '../../store/approvals.ts';
import { isAllFrozen, liftFreeze } from '../../store/freeze.ts';
import { takeLock } from '../../store/locks.ts';
import type { Store } from '../../store/store.ts';
import { readFreeze } from '../../store/views/freeze.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { emptyWorld, NOW, publish, queueRun, runState, type World } from './world.ts';

describe('reconciliation', () => {
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

  /** A run that Temporal carries, bound, and without progress for a minute. */
  const quietRun = async () => {
    const id = await queueRun(store);
    const dispatch = world.dispatch();
    await dispatch.idle();
    const run = world.temporal.runs.get(id);
    if (!run) throw new Error('the run was not started');
    await sql`update runs set temporal_run_id = ${run.runId}, progress_at = now() - interval '1 minute' where id = ${id}`.execute(store.db);
    return { id, run, dispatch };
  };
  const hold = (run: string, id: string, state = 'active') =>
    sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, verb, connector, params, before, says_undo, state)
      values (${id}, ${run}, ${id}, 0, 'disable', 'inc_1', 'user:made-up', 'Made Up', 'user-1', 'user.disable', 'range', '{}', '{}', 'Enable Made Up', ${state})`.execute(
      store.db,
    );
  const loss = async (id: string) => {
    const row = await store.db
      .selectFrom('runs')
      .select(['state', 'error', 'place_until', 'worker'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { ...row, code: row.error !== null && typeof row.error === 'object' && 'code' in row.error ? row.error.code : undefined };
  };
  const holds = async () => await store.db.selectFrom('holds').select(['id', 'state', 'debt_owner', 'debt_reason']).orderBy('id').execute();

  it.each([
    ['TERMINATED', 'RUN_TERMINATED'],
    ['TIMED_OUT', 'RUN_TIMED_OUT'],
    ['FAILED', 'RUN_FAILED_UNRECORDED'],
    ['CANCELLED', 'RUN_CANCELLED_UNRECORDED'],
    ['COMPLETED', 'RUN_ENDED_UNRECORDED'],
  ])('%s in Temporal and open here: lost, with %s as its reason, and people are told', async (status, code) => {
    const { id, run, dispatch } = await quietRun();
    run.status = status;
    await dispatch.reconcile();
    expect(await loss(id)).toMatchObject({ state: 'lost', code, place_until: null, worker: null });
    expect(world.pages).toEqual([expect.objectContaining({ code: 'RUN_LOST', runId: id })]);
    await sql`update runs set checked_at = null`.execute(store.db);
    await dispatch.reconcile();
    expect(world.pages).toHaveLength(1);
  });

  it('is not lost as long as nobody could be told of it', async () => {
    const { id, run, dispatch: first } = await quietRun();
    await first.stop();
    run.status = 'TERMINATED';
    let told = 0;
    const dispatch = world.dispatch({
      page: () => {
        told += 1;
        if (told === 1) throw new Error('killed here');
      },
    });
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
    await sql`update runs set checked_at = null`.execute(store.db);
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('lost');
    expect(told).toBe(2);
  });

  it('deleted in Temporal: lost', async () => {
    const { id, dispatch } = await quietRun();
    world.temporal.runs.delete(id);
    await dispatch.reconcile();
    expect(await loss(id)).toMatchObject({ state: 'lost', code: 'RUN_MISSING' });
    await dispatch.idle();
    expect(world.temporal.started).toEqual([id]); // and not started anew
  });

  it('most runs gone at once is no accident: effects are frozen until a person has looked, and people are told', async () => {
    const quiet = [];
    for (let i = 0; i < 5; i++) quiet.push(await quietRun());
    const { dispatch } = quiet[0] ?? (await quietRun());
    for (const { id } of quiet.slice(1)) world.temporal.runs.delete(id);
    await dispatch.reconcile();
    expect(await isAllFrozen(store.db)).toBe(false); // four are not many
    for (let i = 0; i < 6; i++) world.temporal.runs.delete((await quietRun()).id);
    await dispatch.reconcile();
    expect(await readFreeze(store.db, NOW)).toMatchObject({ on: true, by: 'cordon', reason: expect.stringContaining('6 of 6 runs') });
    expect(world.pages.map((page) => page.code)).toContain('RUNS_MISSING');
    await liftFreeze(store.db, { by: 'per_made_up', reason: 'looked into' }, NOW);
    world.pass(60_000);
    for (let i = 0; i < 6; i++) world.temporal.runs.delete((await quietRun()).id);
    await dispatch.reconcile();
    const keys = world.pages.filter((page) => page.code === 'RUNS_MISSING').map((page) => page.key);
    expect(keys).toEqual([NOW.toISOString(), new Date(NOW.getTime() + 60_000).toISOString()]); // the second loss of a day is told of too
    await liftFreeze(store.db, { by: 'per_made_up', reason: 'looked into' }, NOW);
  });

  it('reset in Temporal: lost, whatever the new Temporal run does', async () => {
    const { id, run, dispatch } = await quietRun();
    world.temporal.past.set(run.runId, { ...run, status: 'TERMINATED' });
    run.runId = 'temporal-after-reset';
    await dispatch.reconcile();
    expect(await loss(id)).toMatchObject({ state: 'lost', code: 'RUN_RESET' });
  });

  it('continued as new in Temporal: not lost', async () => {
    const { id, run, dispatch } = await quietRun();
    world.temporal.past.set(run.runId, { ...run, status: 'CONTINUED_AS_NEW' });
    run.runId = 'temporal-next';
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
  });

  it('Temporal away, or the run alive, or in progress a moment ago: nothing is concluded', async () => {
    const { id, run, dispatch } = await quietRun();
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
    run.status = 'TERMINATED';
    world.temporal.down = true;
    await sql`update runs set checked_at = null`.execute(store.db);
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
    world.temporal.down = false;
    await sql`update runs set checked_at = null, progress_at = now()`.execute(store.db);
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
    expect(world.pages).toEqual([]);
  });

  it('what it held is owed by the playbook’s owner, its approvals are withdrawn, its locks go to who waits', async () => {
    await publish(store);
    const version = await store.db.selectFrom('playbook_versions').select('digest').executeTakeFirstOrThrow();
    const { id, run, dispatch } = await quietRun();
    await sql`update runs set plan_digest = ${version.digest}, plan = null where id = ${id}`.execute(store.db);
    const waiter = await queueRun(store);
    dispatch.kick();
    await dispatch.idle();
    await hold(id, 'hld_1');
    await hold(id, 'hld_2', 'released');
    await takeLock(store.db, { entity: 'user:made-up', runId: id, key: 'disable', owner: 'gone', leaseMs: 3_600_000 });
    await takeLock(store.db, { entity: 'user:made-up', runId: waiter, key: 'disable', owner: 'other', leaseMs: 30_000 });
    const asked = {
      runId: id,
      incidentId: 'inc_1',
      key: 'contain',
      stepId: 'contain',
      round: 0,
      kind: 'approval',
      title: 'made up',
      items: [],
      canonical: '{}',
      digest: 'd',
      requirement: { count: 1, role: 'responder', reasons: [] },
      addressedTo: {},
      withinMs: 60_000,
      remindMs: [],
    } as unknown as Parameters<typeof openApproval>[1]; // the requirement's further members do not matter here
    await openApproval(store.db, asked, NOW);
    run.status = 'TERMINATED';
    await dispatch.reconcile();
    expect(await holds()).toEqual([
      { id: 'hld_1', state: 'debt', debt_owner: 'identity-response', debt_reason: expect.stringContaining('terminated') },
      { id: 'hld_2', state: 'released', debt_owner: null, debt_reason: null },
    ]);
    expect(await store.db.selectFrom('approvals').select('state').execute()).toEqual([{ state: 'withdrawn' }]);
    expect(await store.db.selectFrom('locks').selectAll().execute()).toEqual([]);
    await dispatch.idle();
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.runs.get(waiter)?.signals).toBe(1);
    expect(world.pages[0]?.message).toContain('1 of its effects may be in force and are owed by identity-response');
    const codes = await store.db.selectFrom('audit_events').select('code').where('stream', '=', id).orderBy('seq').execute();
    expect(codes.map((row) => row.code)).toEqual(['approval.opened', 'run.lost', 'approval.withdrawn', 'hold.debt']);
  });

  it('an effect that was sent and never heard of again is unknown, and owed; while it may still land, the run is not closed', async () => {
    const { id, run, dispatch } = await quietRun();
    await sql`insert into steps (run_id, key, step_id, kind, verb, risk, connector, entity, says, state, before, lease_until, lands_within_ms)
      values (${id}, 'disable', 'disable', 'do', 'user.disable', 'reversible', 'range', 'user:made-up', 'Disable Made Up', 'intent', '{"enabled":true}',
        now() + interval '1 second', 60000)`.execute(store.db);
    run.status = 'TERMINATED';
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('running');
    await sql`update steps set lease_until = now() - interval '2 minutes'`.execute(store.db);
    await sql`update runs set checked_at = null`.execute(store.db);
    await dispatch.reconcile();
    expect(await runState(store, id)).toBe('lost');
    expect(await store.db.selectFrom('steps').select(['state', 'outcome']).execute()).toEqual([{ state: 'ended', outcome: 'unknown' }]);
    const owed = await store.db.selectFrom('holds').select(['state', 'entity', 'before', 'says_undo']).execute();
    expect(owed).toEqual([
      { state: 'debt', entity: 'user:made-up', before: { enabled: true }, says_undo: expect.stringContaining('Disable Made Up') },
    ]);
  });

  it('a lost undo run leaves what it was to release as debts of the run it was for', async () => {
    const parent = await queueRun(store);
    await hold(parent, 'hld_1');
    await hold(parent, 'hld_2');
    const undo = await queueRun(store, { kind: 'undo', parentRunId: parent });
    await sql`update runs set inputs = '{"holds":["hld_1"]}' where id = ${undo}`.execute(store.db);
    const dispatch = world.dispatch();
    await dispatch.idle();
    await sql`update runs set state = 'completed' where id = ${parent}`.execute(store.db);
    await sql`update runs set progress_at = now() - interval '1 minute' where id = ${undo}`.execute(store.db);
    world.temporal.runs.delete(undo);
    await dispatch.reconcile();
    expect((await holds()).map((row) => [row.id, row.state])).toEqual([
      ['hld_1', 'debt'],
      ['hld_2', 'active'],
    ]);
  });

  it('hundreds of waiting runs are asked about in one pass, and not again at once', async () => {
    await sql`
      insert into runs (id, kind, playbook, plan_digest, incident_id, title, inputs, state, progress_at)
      select 'run_wait' || n, 'playbook', 'contain', 'made', 'inc_1', 'made up', '{}', 'waiting', now() - interval '1 hour' from generate_series(1, 250) n`.execute(
      store.db,
    );
    const dispatch = world.dispatch();
    await dispatch.reconcile();
    expect(world.temporal.calls).toBe(250);
    expect(world.pages.filter((page) => page.code === 'RUN_LOST')).toHaveLength(250); // Temporal knows none of them
    await dispatch.reconcile();
    expect(world.temporal.calls).toBe(250);
  });
});

describe('what time brings about', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await world.close();
    await store.close();
  });

  it('holds that are due are dealt with once: released, or asked about, as was written', async () => {
    world = await emptyWorld(store);
    const parent = await queueRun(store);
    const dispatch = world.dispatch();
    await dispatch.idle();
    await sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, verb, connector, params, before, says_undo, expires_at, on_expiry)
      select 'hld_' || n, ${parent}, 'k' || n, 0, 'disable', 'inc_1', 'user:' || n, 'Made Up', 'user-1', 'user.disable', 'range', '{}', '{}', 'Enable Made Up',
        now() - interval '1 minute', case n when 1 then 'release' else 'ask' end from generate_series(1, 2) n`.execute(store.db);
    await dispatch.sweep();
    await dispatch.sweep();
    await dispatch.idle();
    const made = await store.db.selectFrom('runs').select('kind').where('parent_run_id', '=', parent).orderBy('kind').execute();
    expect(made).toEqual([{ kind: 'hold' }, { kind: 'undo' }]);
  });

  it('delivered rows are forgotten after a week, those that were given up are not', async () => {
    world = await emptyWorld(store);
    await sql`insert into outbox (kind, about, dedupe, state, ended_at) values
      ('decide', 'a', 'old', 'done', now() - interval '8 days'), ('decide', 'b', 'new', 'done', now()),
      ('decide', 'c', 'owed', 'undeliverable', now() - interval '80 days')`.execute(store.db);
    await world.dispatch().sweep();
    const rows = await store.db.selectFrom('outbox').select('dedupe').orderBy('dedupe').execute();
    expect(rows.map((row) => row.dedupe)).toEqual(['new', 'owed']);
  });
});
