// Whoever must hear of an effect does, also where the process is killed right after the commit that made it somebody's business.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { sql } from 'kysely';
import type { Activities, PerformInput } from '../../activities/contract.ts';
import { createActivities } from '../../activities/create.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { ConnectorFailure } from '../../connectors/connector.ts';
import { decideApproval } from '../../store/approvals.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited, type Mishap } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const mishap = (kind: 'ambiguous' | 'permanent', code: string, does: 'nothing' | 'half'): Mishap => ({
  failure: new ConnectorFailure(kind, code, 'made up'),
  does,
});
const item = (host: string) => ({ key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host } });

/** Killed before anything that is begun beside a commit has come to anything. */
const killed = ({ page }: ActivityDeps): Pick<ActivityDeps, 'page'> => ({
  page: async (message, about, within) => {
    if (within) await page(message, about, within);
  },
});
const full = (): Pick<ActivityDeps, 'page'> => ({
  page: async () => {
    throw new Error('made up: nothing can be stored');
  },
});

function inRun(runId: string, deps: ActivityDeps) {
  const plan = { steps: [{ kind: 'do', id: 'isolate', verb: 'host.isolate', with: {} }] };
  const activities = createActivities({ ...deps, plan: async () => plan as never }); // no more of it is looked at
  const temporal = () =>
    new MockActivityEnvironment(
      { attempt: 4, workflowExecution: { workflowId: `run/${runId}`, runId: `temporal-${runId}` } },
      { logger: new DefaultLogger('ERROR', () => undefined) },
    );
  return {
    perform: async (more: Partial<PerformInput> & Pick<PerformInput, 'item'>) => {
      const input: PerformInput = { runId, attempts: 4, lane: 'remote', ...more };
      return await (temporal().run((given: PerformInput) => activities.perform(given), input) as ReturnType<Activities['perform']>);
    },
    end: async () => {
      const finish = { outcome: 'failed', state: 'failed' } as never; // no more of it is looked at
      await temporal().run((given: Parameters<Activities['endRun']>[0]) => activities.endRun(given), { runId, finish, outcomes: {} });
    },
  };
}

const pages = async (runId: string) =>
  (await store.db.selectFrom('pages').select('message').where('run_id', '=', runId).execute()).map((page) => page.message);
const holds = async (runId: string) => await store.db.selectFrom('holds').select(['id', 'state']).where('run_id', '=', runId).execute();
const steps = async (runId: string) =>
  await store.db.selectFrom('steps').select(['generation', 'state']).where('run_id', '=', runId).execute();

describe('what nobody knows the end of', () => {
  const open = async () => {
    const made = limited(() => store, 'rules: []');
    made.state.mishap = mishap('ambiguous', 'TIMEOUT', 'nothing');
    return { ...made, runId: (await made.effect('wks-0')).runId };
  };

  it('when its run ends is a debt and a page in one', async () => {
    const { runId, deps } = await open();
    await inRun(runId, { ...deps(), ...killed(deps()) }).end();
    expect(await holds(runId)).toMatchObject([{ state: 'debt' }]);
    expect(await pages(runId)).toEqual([expect.stringContaining('its run ended before that')]);
  });

  it('when its run ends is a page for the effect and one for its undo', async () => {
    const { runId, deps } = await open();
    await sql`insert into steps select (jsonb_populate_record(s, '{"generation": 1, "kind": "undo", "idempotency_key": null}')).* from steps s
      where run_id = ${runId}`.execute(store.db);
    await inRun(runId, deps()).end();
    expect(await pages(runId)).toHaveLength(2);
  });

  it('and cannot be told to people leaves its run as it was, for the next attempt', async () => {
    const { runId, deps } = await open();
    await expect(inRun(runId, { ...deps(), ...full() }).end()).rejects.toThrow('nothing can be stored');
    expect(await holds(runId)).toEqual([]);
    expect(await steps(runId)).toEqual([{ generation: 0, state: 'intent' }]);
    await inRun(runId, deps()).end();
    expect(await pages(runId)).toHaveLength(1);
  });
});

