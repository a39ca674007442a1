// What an undo is about is named exactly; a debt is settled or handed on by a person, with a reason.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { problem } from '../../server/schemas.ts';
import { transferHold } from '../../store/hold-changes.ts';
import { readHold } from '../../store/holds.ts';
import { answerLateHolds, forgetResolutions, resolveHolds } from '../../store/resolutions.ts';
import type { Trx } from '../../store/store.ts';
import { joinRun } from '../../store/trigger-decisions.ts';
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

  it('is carried out only as it was shown: where something else would be undone by now, that is answered and nothing is done', async () => {
    const run = await makeRun(harness.store);
    const shown = await makeHold(harness.store, run);
    const { digest } = (await api(harness, 'GET', '/undo?entity=user:user-007')).json();
    const later = await makeHold(harness.store, await makeRun(harness.store), { key: 'later' });
    const refused = (await api(harness, 'POST', '/undo', { entity: 'user:user-007', digest })).json();
    expect(refused).toMatchObject({ status: 409, code: 'UNDO_CHANGED', preview: { will: [{ hold: later }, { hold: shown }] } });
    expect(problem.safeParse(refused).error?.issues).toBeUndefined();
    expect(await harness.store.db.selectFrom('runs').select('id').where('kind', '=', 'undo').execute()).toEqual([]);
    const again = { entity: 'user:user-007', digest: refused.preview.digest };
    expect((await api(harness, 'POST', '/undo', again)).json()).toMatchObject({ runs: [expect.any(String), expect.any(String)] });
  });

  it('of a thing that another run has let go of since is shown anew: what was to stay would be given back', async () => {
    const run = await makeRun(harness.store);
    await makeHold(harness.store, run);
    const other = await makeHold(harness.store, await makeRun(harness.store));
    const { digest, stays } = (await api(harness, 'GET', `/runs/${run}/undo`)).json();
    expect(stays).toHaveLength(1);
    await harness.store.db.updateTable('holds').set({ state: 'released' }).where('id', '=', other).execute();
    expect((await api(harness, 'POST', `/runs/${run}/undo`, { digest })).json()).toMatchObject({
      code: 'UNDO_CHANGED',
      preview: { stays: [] },
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
    const { made } = await harness.store.db.transaction().execute(async (trx) => await resolveHolds(trx, wish, new Date()));
    const rows = await harness.store.db.selectFrom('runs').select(['kind', 'inputs']).where('id', 'in', made).execute();
    const held = await harness.store.db.selectFrom('holds').select('id').where('run_id', '=', run).orderBy('id').execute();
    // Of these and no other: what is placed before the undo begins was not there when the source spoke.
    for (const { inputs } of rows) expect(inputs).toEqual({ holds: held.map(({ id }) => id) });
    return rows.map(({ kind }) => kind);
  };

  it('undoes what a playbook says it undoes', async () => {
    expect(await resolved('user.disable')).toEqual(['undo']);
  });

  it('undoes a run that holds very much', async () => {
    expect(await resolved(...Array.from({ length: 200 }, (_, at) => `user.disable${at}`))).toEqual(['undo']);
  });

  describe('that comes before the effect', () => {
    const at = new Date();
    const within = async <T>(work: (trx: Trx) => Promise<T>): Promise<T> => await harness.store.db.transaction().execute(work);
    const openRun = async () => {
      const run = await makeRun(harness.store);
      await harness.store.db.updateTable('runs').set({ dedupe_key: run, state: 'waiting' }).where('id', '=', run).execute();
      const wish = { playbook: 'contain-compromised-account', dedupeKey: run, action: 'undo', reason: 'resolved by plain' } as const;
      expect(await within((trx) => resolveHolds(trx, wish, at))).toEqual({ made: [], isNoted: true });
      expect(await within((trx) => answerLateHolds(trx, at))).toBe(0);
      return run;
    };
    const done = async (run: string, verb: string) => {
      const hold = await makeHold(harness.store, run, { key: verb });
      await harness.store.db.updateTable('holds').set({ verb }).where('id', '=', hold).execute();
      await within((trx) => answerLateHolds(trx, at));
      await within((trx) => answerLateHolds(trx, at)); // and not once more
      const made = await harness.store.db.selectFrom('runs').select(['kind', 'inputs']).where('parent_run_id', '=', run).execute();
      return made.map(({ kind, inputs }) => ({ kind, isOfIt: JSON.stringify(inputs) === JSON.stringify({ holds: [hold] }) }));
    };
    const decide = async (run: string, kind: string, state: string) =>
      await sql`insert into approvals (id, run_id, incident_id, key, step_id, kind, title, items, canonical, digest, requirement, addressed_to, state, opened_at, expires_at, decided_at)
        values (${`apr_${run}`}, ${run}, (select incident_id from runs where id = ${run}), 'k', 'k', ${kind}, 'made up', '[]', '{}', 'd', '{}', '{}', ${state}, now(), now(), clock_timestamp())`.execute(
        harness.store.db,
      );

    it('undoes it once it is in force', async () => {
      expect(await done(await openRun(), 'user.disable')).toEqual([{ kind: 'undo', isOfIt: true }]);
    });

    it('asks where our own effect may be why the source stays silent', async () => {
      expect(await done(await openRun(), 'host.isolate')).toEqual([{ kind: 'hold', isOfIt: true }]);
    });

    it.each([
      ['approval', 'granted', 'hold'],
      ['question', 'answered', 'hold'],
      ['question', 'expired', 'undo'],
      ['approval', 'denied', 'undo'],
    ])('asks where a person has decided so since, and only there (%s %s: %s)', async (kind, state, made) => {
      const run = await openRun();
      await decide(run, kind, state);
      expect(await done(run, 'user.disable')).toEqual([{ kind: made, isOfIt: true }]);
    });

    it('does not take back what a person hands to the run, and is forgotten with the run all the same', async () => {
      const run = await openRun();
      const from = await makeRun(harness.store);
      const hold = await makeHold(harness.store, from);
      const wish = { id: hold, to: run, by: 'per_made_up', reason: 'made up' };
      expect(await transferHold(harness.store.db, wish, at)).toBeUndefined();
      expect(await within((trx) => answerLateHolds(trx, at))).toBe(0);
      expect(await done(run, 'user.disable')).toEqual([{ kind: 'undo', isOfIt: true }]);
      await harness.store.db.updateTable('runs').set({ state: 'completed' }).where('id', '=', run).execute();
      await forgetResolutions(harness.store.db);
      expect(await harness.store.db.selectFrom('resolutions').selectAll().where('run_id', '=', run).execute()).toEqual([]);
    });

    it('means nothing any more once the same has begun again', async () => {
      const run = await openRun();
      await sql`insert into alerts (id, source, delivery_id, finding, state, title, severity_id, raw, content_type)
        values ('alr_again', 'plain', 'again', 'again', 'accepted', 'made up', 4, '', 'application/json')`.execute(harness.store.db);
      expect(await within((trx) => joinRun(trx, run, 'alr_again'))).toBe(true);
      expect(await done(run, 'user.disable')).toEqual([]);
    });

    it('is forgotten with the run, and not before what that holds was answered', async () => {
      const run = await openRun();
      const noted = async () => {
        await forgetResolutions(harness.store.db);
        return (await harness.store.db.selectFrom('resolutions').select('run_id').where('run_id', '=', run).execute()).length;
      };
      expect(await noted()).toBe(1);
      await makeHold(harness.store, run, { key: 'user.disable' });
      await harness.store.db.updateTable('runs').set({ state: 'completed' }).where('id', '=', run).execute();
      expect(await noted()).toBe(1);
      await within((trx) => answerLateHolds(trx, at));
      expect(await noted()).toBe(0);
    });
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
