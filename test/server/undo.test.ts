// What an undo is about is named exactly; a debt is settled or handed on by a person, with a reason.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