describe('an effect that ends so that people must hear of it is stored together with the page', () => {
  it.each([
    ['unknown', mishap('ambiguous', 'TIMEOUT', 'nothing'), 'it is not known whether'],
    ['unknown', mishap('permanent', 'FORBIDDEN', 'half'), 'may have been done in part'],
    ['unverified', 'deaf' as const, 'NOT verified'],
  ])('(%s)', async (outcome, how, words) => {
    const made = limited(() => store, 'rules: []');
    made.state.mishap = how;
    const attempt = async (told: (deps: ActivityDeps) => Partial<ActivityDeps>) => {
      const runId = await makeRun(store);
      const answer = inRun(runId, { ...made.deps(), ...told(made.deps()) }).perform({ item: item(`wks-${runId}`) });
      return { runId, answer: await answer.catch(String) };
    };
    const kept = await attempt(full);
    expect(kept.answer).toContain('nothing can be stored');
    expect(await steps(kept.runId)).toEqual([{ generation: 0, state: 'intent' }]);
    const { runId, answer } = await attempt(killed);
    expect(answer).toMatchObject({ kind: 'ended', result: { outcome } });
    expect(await pages(runId)).toEqual([expect.stringContaining(words)]);
  });

  it('(an undo that comes to nothing)', async () => {
    const made = limited(() => store, 'rules: []');
    const attempt = async (host: string, told: (deps: ActivityDeps) => Partial<ActivityDeps>) => {
      made.state.mishap = 'none';
      const { runId } = await made.effect(host);
      const [hold] = await holds(runId);
      made.state.mishap = mishap('permanent', 'FORBIDDEN', 'nothing');
      const undone = inRun(runId, { ...made.deps(), ...told(made.deps()) }).perform({ item: item(host), undo: hold?.id ?? '' });
      return { runId, answer: await undone.catch(String) };
    };
    const kept = await attempt('wks-1', full);
    expect(kept.answer).toContain('nothing can be stored');
    expect(await holds(kept.runId)).toMatchObject([{ state: 'active' }]);
    const { runId } = await attempt('wks-2', killed);
    expect(await holds(runId)).toMatchObject([{ state: 'debt' }]);
    expect(await pages(runId)).toEqual([expect.stringContaining('could not be undone')]);
  });

  it('(and each by itself: two limits that are full, then not verified, then not undone)', async () => {
    const limit = (name: string) =>
      `  - { name: ${name}, reason: made up, match: { verbs: [host.isolate] }, at_most: 1, within: 1h, then: { ask: { role: responder } } }\n`;
    const made = limited(() => store, `limits:\n${limit('first')}${limit('second')}`);
    await made.effect('wks-3');
    await sql`delete from limits`.execute(store.db);
    const runId = await makeRun(store);
    const run = inRun(runId, { ...made.deps(), ...killed(made.deps()) });
    expect(await run.perform({ item: item('wks-4') })).toMatchObject({ kind: 'wait', on: 'approval' });
    const asked = await store.db.selectFrom('approvals').select(['id', 'digest']).where('run_id', '=', runId).executeTakeFirstOrThrow();
    await decideApproval(store.db, {
      ...{ approvalId: asked.id, digest: asked.digest, decision: 'approve', reason: 'made up', channel: 'test', useByMs: 60_000 },
      ...{ person: { id: 'per_ana', iss: 'local', sub: 'ana', name: 'Ana', role: 'responder' }, now: new Date() },
    });
    made.state.mishap = 'deaf';
    await run.perform({ item: item('wks-4') });
    const [hold] = await holds(runId);
    // It takes effect later, and the product lets nobody take it back.
    made.isolated.add('wks-4');
    made.state.mishap = mishap('permanent', 'FORBIDDEN', 'nothing');
    await run.perform({ item: item('wks-4'), undo: hold?.id ?? '' });
    expect((await pages(runId)).sort()).toEqual([
      expect.stringContaining('NOT verified'),
      expect.stringContaining('could not be undone'),
      expect.stringContaining('the limit first is full'),
      expect.stringContaining('the limit second is full'),
    ]);
  });
});
