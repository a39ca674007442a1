// Freezing takes one person, lifting it two.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { LIFT_WITHIN_MS } from '../../store/freeze.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { type Harness, NOW, startHarness } from './harness.ts';
import { makeRun } from './rows.ts';

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

async function responder(name: string): Promise<string[]> {
  const person = await createPerson(
    harness.store.db,
    { login: name.toLowerCase(), name, role: 'responder', passwordHash: 'made-up', oneTime: false },
    NOW,
  );
  const tokens = [newApiToken(), newApiToken()];
  for (const token of tokens)
    await createToken(
      harness.store.db,
      { tokenHash: tokenHash(token), personId: person?.id ?? '', name: 'test', scopes: scopesOf('responder') },
      NOW,
    );
  return tokens;
}
const set = async (token: string | undefined, payload: object) =>
  (await harness.app.inject({ method: 'POST', url: '/api/v1/freeze', headers: { authorization: `Bearer ${token}` }, payload })).json();
const on = { on: true, reason: 'change window' };
const off = { on: false, reason: 'over' };

describe('a freeze', () => {
  it('is lifted by two people, who may include the one who froze; two tokens of one person are one person', async () => {
    const [ana, anaToo] = await responder('Ana');
    const [bob] = await responder('Bob');
    expect(await set(ana, on)).toMatchObject({ on: true, by: 'Ana', reason: 'change window' });
    expect(await set(ana, off)).toMatchObject({ on: true, liftAsked: { by: 'Ana', reason: 'over' } });
    expect(await set(anaToo, off)).toMatchObject({ status: 409, code: 'FREEZE_SECOND' });
    expect(await set(bob, off)).toEqual({ on: false, parts: [] });
    expect(await set(bob, off)).toMatchObject({ status: 409, code: 'NOT_FROZEN' });
  });

  it('stays when nobody confirms within the hour: whoever comes later is a first person again', async () => {
    const [ana] = await responder('Ana');
    const [bob] = await responder('Bob');
    await set(ana, on);
    await set(ana, off);
    harness.clock.now = new Date(NOW.getTime() + LIFT_WITHIN_MS);
    expect(await set(bob, off)).toMatchObject({ on: true, liftAsked: { by: 'Bob' } });
  });

  it('that is renewed drops the lift that was asked for', async () => {
    const [ana] = await responder('Ana');
    const [bob] = await responder('Bob');
    await set(ana, on);
    await set(ana, off);
    await set(bob, { on: true, reason: 'not yet' });
    expect(await set(bob, off)).toMatchObject({ on: true, liftAsked: { by: 'Bob' } });
  });

  it('is lifted by one where there is nobody else, and the audit log says so', async () => {
    await set(harness.token, on);
    expect(await set(harness.token, off)).toEqual({ on: false, parts: [] });
    const { body } = await harness.store.db
      .selectFrom('audit_events')
      .select('body')
      .where('code', '=', 'freeze.off')
      .executeTakeFirstOrThrow();
    expect(body).toMatchObject({ alone: 'yes' });
  });

  it('of one verb is its own: lifting everything else leaves it, and one that is misspelt is refused', async () => {
    const [ana] = await responder('Ana');
    expect(await set(ana, { ...on, verb: 'host.isolat' })).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(await set(ana, { ...on, connector: 'nowhere' })).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(await set(ana, { ...on, verb: 'host.isolate' })).toMatchObject({ on: false, parts: [{ verb: 'host.isolate', by: 'Ana' }] });
    expect(await set(ana, off)).toMatchObject({ status: 409, code: 'NOT_FROZEN' });
  });

  it('wakes what it held back in the commit that lifts it', async () => {
    const run = await makeRun(harness.store);
    await harness.store.db
      .insertInto('steps')
      .values({ run_id: run, key: 'isolate', step_id: 'isolate', kind: 'do', state: 'waiting', waiting_on: 'freeze' })
      .execute();
    await set(harness.token, on);
    const wakes = async () =>
      (await harness.store.db.selectFrom('outbox').select('about').where('kind', '=', 'wake').execute()).map((row) => row.about);
    expect(await wakes()).toEqual([]);
    await set(harness.token, off);
    expect(await wakes()).toEqual([run]);
  });
});
