// A refusal after the deed: what a product says is read back before it is believed, and an undo that comes to nothing is owed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { sql } from 'kysely';
import { breakers } from '../../activities/breaker.ts';
import type { PerformInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import { waitForProduct } from '../../activities/outage.ts';
import { ConnectorFailure, type FailureKind } from '../../connectors/connector.ts';
import { type Asked, statusFailure } from '../../connectors/http-failure.ts';
import { giveLock, takeLock } from '../../store/locks.ts';
import { loseRun } from '../../store/reconcile.ts';
import { endRun } from '../../store/run-end.ts';
import { bindRun } from '../../store/runs.ts';
import { withdrawStep } from '../../store/withdraw.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { type Answer, limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const asked: Asked = { method: 'POST', path: '/isolate', host: 'edr', changes: true, secrets: [] };
const says = (status: number, does: Answer['does'], headers: Readonly<Record<string, string>> = {}): Answer => ({
  failure: statusFailure(asked, status, headers, null, 0),
  does,
});
const unanswered = (kind: FailureKind, code: string, does: Answer['does'] = 'nothing'): Answer => ({
  failure: new ConnectorFailure(kind, code, 'made up'),
  does,
});
const UNTOUCHED = { isolated: false, half: false };
const world = () => limited(() => store, 'rules: []');
let hosts = 0;
const newHost = () => `wks-${++hosts}`;
const step = async (runId: string, generation = 0) =>
  await store.db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('generation', '=', generation).executeTakeFirstOrThrow();
const holds = async (runId: string) => await store.db.selectFrom('holds').selectAll().where('run_id', '=', runId).execute();

describe('an effect that is refused', () => {
  it.each([
    ['409', says(409, 'it')],
    ['a redirect', says(302, 'it')],
    ['403, and does it a little later', says(403, 'it-later')],
    ['429', says(429, 'it')],
    ['503 with Retry-After', says(503, 'it', { 'retry-after': '1' })],
  ])('and done all the same (%s) is ours: changed, held with the state from before', async (_, mishap) => {
    const { effect, state } = world();
    state.mishap = mishap;
    const { runId, outcome } = await effect(newHost());
    expect(outcome).toBe('changed');
    expect(await step(runId)).toMatchObject({ state: 'ended', recovered: true });
    expect(await holds(runId)).toMatchObject([{ state: 'active', before: UNTOUCHED }]);
  });

  it.each([403, 409, 302])('and not done (%i) has failed, and holds nothing', async (status) => {
    const { effect, state, pages } = world();
    state.mishap = says(status, 'nothing');
    const { runId, outcome } = await effect(newHost());
    expect(outcome).toBe('failed');
    expect([await holds(runId), pages]).toEqual([[], []]);
  });

  it('and done in part is not known, told to people, and owed', async () => {
    const { effect, state, pages } = world();
    state.mishap = says(403, 'half');
    const { runId, outcome } = await effect(newHost());
    expect(outcome).toBe('unknown');
    expect(await holds(runId)).toMatchObject([{ state: 'debt', before: UNTOUCHED }]);
    expect(pages).toEqual([expect.stringContaining('may have been done in part')]);
  });

  it('for now, and done in part, stays open: without a further attempt it is not known, and owed', async () => {
    const { effect, state } = world();
    const host = newHost();
    state.mishap = says(503, 'half', { 'retry-after': '1' });
    const { runId, outcome } = await effect(host);
    expect(outcome).toBe('UNAVAILABLE');
    expect(await step(runId)).toMatchObject({ state: 'intent', before: UNTOUCHED });
  });

  it('for now is looked for when its run wants it no more, and where its run is lost it is owed', async () => {
    const { effect, state } = world();
    state.mishap = says(429, 'nothing');
    const { runId } = await effect(newHost());
    const wish = { runId, key: 'isolate', stepId: 'isolate', kind: 'do' as const, temporalRunId: `temporal-${runId}` };
    expect(await withdrawStep(store.db, wish, new Date())).toEqual({ intent: true });
    expect(await step(runId)).toMatchObject({ state: 'reading', before: UNTOUCHED });
    await sql`update runs set progress_at = now() - interval '1 hour' where id = ${runId}`.execute(store.db);
    const loss = { runId, temporalRunId: `temporal-${runId}`, quietS: 60, code: 'RUN_LOST', reason: 'made up' };
    expect(await store.db.transaction().execute((trx) => loseRun(trx, loss, new Date()))).toMatchObject({ unknown: 1 });
    expect(await step(runId)).toMatchObject({ state: 'ended', outcome: 'unknown' });
    expect(await holds(runId)).toMatchObject([{ state: 'debt', before: UNTOUCHED }]);
  });

  it('for now keeps its run from being given up, and what it is done to from others, until it has had its time to land', async () => {
    const { effect, state } = world();
    const host = newHost();
    state.mishap = says(429, 'nothing');
    const { runId } = await effect(host);
    await sql`update steps set lands_within_ms = 600000 where run_id = ${runId}`.execute(store.db);
    // The next attempt has the lock, and is killed.
    const lock = async (by: string) =>
      await takeLock(store.db, { entity: `host:${host}`, runId: by, key: 'isolate', owner: 'made-up', leaseMs: 60_000 });
    await lock(runId);
    await sql`update runs set progress_at = now() - interval '1 hour' where id = ${runId}`.execute(store.db);
    const temporalRunId = `temporal-${runId}`;
    const loss = { runId, temporalRunId, quietS: 60, code: 'RUN_LOST', reason: 'made up' };
    expect(await store.db.transaction().execute((trx) => loseRun(trx, loss, new Date()))).toBeUndefined();
    const end = { runId, temporalRunId, state: 'failed', outcome: 'failed', outcomes: {} };
    expect(await endRun(store.db, end, new Date(), async () => undefined)).toMatchObject({ ended: true, unknown: [{ key: 'isolate' }] });
    expect(await lock(await makeRun(store))).toMatchObject({ kind: 'taken', byRun: runId });
  });

  it('for now, and done after it was looked at, is ours when the next attempt finds it', async () => {
    const { effect, state, isolated } = world();
    const host = newHost();
    state.mishap = says(503, 'nothing', { 'retry-after': '1' });
    const { runId, outcome } = await effect(host);
    expect(outcome).toBe('UNAVAILABLE');
    isolated.add(host);
    state.mishap = unanswered('retryable', 'UNREACHABLE'); // nothing more is to be sent
    expect((await effect(host, { runId })).outcome).toBe('changed');
    expect(await holds(runId)).toMatchObject([{ state: 'active', before: UNTOUCHED }]);
  });

  it('for now, and done in part, is told what is left when it is tried again', async () => {
    const { effect, state } = world();
    const host = newHost();
    state.mishap = says(503, 'half', { 'retry-after': '1' });
    const { runId } = await effect(host);
    expect(state.seen).toEqual(UNTOUCHED);
    await effect(host, { runId });
    expect(state.seen).toEqual({ isolated: false, half: true });
  });

  it('for now, and then cannot be reached, is still known to have been sent', async () => {
    const { effect, state } = world();
    const host = newHost();
    state.mishap = says(429, 'nothing');
    const { runId } = await effect(host);
    state.mishap = unanswered('retryable', 'UNREACHABLE');
    expect((await effect(host, { runId })).outcome).toBe('UNREACHABLE');
    expect((await step(runId)).before).toEqual(UNTOUCHED);
  });

  it('and cannot be looked at stays open: it is not taken for undone', async () => {
    const { effect, state } = world();
    state.mishap = says(409, 'it');
    let looks = 0;
    state.look = () => {
      if (++looks > 1) throw new ConnectorFailure('permanent', 'FORBIDDEN', 'made up: not any more');
    };
    const { runId } = await effect(newHost());
    expect(await step(runId)).toMatchObject({ state: 'intent', before: UNTOUCHED });
  });
});

describe('what did not reach the product', () => {
  it('is not looked at, and leaves no claim: what somebody else does meanwhile is theirs', async () => {
    const { effect, state } = world();
    const host = newHost();
    state.mishap = unanswered('retryable', 'UNREACHABLE', 'it'); // `it`: by somebody else
    let looks = 0;
    state.look = () => void looks++;
    const { runId } = await effect(host);
    expect(looks).toBe(1);
    expect((await effect(host, { runId })).outcome).toBe('already');
    expect(await holds(runId)).toEqual([]);
  });
});

it('an accepted effect that cannot be read back stays open, and is ours once it can', async () => {
  const { effect, state } = world();
  const host = newHost();
  let looks = 0;
  state.look = () => {
    if (++looks === 2) throw new ConnectorFailure('retryable', 'RATE_LIMITED', 'made up: too many reads');
  };
  const { runId } = await effect(host);
  expect(await step(runId)).toMatchObject({ state: 'intent' });
  expect((await effect(host, { runId })).outcome).toBe('changed');
  expect(await holds(runId)).toMatchObject([{ state: 'active' }]);
});

describe('an undo', () => {
  /** Isolated by a run, whose undo is asked for as its workflow does: attempt by attempt. */
  async function contained() {
    const made = world();
    const host = newHost();
    const { runId } = await made.effect(host);
    const [hold] = await holds(runId);
    const { perform } = createActivities(made.deps());
    const undo = async (attempt = 4) => {
      const temporal = new MockActivityEnvironment(
        { attempt, workflowExecution: { workflowId: `run/${runId}`, runId: `temporal-${runId}` } },
        { logger: new DefaultLogger('ERROR', () => undefined) },
      );
      const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: hold?.params as PerformInput['item']['params'] }; // as listUndo does
      const input: PerformInput = { runId, item, undo: hold?.id ?? '', attempts: 4, lane: 'remote' };
      return await (temporal.run((given: PerformInput) => perform(given), input) as ReturnType<typeof perform>);
    };
    return { ...made, runId, host, undo };
  }
  const waitedLong = async (runId: string) =>
    await sql`update steps set held_since = now() - interval '1 hour' where run_id = ${runId} and generation = 1`.execute(store.db);

  it.each([
    ['503 with Retry-After', says(503, 'it', { 'retry-after': '1' })],
    ['409', says(409, 'it')],
  ])('that is refused (%s) and done all the same is ours, and over', async (_, mishap) => {
    const { runId, undo, state } = await contained();
    state.mishap = mishap;
    expect(await undo()).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
    expect(await holds(runId)).toMatchObject([{ state: 'released' }]);
  });

  it('that is refused for now, and done after it was looked at, is not taken for somebody else', async () => {
    const { runId, host, undo, state, isolated } = await contained();
    state.mishap = says(429, 'nothing');
    await expect(undo(1)).rejects.toThrow('429');
    isolated.delete(host);
    expect(await undo(2)).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
    expect(await holds(runId)).toMatchObject([{ state: 'released' }]);
  });

  it('waits when its attempts are used up, with the patience of an outage, and is done when the product is back', async () => {
    const { runId, undo, state, pages } = await contained();
    state.mishap = unanswered('retryable', 'UNREACHABLE');
    expect(await undo()).toMatchObject({ kind: 'wait', on: 'outage' });
    expect(await step(runId, 1)).toMatchObject({ state: 'waiting', waiting_on: 'outage' });
    expect([(await holds(runId))[0]?.state, pages]).toEqual(['active', []]);
    state.mishap = 'none';
    expect(await undo(1)).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
    expect(await holds(runId)).toMatchObject([{ state: 'released' }]);
  });

  it('that a freeze has held back for long has all its patience left for its product', async () => {
    const { runId, undo, state } = await contained();
    const frozen = { connector: '', verb: '', by: 'per_ana', reason: 'made up' };
    await store.db.insertInto('freezes').values(frozen).execute();
    expect(await undo(1)).toMatchObject({ kind: 'wait', on: 'freeze' });
    await waitedLong(runId);
    expect(await undo(1)).toMatchObject({ kind: 'wait', on: 'freeze' });
    await store.db.deleteFrom('freezes').execute();
    state.mishap = unanswered('retryable', 'UNREACHABLE');
    expect(await undo()).toMatchObject({ kind: 'wait', on: 'outage' });
    expect((await holds(runId))[0]?.state).toBe('active');
  });

  it('that waited its turn for the lock in between is given up when its patience is over all the same', async () => {
    const { runId, host, undo, state } = await contained();
    state.mishap = unanswered('retryable', 'UNREACHABLE');
    await undo();
    await waitedLong(runId);
    const other = { runId: await makeRun(store), key: 'isolate', owner: 'made-up', leaseMs: 60_000 };
    const lock = await takeLock(store.db, { entity: `host:${host}`, ...other });
    expect(await undo()).toMatchObject({ kind: 'wait', on: 'lock', detail: `${host} is being worked on by run ${other.runId}` });
    await giveLock(store.db, lock.kind === 'held' ? lock.fence : '');
    expect(await undo()).toMatchObject({ kind: 'ended', result: { outcome: 'failed' } });
    expect((await holds(runId))[0]?.state).toBe('debt');
  });

  it('does not say of its own run that it is another', async () => {
    const { runId, host, undo } = await contained();
    await takeLock(store.db, { entity: `host:${host}`, runId, key: 'again', owner: 'made-up', leaseMs: 60_000 });
    expect(await undo()).toMatchObject({ detail: `${host} is being worked on by this run, in another step or process` });
  });

  it.each([
    ['failed', unanswered('retryable', 'UNREACHABLE'), 'could not be undone: Release'],
    ['unknown', unanswered('ambiguous', 'TIMEOUT'), 'it is not known whether it was undone: Release'],
  ])('that is given up (%s) is a debt with an owner, told to people in its own words', async (outcome, mishap, words) => {
    const { runId, undo, state, pages } = await contained();
    state.mishap = mishap;
    await undo();
    await waitedLong(runId);
    expect(await undo()).toMatchObject({ kind: 'ended', result: { outcome } });
    const [debt] = await holds(runId);
    expect(debt).toMatchObject({ state: 'debt', debt_owner: 'admin', debt_since: expect.any(Date) });
    expect(debt?.debt_reason).toContain(mishap.failure.code);
    expect(pages).toEqual([expect.stringContaining(words)]);
  });
});

describe('a product that is away', () => {
  it('is waited for with all its patience, however long a freeze has held the step back before', async () => {
    const { effect, deps } = world();
    const { runId } = await effect(newHost());
    const clock = { ms: 0 };
    const outages = breakers(deps().timing.outage, () => clock.ms);
    const { openAfter, patienceMs } = deps().timing.outage;
    for (let failure = 0; failure < openAfter; failure++) outages.failed('edr', 'UNREACHABLE');
    const bound = await bindRun(store.db, runId, `temporal-${runId}`, { key: 'later', generation: 0 });
    if (!bound) throw new Error('the run is not there');
    const frozen = { ...bound, step: { held_ms: 24 * 3_600_000 } as unknown as NonNullable<typeof bound.step> }; // no more of it is looked at
    const attempt = { run: frozen, item: { key: 'later', id: 'later', verb: 'host.isolate', params: {} }, undo: false };
    expect(await waitForProduct(deps(), outages, attempt)).toMatchObject({ kind: 'wait', on: 'outage' });
    clock.ms += patienceMs;
    expect(await waitForProduct(deps(), outages, attempt)).toBeUndefined();
  });
});
