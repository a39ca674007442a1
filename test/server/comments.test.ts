// What people write about an approval stands beside it and in the audit, and changes nothing of it.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { api, type Harness, NOW, startHarness } from './harness.ts';
import { makeApproval, makeRun } from './rows.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
});

const write = async (id: string, text: string) => await api(harness, 'POST', `/approvals/${id}/comments`, { text });

it('stands beside it in the order in which it was written, also when it is over; the question stays the same', async () => {
  const runId = await makeRun(harness.store);
  const id = await makeApproval(harness.store, runId);
  const before = (await api(harness, 'GET', `/approvals/${id}`)).json();
  expect((await write(id, '  Is she on holiday? ')).json()).toMatchObject({ comments: [{ text: 'Is she on holiday?', channel: 'cli' }] });
  await harness.store.db.updateTable('approvals').set({ state: 'expired' }).where('id', '=', id).execute();
  await write(id, 'She was.');
  const after = (await api(harness, 'GET', `/approvals/${id}`)).json();
  expect(after.comments.map(({ text }: { text: string }) => text)).toEqual(['Is she on holiday?', 'She was.']);
  expect([after.digest, after.given, after.expiresAt]).toEqual([before.digest, before.given, before.expiresAt]);
  const audit = await harness.store.db
    .selectFrom('audit_events')
    .select(['code', 'body', 'personal'])
    .where('stream', '=', runId)
    .execute();
  const said = audit.filter(({ code }) => code === 'approval.commented');
  expect(said).toHaveLength(2);
  // What somebody wrote can be erased without breaking the chain.
  expect(JSON.stringify(said.map(({ body }) => body))).not.toContain('holiday');
  expect(JSON.stringify(said.map(({ personal }) => personal))).toContain('holiday');
});

it('is refused where there is nothing to read, nothing to write about, or nobody who may', async () => {
  const id = await makeApproval(harness.store, await makeRun(harness.store));
  expect((await write(id, '   ')).statusCode).toBe(400);
  expect((await write('apr_00000000000000000000000000', 'x')).statusCode).toBe(404);
  const viewer = await createPerson(
    harness.store.db,
    { login: 'vic', name: 'Vic', role: 'viewer', passwordHash: 'made-up', oneTime: false },
    NOW,
  );
  const token = newApiToken();
  await createToken(
    harness.store.db,
    { tokenHash: tokenHash(token), personId: viewer?.id ?? '', name: 'x', scopes: scopesOf('viewer') },
    NOW,
  );
  const asViewer = await harness.app.inject({
    method: 'POST',
    url: `/api/v1/approvals/${id}/comments`,
    headers: { authorization: `Bearer ${token}` },
    payload: { text: 'x' },
  });
  expect(asViewer.statusCode).toBe(403);
  expect((await api(harness, 'GET', `/approvals/${id}`)).json().comments).toEqual([]);
});

it('with a character that no store takes is kept with a visible one', async () => {
  const id = await makeApproval(harness.store, await makeRun(harness.store));
  expect((await write(id, 'a\u0000b \ud800 😀')).json().comments).toMatchObject([{ text: 'a\u2400b \ufffd 😀' }]);
  const deep = await harness.app.inject({
    method: 'POST',
    url: `/api/v1/approvals/${id}/comments`,
    headers: { authorization: `Bearer ${harness.token}`, 'content-type': 'application/json' },
    payload: `${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}`,
  });
  expect(deep.statusCode).toBe(400);
});
