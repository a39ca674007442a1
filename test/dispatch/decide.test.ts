// What an alert leads to is written down once, with its reason, and a poisonous alert spoils nothing for the others.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { countStatements } from './statements.ts';
import { alertOf, emptyWorld, endRun, hurry, outboxStates, planOf, publish, takeIn, type World } from './world.ts';

const byUser = { by: { cel: 'inputs.user.id' }, withinMs: 3_600_000 };

describe('deciding alerts', () => {
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
  const decisions = async () =>
    await store.db.selectFrom('trigger_decisions').select(['alert_id', 'playbook', 'decision', 'reason', 'run_id']).orderBy('id').execute();
  const numbered = (count: number, more = {}) => Array.from({ length: count }, (_, at) => alertOf(`${at}`, more));
  const deduped = (whenResolved: 'note' | 'undo' = 'note') => {
    const [trigger] = planOf().triggers;
    if (trigger?.kind !== 'alert') throw new Error('the plan of these tests has an alert trigger');
    return planOf({ triggers: [{ ...trigger, dedupe: byUser, whenResolved }] });
  };

  it('an alert that matches starts one run, with its reason, its inputs and its place in the audit', async () => {
    await publish(store);
    await takeIn(store, [alertOf('a', { severity: 'high', severity_id: 4 })]);
    await world.dispatch().idle();
    const [decision] = await decisions();
    expect(decision).toMatchObject({ alert_id: 'alr_a', decision: 'start', reason: expect.stringContaining('matched: source plain') });
    const run = world.temporal.runs.get(decision?.run_id ?? '');
    expect(run?.input.given).toMatchObject({ inputs: { user: { id: 'user-a' } }, alert: { uid: 'a' }, run: { severity: 'high' } });
    expect(run?.summary).toBe('Contain an account: Made Up a');
    const alert = await store.db.selectFrom('alerts').select('decided_at').executeTakeFirstOrThrow();
    expect(alert.decided_at).not.toBeNull();
    const audit = await store.db.selectFrom('audit_events').select(['stream', 'code']).where('stream', '<>', 'admin').execute();
    expect(audit).toEqual([{ stream: decision?.run_id, code: 'run.created' }]);
    expect(await verifyAudit(store.db, () => true)).toMatchObject({ ok: true });
  });

  it('an alert that matches nothing says why, for each playbook', async () => {
    await publish(store);
    await publish(store, planOf({ playbook: 'by-hand', triggers: [{ kind: 'manual' }] }));
    await takeIn(store, [alertOf('a', { source: 'unheard-of' })]);
    await world.dispatch().idle();
    expect(await decisions()).toMatchObject([
      { playbook: 'by-hand', decision: 'no_match', reason: expect.stringContaining('only people start it') },
      { playbook: 'contain', decision: 'no_match', reason: expect.stringContaining('source unheard-of is not plain') },
    ]);
    expect(world.temporal.started).toEqual([]);
  });

  it('with no playbook at all that is the reason', async () => {
    await takeIn(store, [alertOf('a')]);
    await world.dispatch().idle();
    expect(await decisions()).toMatchObject([{ playbook: null, decision: 'no_match', reason: 'no playbook is published' }]);
  });

  it('200 alerts and Temporal down: all are decided; when it is back each has one run, started once', async () => {
    await publish(store);
    world.temporal.down = true;
    const dispatch = world.dispatch();
    await takeIn(store, numbered(200));
    dispatch.kick();
    await dispatch.idle();
    expect(new Set((await decisions()).map((decision) => decision.run_id)).size).toBe(200);
    expect(world.temporal.started).toEqual([]);
    world.temporal.down = false;
    world.pass(60_000);
    await hurry(store);
    for (let round = 0; round < 30 && world.temporal.started.length < 200; round++) {
      dispatch.kick();
      await dispatch.idle();
      await sql`update runs set state = 'completed', place_until = null where state = 'running'`.execute(store.db);
    }
    expect(new Set(world.temporal.started).size).toBe(200);
    expect(world.temporal.started).toHaveLength(200);
    expect(await outboxStates(store)).toEqual({ done: 400 });
  });

  it('two alerts with the same key, decided together or apart, are one run; the second one joins', async () => {
    await publish(store, deduped());
    const same = { users: [{ id: 'user-1', name: 'Made Up' }] };
    await takeIn(store, [alertOf('a', same), alertOf('b', same)]);
    const dispatch = world.dispatch();
    await dispatch.idle();
    await takeIn(store, [alertOf('c', same)]);
    dispatch.kick();
    await dispatch.idle();
    const [first, second, third] = await decisions();
    expect(first).toMatchObject({ decision: 'start' });
    for (const later of [second, third]) {
      expect(later).toMatchObject({ decision: 'join', run_id: first?.run_id, reason: expect.stringContaining('same key is open') });
    }
    expect(world.temporal.started).toEqual([first?.run_id]);
    expect(await store.db.selectFrom('run_joins').select('alert_id').orderBy('alert_id').execute()).toEqual([
      { alert_id: 'alr_b' },
      { alert_id: 'alr_c' },
    ]);
  });

  it('the all-clear of a source is an event of the open runs with its key, and of no other', async () => {
    await publish(store, deduped());
    const about = (id: string) => ({ users: [{ id, name: 'Made Up' }] });
    await takeIn(store, [alertOf('a', about('user-1')), alertOf('b', about('user-2'))]);
    const dispatch = world.dispatch();
    await dispatch.idle();
    const [first] = await decisions();
    await takeIn(store, [alertOf('over', { ...about('user-1'), status: 'resolved' })]);
    dispatch.kick();
    await dispatch.idle();
    const events = await store.db.selectFrom('run_events').select(['run_id', 'name', 'body', 'posted_by']).execute();
    expect(events).toEqual([{ run_id: first?.run_id, name: 'resolved', body: { alert: 'alr_over' }, posted_by: 'source:plain' }]);
    const audit = await store.db
      .selectFrom('audit_events')
      .select('code')
      .where('stream', '=', first?.run_id ?? '')
      .orderBy('seq')
      .execute();
    expect(audit.map(({ code }) => code)).toEqual(['run.created', 'run.signalled']);
    expect(await verifyAudit(store.db, () => true)).toMatchObject({ ok: true });
  });

  it('the all-clear that comes before the effect is answered when that is in force', async () => {
    await publish(store, deduped('undo'));
    const about = { users: [{ id: 'user-1', name: 'Made Up' }] };
    await takeIn(store, [alertOf('a', about)]);
    const dispatch = world.dispatch();
    await dispatch.idle();
    await takeIn(store, [alertOf('over', { ...about, status: 'resolved' })]);
    dispatch.kick();
    await dispatch.idle();
    const [started, resolved] = await decisions();
    expect(resolved).toMatchObject({ decision: 'suppressed', reason: expect.stringContaining('it counts for what is done from now on') });
    await sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, verb, connector, params, before, says_undo)
      values ('hld_late', ${started?.run_id}, 'disable', 0, 'disable', 'inc_1', 'user:user-1', 'Made Up', 'user-1', 'user.disable', 'range', '{}', '{}', 'Enable Made Up')`.execute(
      store.db,
    );
    await dispatch.sweep();
    await dispatch.idle();
    const made = await store.db.selectFrom('runs').select(['kind', 'inputs', 'parent_run_id']).where('kind', '<>', 'playbook').execute();
    expect(made).toEqual([{ kind: 'undo', inputs: { holds: ['hld_late'] }, parent_run_id: started?.run_id }]);
  });

  it('a run that has ended is not joined: the next alert with its key starts a new one', async () => {
    await publish(store, deduped());
    const same = { users: [{ id: 'user-1', name: 'Made Up' }] };
    await takeIn(store, [alertOf('a', same)]);
    const dispatch = world.dispatch();
    await dispatch.idle();
    await endRun(store, world.temporal.started[0] ?? '');
    await takeIn(store, [alertOf('b', same)]);
    dispatch.kick();
    await dispatch.idle();
    expect((await decisions()).map((decision) => decision.decision)).toEqual(['start', 'start']);
    expect(world.temporal.started).toHaveLength(2);
  });

  it('an alert that cannot be decided is given up after three tries, aloud; the others with it are not held up', async () => {
    await publish(store);
    await takeIn(store, numbered(10));
    await sql`update alerts set body = null where id = 'alr_3'`.execute(store.db);
    await sql`update alerts set incident_id = null where id = 'alr_7'`.execute(store.db);
    const dispatch = world.dispatch();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(8);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(world.pages).toEqual([]);
      await hurry(store);
      dispatch.kick();
      await dispatch.idle();
    }
    expect((await outboxStates(store)).undeliverable).toBe(2);
    expect(world.pages.map((page) => page.alertId).sort()).toEqual(['alr_3', 'alr_7']);
    const errors = (await decisions()).filter((decision) => decision.decision === 'error');
    expect(errors.map((decision) => decision.alert_id).sort()).toEqual(['alr_3', 'alr_7']);
    expect(errors[0]?.reason).toContain('ALERT_UNDECIDABLE');
  });

  it('critical alerts are decided first, and no source keeps another waiting', async () => {
    await publish(store);
    await takeIn(store, [
      ...numbered(40),
      alertOf('quiet', { source: 'alertmanager' }),
      alertOf('worst', { severity: 'critical', severity_id: 5 }),
    ]);
    await world.dispatch({ bounds: { places: 100, criticalPlaces: 0 } }).idle();
    const order = (await decisions()).map((decision) => decision.alert_id);
    expect(order.indexOf('alr_worst')).toBe(0);
    expect(order.indexOf('alr_quiet')).toBeLessThan(16);
  });

  it('statements per alert: ten for one alone, under three each in a crowd', async () => {
    await publish(store);
    await takeIn(store, [alertOf('first')]);
    const counted = countStatements(store);
    const dispatch = world.dispatch({ store: counted.store, bounds: { places: 500, criticalPlaces: 0 } });
    await dispatch.idle();
    counted.reset();
    await takeIn(store, [alertOf('alone')]);
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(2);
    expect(counted.count()).toBeLessThanOrEqual(10);
    await takeIn(store, numbered(160));
    counted.reset();
    dispatch.kick();
    await dispatch.idle();
    expect(world.temporal.started).toHaveLength(162);
    expect(counted.count()).toBeLessThanOrEqual(160 * 3);
  });
});
