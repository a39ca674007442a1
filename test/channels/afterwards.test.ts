// The message that asked says afterwards who decided, what was done and whether that is true. What cannot be edited is followed by one message.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { decideApproval } from '../../store/approvals.ts';
import { createPerson } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { NOW } from '../server/harness.ts';
import { makeApproval, makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { openWorld, type World } from './world.ts';

let store: Store;
let world: World;
let eve: string;
beforeAll(async () => {
  store = await openMemoryStore();
  world = await openWorld(store, [
    { connector: 'slack', to: 'C0SOC' },
    { connector: 'teams', to: 'teams' },
    { connector: 'mail', to: 'soc@example.test' },
  ]);
  const person = await createPerson(
    store.db,
    { login: 'eve', name: 'Eve Adams', role: 'responder', passwordHash: 'made-up', oneTime: false },
    NOW,
  );
  eve = person?.id ?? '';
});
afterAll(async () => {
  await world.close();
  await store.close();
});
let runId: string;
let approvalId: string;
beforeEach(async () => {
  await sql`truncate table messages, incidents, outbox, steps cascade`.execute(store.db);
  world.heard.mails.length = 0;
  runId = await makeRun(store);
  approvalId = await makeApproval(store, runId);
  await world.ask(approvalId);
});

async function decide(decision: 'approve' | 'deny'): Promise<void> {
  const person = { id: eve, iss: 'local', sub: eve, role: 'responder', name: 'Eve Adams' };
  const given = {
    approvalId,
    person,
    decision,
    digest: 'made-up-approval-digest',
    reason: 'seen on the phone',
    channel: 'slack',
    useByMs: 60_000,
    now: NOW,
  };
  expect(await decideApproval(store.db, given)).toMatchObject({ kind: 'recorded' });
}

async function effect(outcome: string, after: object | null): Promise<void> {
  await sql`insert into steps (run_id, key, step_id, kind, state, outcome, after, ended_at)
    values (${runId}, 'disable', 'disable', 'do', 'ended', ${outcome}, ${after === null ? null : JSON.stringify(after)}::jsonb, '2026-11-21T12:00:05Z')`.execute(
    store.db,
  );
}

async function inSlack(): Promise<string> {
  const lines = (await world.record()).filter(
    (line) => line.product === 'slack' && line.target?.startsWith('C0SOC:') && line.after !== null,
  );
  const last = lines.at(-1);
  return JSON.stringify(lines.filter((line) => line.target === last?.target).at(-1)?.after);
}
const mailWords = (mail = '') => mail.replaceAll('=\n', '').replaceAll('=E2=9C=94', '✔').replaceAll('=E2=9C=98', '✘');

describe('the message that asked', () => {
  it('loses its buttons with the decision, then says at which second the effect was verified, and how to undo it', async () => {
    await decide('approve');
    await world.later();
    const decided = await inSlack();
    expect(decided).toContain('Approved by Eve Adams');
    expect(decided).toContain('seen on the phone');
    expect(decided).toContain('still to be done');
    expect(decided).not.toContain('"action_id":"approve"');
    await effect('changed', { enabled: false });
    await world.later();
    const done = await inSlack();
    expect(done).toContain('done, verified by reading back at 12:00:05 UTC');
    expect(done).toContain(`npx cordon runs undo ${runId}`);
    // And is left alone from then on.
    const edits = async () => (await world.record()).filter((line) => line.effect === 'edit').length;
    const before = await edits();
    await world.later();
    expect(await edits()).toBe(before);
  });

  it.each([
    ['unverified', { enabled: true }, 'NOT verified'],
    ['unknown', null, 'UNKNOWN'],
    ['changed', null, 'this product cannot be read back'],
    ['failed', null, 'failed'],
  ])('says of an effect that is %s with %j: %s', async (outcome, after, words) => {
    await decide('approve');
    await effect(outcome, after);
    await world.later();
    expect(await inSlack()).toContain(words);
    if (outcome !== 'changed' || after === null) expect(await inSlack()).not.toContain('verified by reading back');
  });

  it('says who denied, that nobody decided, or that the run has ended without its effects', async () => {
    await decide('deny');
    await world.later();
    expect(await inSlack()).toContain('Denied by Eve Adams');
    approvalId = await makeApproval(store, await makeRun(store));
    await world.ask(approvalId);
    await sql`update approvals set state = 'expired' where id = ${approvalId}`.execute(store.db);
    await world.later();
    expect(await inSlack()).toContain('Nobody decided in time, which is a no');
    runId = await makeRun(store);
    approvalId = await makeApproval(store, runId);
    await world.ask(approvalId);
    await decide('approve');
    await sql`update runs set state = 'cancelled' where id = ${runId}`.execute(store.db);
    await world.later();
    expect(await inSlack()).toContain('was not begun');
  });

  it('is left alone where somebody has removed it in Slack', async () => {
    await sql`update messages set place = jsonb_set(place, '{ts}', '"1.000001"') where connector = 'slack'`.execute(store.db);
    const tries = async () =>
      (await world.record()).filter((line) => line.product === 'slack' && line.path.endsWith('/chat.update')).length;
    const before = await tries();
    await decide('deny');
    for (let again = 0; again < 3; again += 1) await world.later();
    expect(await tries()).toBe(before + 1);
  });

  it('is edited also when Slack was down at that moment', async () => {
    await decide('approve');
    await world.fault({ product: 'slack', status: 503, retryAfter: 1 });
    await world.later();
    expect(await inSlack()).toContain('"action_id":"approve"');
    await world.fault([]);
    await world.later();
    expect(await inSlack()).toContain('Approved by Eve Adams');
  });
});

it('in Teams and by mail one message follows, when all of it is known', async () => {
  await decide('approve');
  await world.later();
  expect(world.heard.mails).toHaveLength(1);
  await effect('unverified', { enabled: true });
  for (let again = 0; again < 3; again += 1) await world.later();
  expect(world.heard.mails).toHaveLength(2);
  expect(mailWords(world.heard.mails[1])).toContain('NOT verified');
  expect(world.heard.mails[1]).toMatch(/^In-Reply-To: <cordon\./m);
  const cards = (await world.record()).filter((line) => line.product === 'teams');
  expect(JSON.stringify(cards.at(-1)?.after)).toContain('NOT verified');
});
