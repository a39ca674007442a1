// What was sent and refused for now: no later attempt, and no other wish, records it as not done without having looked.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { sql } from 'kysely';
import type { PerformInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import { ConnectorFailure } from '../../connectors/connector.ts';
import { statusFailure } from '../../connectors/http-failure.ts';
import type { Plan } from '../../language/plan.ts';
import { recordTrying } from '../../store/effects.ts';
import { withdrawStep } from '../../store/withdraw.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const refused = statusFailure({ method: 'POST', path: '/isolate', host: 'edr', changes: true, secrets: [] }, 429, {}, null, 0);
const away = (): never => {
  throw new ConnectorFailure('retryable', 'UNREACHABLE', 'made up: not there');
};

/** A run that isolates a host, attempt by attempt as Temporal calls it. */
async function isolating(host: string) {
  const made = limited(() => store, 'rules: []');
  const runId = await makeRun(store);
  const step = { kind: 'do', id: 'isolate', verb: 'host.isolate', with: {} };
  const plan = { steps: [step] } as unknown as Plan; // no more of it is looked at
  const deps = made.deps();
  const { perform } = createActivities({ ...deps, plan: async () => plan, timing: { ...deps.timing, localDeadlineMs: 20 } });
  const attempt = async (number: number, more: Partial<PerformInput> = {}) => {
    const temporal = new MockActivityEnvironment(
      { attempt: number, workflowExecution: { workflowId: `run/${runId}`, runId: `temporal-${runId}` } },
      { logger: new DefaultLogger('ERROR', () => undefined) },
    );
    const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host } };
    const input: PerformInput = { runId, item, attempts: 4, lane: 'remote', ...more };
    return await (temporal.run((given: PerformInput) => perform(given), input) as ReturnType<typeof perform>);
  };
  /** Refused, and read: not in force. */
  const refuse = async () => {
    made.state.mishap = { failure: refused, does: 'nothing' };
    await expect(attempt(1)).rejects.toThrow('429');
    made.state.mishap = 'none';
  };
  const stepNow = async () => await store.db.selectFrom('steps').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();
  const holds = async () => await store.db.selectFrom('holds').select('state').where('run_id', '=', runId).execute();
  const landsWithin = async (ms: number) => await sql`update steps set lands_within_ms = ${ms} where run_id = ${runId}`.execute(store.db);
  return { ...made, runId, attempt, refuse, stepNow, holds, landsWithin };
}

it('is not known, told to people and owed where nobody could look since, and its attempts are used up', async () => {
  const { refuse, attempt, state, holds, pages } = await isolating('wks-1');
  await refuse();
  state.look = away;
  for (const number of [2, 3]) await expect(attempt(number)).rejects.toThrow('not there');
  expect(await attempt(4)).toMatchObject({ kind: 'ended', result: { outcome: 'unknown' } });
  expect(await holds()).toEqual([{ state: 'debt' }]);
  expect(pages).toEqual([expect.stringContaining("it is not known whether 'host.isolate' took effect")]);
});

it('has failed where the last attempt was refused too, and read as not in force', async () => {
  const { refuse, attempt, state, holds, pages } = await isolating('wks-2');
  await refuse();
  state.mishap = { failure: refused, does: 'nothing' };
  expect(await attempt(4)).toMatchObject({ kind: 'ended', result: { outcome: 'failed' } });
  expect([await holds(), pages]).toEqual([[], []]);
});

it.each([
  ['is wanted no more', { settle: true as const }, 'act'],
  ['may only be observed', {}, 'observe'],
])('that %s is looked at once it has had its time to land', async (_, more, mode) => {
  const { refuse, attempt, isolated, holds, landsWithin, runId } = await isolating(`wks-3-${mode}`);
  await refuse();
  await sql`update runs set mode = ${mode} where id = ${runId}`.execute(store.db);
  await landsWithin(600_000);
  expect(await attempt(1, more)).toMatchObject({ kind: 'wait', on: 'lease' });
  isolated.add(`wks-3-${mode}`);
  await landsWithin(0);
  expect(await attempt(1, more)).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
  expect(await holds()).toEqual([{ state: 'active' }]);
});

