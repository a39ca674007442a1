// The proof that the look after each test can fail: for each invariant a planted fault, on a real Temporal server with the practice range.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { SAMPLES } from '../../alerts/samples.ts';
import { INVARIANTS, type Invariant } from '../invariants/evidence.ts';
import { brokenOf, historiesOf } from './replays.ts';
import { eventually, startWorld, TEST_CONVERTER, WORLD_WITHIN_MS, type World } from './world.ts';

let world: World;
/** Contained after an approval, and over. */
let done: string;
/** Waits for its approval. */
let asks: string;
/** Of another playbook. */
let other: string;
beforeAll(async () => {
  world = await startWorld({ watched: false });
  const start = async (user: string, host: string) =>
    (await world.run(await world.alert({ ...SAMPLES.travel, users: [{ id: user }], hosts: [{ id: host }] }))).id;
  [done, asks] = [await start('user-451', 'wks-451'), await start('user-453', 'wks-453')];
  await world.decide(await world.approval(done, 'approval'), 'approve');
  await world.decide(await world.approval(done, 'question'), 'answer', { answer: 'true-positive', role: 'analyst' });
  await world.ended(done);
  await world.approval(asks, 'approval');
  other = (await world.run(await world.alert({ ...SAMPLES.malware, hosts: [{ id: 'wks-455' }] }))).id;
  await world.approval(other, 'approval');
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

/** Straight at the product, under a key that looks like ours. */
async function send(host: string, word: 'isolate' | 'release', key: string): Promise<void> {
  const headers = { authorization: `Bearer ${world.tokens.edr}`, 'idempotency-key': key };
  expect((await fetch(`${world.range.url}/edr/v1/devices/${host}/${word}`, { method: 'POST', headers })).status).toBe(202);
}
const keyOf = async (effect: string): Promise<string> => {
  const line = (await world.record()).find((one) => one.effect === effect && one.key?.startsWith(`${done}.`));
  return line?.key ?? '';
};
const execute = async (text: string) => void (await sql.raw(text).execute(world.store.db));

const PLANTS: Readonly<Record<Exclude<Invariant, 'I10'>, readonly [string, () => Promise<void>]>> = {
  I1: [
    'an alert is forgotten after it was acknowledged',
    async () => {
      await execute(`create function forget() returns trigger language plpgsql as $$ begin return case when new.kind = 'decide' then null else new end; end $$;
        create trigger forget before insert on outbox for each row execute function forget()`);
      await world.alert({ ...SAMPLES.travel, users: [{ id: 'user-454' }] });
      await execute('drop trigger forget on outbox');
    },
  ],
  I2: ['something is done that nobody asked for', async () => await send('wks-461', 'isolate', 'run_of_nobody.isolate.0')],
  I3: ['a request is sent twice', async () => await send('wks-451', 'isolate', await keyOf('isolate'))],
  I4: ['another host is isolated than the one that was approved', async () => await send('wks-462', 'isolate', `${done}.isolate.1`)],
  I5: ['an effect comes before its approval', async () => await send('wks-453', 'isolate', `${asks}.isolate.0`)],
  I6: [
    'a record of the audit is taken away',
    async () => await execute(`delete from audit_events where stream = '${done}' and code = 'effect.intent'`),
  ],
  I7: [
    'what could not be undone is owed by nobody',
    async () => await execute("update holds set state = 'debt', debt_owner = null where id = (select min(id) from holds)"),
  ],
  I8: [
    'a release is sent while the isolation is still under way',
    async () => {
      await world.faults([{ product: 'edr', effect: 'isolate', target: 'wks-463', delayMs: 1_500, count: 1 }]);
      const isolation = send('wks-463', 'isolate', `${done}.isolate.2`);
      const left = async () => (await fetch(`${world.range.url}/faults`)).text();
      await eventually(async () => ((await left()) === '[]' ? true : undefined), 'the isolation to have come');
      await send('wks-463', 'release', `${done}.isolate.3`);
      await isolation;
    },
  ],
  I9: ['the ledger forgets what is held', async () => await execute(`delete from holds where entity_id = 'wks-451'`)],
  I11: [
    'what is due is taken by a process that has died, and by nobody after it',
    async () =>
      await execute(`insert into outbox (kind, about, dedupe, next_at, claimed_by, claimed_until)
        values ('wake', 'nobody', 'made-up', now() - interval '1 minute', 'a dead process', now() + interval '1 hour')`),
  ],
  I12: [
    'a lock stays behind',
    async () =>
      await execute(
        `insert into locks (entity, run_id, key, fence, owner, lease_until) values ('host:wks-464', '${done}', 'isolate', 1, 'made-up', now() + interval '1 hour')`,
      ),
  ],
  I13: ['a secret is written to the log', async () => void world.notes.said.push(`made-up trace: ${world.tokens.edr}`)],
};

const count = async (wanted: Invariant) => (await world.violations()).filter(({ of }) => of === wanted).length;

it('nothing is found where nothing is planted', async () => {
  expect(await world.violations()).toEqual([]);
});

describe.each(INVARIANTS.filter((of): of is keyof typeof PLANTS => of !== 'I10'))('%s', (of) => {
  it(`is seen to be broken: ${PLANTS[of][0]}`, async () => {
    // One plant may break more than one promise.
    const before = await count(of);
    await PLANTS[of][1]();
    expect(await count(of)).toBeGreaterThan(before);
  });
});

describe('I10', () => {
  it('is seen to be broken: a history is worked on by other code than the one that made it', async () => {
    const histories = await historiesOf(world.store.db, world.client);
    expect(await brokenOf(histories, TEST_CONVERTER)).toEqual([]);
    const inputOf = (id: string) =>
      histories.find((one) => one.workflowId.endsWith(id))?.history.events?.[0]?.workflowExecutionStartedEventAttributes?.input;
    const [mine, theirs] = [inputOf(done), inputOf(other)];
    if (!mine || !theirs) throw new Error('both histories begin with their input');
    mine.payloads = theirs.payloads ?? null;
    expect(await brokenOf(histories, TEST_CONVERTER)).toEqual([expect.stringContaining(done)]);
  }, 60_000);
});
