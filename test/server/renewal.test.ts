// Holding on is easy for as long as was foreseen; beyond it, a second person has to agree.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { type Harness, NOW, startHarness } from './harness.ts';
import { makeHold, makeRun } from './rows.ts';

let harness: Harness;
let hold = '';
beforeAll(async () => {
  harness = await startHarness({ confirmRenewalAfterMs: () => 48 * 3_600_000 });
});
beforeEach(async () => {
  await harness.reset();
  hold = await makeHold(harness.store, await makeRun(harness.store));
  await harness.store.db
    .updateTable('holds')
    .set({ expires_at: new Date(Date.now() + 3_600_000) })
    .where('id', '=', hold)
    .execute();
});
afterAll(async () => {
  await harness.close();
});

async function responder(login: string): Promise<string> {
  const token = newApiToken();
  const person = await createPerson(
    harness.store.db,
    { login, name: login, role: 'responder', passwordHash: 'made-up', oneTime: false },
    NOW,
  );
  await createToken(
    harness.store.db,
    { tokenHash: tokenHash(token), personId: person?.id ?? '', name: 'test', scopes: scopesOf('responder') },
    NOW,
  );
  return token;
}
const renew = async (token: string, time: string) =>
  (
    await harness.app.inject({
      method: 'POST',
      url: `/api/v1/holds/${hold}/renew`,
      headers: { authorization: `Bearer ${token}` },
      payload: { for: time, reason: 'still looking' },
    })
  ).json();
const leftHours = async () => {
  const { expires_at } = await harness.store.db.selectFrom('holds').select('expires_at').where('id', '=', hold).executeTakeFirstOrThrow();
  return Math.round((Number(expires_at) - Date.now()) / 3_600_000);
};

describe('a renewal', () => {
  it('within the time that policy gives needs one person', async () => {
    expect((await renew(await responder('ana'), '24h')).renewAsked).toBeUndefined();
    expect(await leftHours()).toBe(24);
  });

  it('never shortens what is held for longer', async () => {
    const eva = await responder('eva');
    for (const time of ['24h', '2h']) expect((await renew(eva, time)).renewAsked).toBeUndefined();
    expect(await leftHours()).toBe(24);
  });

  it('beyond it changes nothing until another person confirms, and the shorter time counts', async () => {
    const [ana, bob] = [await responder('ana'), await responder('bob')];
    const before = await leftHours();
    expect(await renew(ana, '72h')).toMatchObject({ renewAsked: { by: 'ana' } });
    expect(await renew(ana, '72h')).toMatchObject({ status: 409, code: 'RENEWAL_SECOND' });
    expect(await leftHours()).toBe(before);
    expect((await renew(bob, '90d')).renewAsked).toBeUndefined();
    expect(await leftHours()).toBe(72);
  });

  it('counts from the beginning of the hold: short renewals do not add up unseen', async () => {
    const ana = await responder('ana');
    await harness.store.db
      .updateTable('holds')
      .set({ placed_at: new Date(Date.now() - 40 * 3_600_000) })
      .where('id', '=', hold)
      .execute();
    expect(await renew(ana, '12h')).toMatchObject({ renewAsked: { by: 'ana' } });
  });
});