it('and is forbidden meanwhile is denied only once it has had its time to land', async () => {
  const { refuse, attempt, state, landsWithin, isolated, holds } = await isolating('wks-6');
  await refuse();
  state.policy = parsePolicy('rules: [{ name: never, reason: made up, match: { verbs: [host.isolate] }, then: deny }]', 'policy.yaml');
  await landsWithin(600_000);
  expect(await attempt(2)).toMatchObject({ kind: 'wait', on: 'lease' });
  isolated.add('wks-6');
  expect(await attempt(2)).toMatchObject({ kind: 'ended', result: { outcome: 'changed' } });
  expect(await holds()).toEqual([{ state: 'active' }]);
});

it('before the time of a refusal was kept has had its time: the run does not wait for ever', async () => {
  const { refuse, attempt, landsWithin, runId } = await isolating('wks-4');
  await refuse();
  await landsWithin(600_000);
  await sql`update steps set lease_until = null where run_id = ${runId}`.execute(store.db);
  expect(await attempt(1, { settle: true })).toMatchObject({ kind: 'ended', result: { outcome: 'cancelled' } });
});

it.each([
  ['sent any more', 'rules: []'],
  [
    'asked about',
    'rules: [{ name: ask, reason: made up, match: { verbs: [host.isolate] }, then: { ask: { role: responder, count: 1 } } }]',
  ],
])('is not %s where its run wants it no more while it is looked at for the first time, and nothing of it stays open', async (_, policy) => {
  const { runId, attempt, stepNow, holds, state } = await isolating('wks-7');
  state.policy = parsePolicy(policy, 'policy.yaml');
  let letGo = (): void => undefined;
  const reading = new Promise<void>((begun) => {
    state.slow = async () => {
      begun();
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    };
  });
  // Inside the workflow task it does not hear of a cancel: when its time there is over, it goes on for whoever takes it over, and nobody does.
  expect(await attempt(1, { lane: 'local' })).toMatchObject({ kind: 'retry', code: 'LOCAL_DEADLINE' });
  await reading;
  const wish = { runId, key: 'isolate', stepId: 'isolate', kind: 'do' as const, temporalRunId: `temporal-${runId}` };
  expect(await withdrawStep(store.db, wish, new Date())).toEqual({ intent: false });
  await recordTrying(store.db, { runId, key: 'isolate', generation: 0, stepId: 'isolate', kind: 'do' }, {}, undefined);
  const joined = attempt(1).catch((error: unknown) => error); // hears of the end of what is under way
  delete state.slow;
  letGo();
  await joined;
  expect(await attempt(1)).toMatchObject({ kind: 'ended', result: { outcome: 'cancelled' } });
  expect([state.asked, await holds()]).toEqual([0, []]);
  expect(await store.db.selectFrom('approvals').select('id').where('run_id', '=', runId).where('state', '=', 'open').execute()).toEqual([]);
  expect(await store.db.selectFrom('outbox').select('id').where('about', '=', runId).where('kind', '=', 'notify').execute()).toEqual([]);
  expect(await stepNow()).toMatchObject({ state: 'ended', outcome: 'cancelled' });
});

it('and is being tried again when its run wants it no more is stopped before it sends, then looked at', async () => {
  const { refuse, attempt, stepNow, state } = await isolating('wks-5');
  await refuse();
  let letGo = (): void => undefined;
  const reading = new Promise<void>((begun) => {
    state.slow = async () => {
      begun();
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    };
  });
  const again = attempt(2).catch((error: unknown) => error);
  await reading;
  delete state.slow;
  const ended = attempt(1, { settle: true });
  letGo();
  expect(await ended).toMatchObject({ kind: 'ended', result: { outcome: 'cancelled' } });
  await again;
  expect(await stepNow()).toMatchObject({ state: 'ended', outcome: 'cancelled' });
  expect(state.asked).toBe(1);
});
