// What an undo is about is named exactly; a debt is settled or handed on by a person, with a reason.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readHold } from '../../store/holds.ts';
import { resolveHolds } from '../../store/undo.ts';
import { api, type Harness, startHarness } from './harness.ts';
import { makeHold, makeRun } from './rows.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
});

describe('an undo', () => {
  it('is previewed in one sentence, by run, entity and incident alike', async () => {
    const run = await makeRun(harness.store);
    await makeHold(harness.store, run);
    const { incident_id } = await harness.store.db.selectFrom('runs').select('incident_id').where('id', '=', run).executeTakeFirstOrThrow();
    for (const scope of [
      `run=${run}`,
      `run=${run}&step=disable`,
      'entity=user:user-007',
      'entity=Eve%20Adams',
      `incident=${incident_id}`,
    ]) {
      expect((await api(harness, 'GET', `/undo?${scope}`)).json()).toMatchObject({ says: 'Enable Eve Adams (user-007)', will: [{}] });
    }
  });

  it.each(['', 'entity=a&incident=inc_1', 'step=disable', 'entity=a&step=disable'])('that names %j is refused', async (scope) => {
    expect((await api(harness, 'GET', `/undo?${scope}`)).json()).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  it('of a name that two things have is refused with both', async () => {
    const run = await makeRun(harness.store);
    await makeHold(harness.store, run);
    const second = await makeHold(harness.store, run, { key: 'isolate' });
    await harness.store.db.updateTable('holds').set({ entity: 'host:eve adams' }).where('id', '=', second).execute();
    const answer = (await api(harness, 'POST', '/undo', { entity: 'eve adams' })).json();
    expect(answer).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/host:eve adams.*user:user-007|user:user-007.*host:eve adams/),
    });
  });

  it('of what is not held starts nothing', async () => {
    expect((await api(harness, 'POST', '/undo', { entity: 'host:wks-007' })).json()).toMatchObject({ status: 409, code: 'NOT_HELD' });
    expect(await harness.store.db.selectFrom('runs').select('id').where('kind', '=', 'undo').execute()).toEqual([]);
  });
});

describe('what a lost run owes', () => {
  it('keeps the thing in place: the last hold of another run does not give it back, and the debt itself still can', async () => {
    const lost = await makeRun(harness.store);
    const owed = await makeHold(harness.store, lost, { state: 'debt' });
    await harness.store.db.updateTable('runs').set({ state: 'lost' }).where('id', '=', lost).execute();
    const run = await makeRun(harness.store);
    const held = await makeHold(harness.store, run);
    expect((await readHold(harness.store.db, held))?.others).toEqual([lost]);
    expect((await api(harness, 'GET', `/undo?run=${run}`)).json()).toMatchObject({
      will: [],
      stays: [{ why: `Eve Adams stays held by run ${lost}` }],
    });
    await harness.store.db.updateTable('holds').set({ state: 'released' }).where('id', '=', held).execute();
    expect((await readHold(harness.store.db, owed))?.others).toEqual([]);
  });

  it('does not wait for what another lost run owes: both can be undone', async () => {
    const debts = [];
    for (let count = 0; count < 2; count++) {
      const lost = await makeRun(harness.store);
      await harness.store.db.updateTable('runs').set({ state: 'lost' }).where('id', '=', lost).execute();
      debts.push(await makeHold(harness.store, lost, { state: 'debt' }));
    }
    for (const debt of debts) expect((await readHold(harness.store.db, debt))?.others).toEqual([]);
  });
});

describe('the all-clear of a source', () => {
  const resolved = async (...verbs: readonly string[]) => {
    const run = await makeRun(harness.store);
    await harness.store.db.updateTable('runs').set({ dedupe_key: run }).where('id', '=', run).execute();
    for (const verb of verbs) {
      const hold = await makeHold(harness.store, run, { key: verb });
      await harness.store.db.updateTable('holds').set({ verb }).where('id', '=', hold).execute();
    }
    const wish = { playbook: 'contain-compromised-account', dedupeKey: run, action: 'undo', reason: 'resolved by plain' } as const;
    const made = await harness.store.db.transaction().execute(async (trx) => await resolveHolds(trx, wish, new Date()));
    const rows = await harness.store.db.selectFrom('runs').select('kind').where('id', 'in', made).execute();
    return rows.map(({ kind }) => kind);
  };

  it('undoes what a playbook says it undoes', async () => {
    expect(await resolved('user.disable')).toEqual(['undo']);
  });

  it.each(['host.isolate', 'host.quarantine', 'host.lock', 'ip.block', 'domain.block'])(
    'never undoes by itself where our own %s may be why the source is silent: people are asked',
    async (verb) => {
      expect(await resolved('user.disable', verb)).toEqual(['hold']);
    },
  );
});

describe('a debt', () => {
  it('is handed on and settled, each with its audit event; what is held is no debt', async () => {
    const run = await makeRun(harness.store);
    const debt = await makeHold(harness.store, run, { state: 'debt' });
    const held = await makeHold(harness.store, run, { key: 'other' });
    expect((await api(harness, 'POST', `/holds/${debt}/owner`, { owner: 'identity-team' })).json()).toMatchObject({
      debtOwner: 'identity-team',
    });
    expect((await api(harness, 'POST', `/holds/${debt}/settle`, { reason: '' })).statusCode).toBe(400);
    expect((await api(harness, 'POST', `/holds/${debt}/settle`, { reason: 'enabled by hand' })).json()).toMatchObject({ state: 'settled' });
    expect((await api(harness, 'POST', `/holds/${held}/settle`, { reason: 'x' })).json()).toMatchObject({ status: 409, code: 'NOT_OWED' });
    const codes = (await harness.store.db.selectFrom('audit_events').select('code').where('stream', '=', run).orderBy('seq').execute()).map(
      (row) => row.code,
    );
    expect(codes).toEqual(['hold.owned', 'hold.settled']);
  });
});
