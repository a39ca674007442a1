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

/** Straight at a product, under a key that looks like ours. */
async function send(product: string, to: `${'POST' | 'PUT'} ${string}`, key: string, body: object = {}): Promise<void> {
  const [method = '', path = ''] = to.split(' ');
  const headers = { authorization: `Bearer ${world.tokens[product]}`, 'idempotency-key': key, 'content-type': 'application/json' };
  expect((await fetch(`${world.range.url}/${product}${path}`, { method, headers, body: JSON.stringify(body) })).ok).toBe(true);
}
const isolate = async (host: string, key: string) => await send('edr', `POST /v1/devices/${host}/isolate`, key);
/** The second is sent while the first is still under way. */
async function cross(product: 'edr' | 'mdm', host: string, first: string, second: string): Promise<void> {
  await world.faults([{ product, effect: first, target: host, delayMs: 1_500, count: 1 }]);
  const under = send(product, `POST /v1/devices/${host}/${first}`, `${done}.isolate.2`);
  const left = async () => (await fetch(`${world.range.url}/faults`)).text();
  await eventually(async () => ((await left()) === '[]' ? true : undefined), 'the first one to have come');
  await send(product, `POST /v1/devices/${host}/${second}`, `${done}.isolate.3`);
  await under;
}
const keyOf = async (effect: string): Promise<string> => {
  const line = (await world.record()).find((one) => one.effect === effect && one.key?.startsWith(`${done}.`));
  return line?.key ?? '';
};
const execute = async (text: string) => void (await sql.raw(text).execute(world.store.db));

const PLANTS: Readonly<Record<Exclude<Invariant, 'I10'>, Readonly<Record<string, () => Promise<void>>>>> = {
  I1: {
    'an alert is forgotten after it was acknowledged': async () => {
      await execute(`create function forget() returns trigger language plpgsql as $$ begin return case when new.kind = 'decide' then null else new end; end $$;
        create trigger forget before insert on outbox for each row execute function forget()`);
      await world.alert({ ...SAMPLES.travel, users: [{ id: 'user-454' }] });
      await execute('drop trigger forget on outbox');
    },
  },
  I2: { 'something is done that nobody asked for': async () => await isolate('wks-461', 'run_of_nobody.isolate.0') },
  I3: { 'a request is sent twice': async () => await isolate('wks-451', await keyOf('isolate')) },
  I4: {
    'another host is isolated than the one that was approved': async () => await isolate('wks-462', `${done}.isolate.1`),
    'a domain is blocked under the approval of an isolation': async () =>
      await send('firewall', 'PUT /api/v1/domains/beacon.invalid', `${done}.isolate.4`),
    'an application is disabled under the approval of an isolation': async () =>
      await send('idp', 'POST /api/v1/apps/app-002/disable', `${done}.isolate.5`),
  },
  I5: {
    'an effect comes before its approval': async () => await isolate('wks-453', `${asks}.isolate.0`),
    'a host is erased before anybody has approved': async () => await send('mdm', 'POST /v1/devices/wks-453/wipe', `${asks}.isolate.1`),
    'rights are taken away before anybody has approved': async () =>
      await send('idp', 'PUT /api/v1/users/user-001/privileges', `${asks}.disable.1`, { groups: [] }),
  },
  I6: {
    'the end of a chain is cut off, and its head is made to fit': async () =>
      await execute(`delete from audit_events e using audit_heads h where e.stream = '${done}' and h.stream = e.stream and e.seq = h.seq;
        update audit_heads h set seq = e.seq, hash = e.hash from audit_events e where h.stream = '${done}' and e.stream = h.stream and e.seq = h.seq - 1`),
    'a record is taken away': async () => await execute(`delete from audit_events where stream = '${done}' and code = 'effect.intent'`),
    'a seal is not by our key': async () =>
      await execute("update audit_checkpoints set signature = 'bWFkZSB1cA==' where id = (select min(id) from audit_checkpoints)"),
  },
  I7: {
    'what could not be undone is owed by nobody': async () =>
      await execute("update holds set state = 'debt', debt_owner = null where id = (select min(id) from holds)"),
    'nobody has said what becomes of a hold at its end': async () =>
      await execute(
        "update holds set on_expiry = null where id = (select max(id) from holds where state = 'active' and expires_at is not null)",
      ),
    'an approval is put to nobody': async () => await execute(`update approvals set addressed_to = '{}' where run_id = '${asks}'`),
  },
  I8: {
    'a release is sent while the isolation is still under way': async () => await cross('edr', 'wks-463', 'isolate', 'release'),
    'a host is unlocked while the lock is still under way': async () => await cross('mdm', 'wks-463', 'lock', 'unlock'),
    'a host is erased while its quarantine is still under way': async () => await cross('mdm', 'wks-465', 'quarantine', 'wipe'),
  },
  I9: {
    'the ledger forgets what is held': async () => await execute(`delete from holds where entity_id = 'wks-451'`),
    'a key is turned off, and it is in no ledger': async () => await send('cloud', 'POST /v1/keys/key-001-a/deactivate', `${done}.key.0`),
    'a message is taken away, and it is in no ledger': async () =>
      await send('mail', 'POST /v1/messages/msg-001/quarantine', `${done}.mail.0`),
    'the ledger says that an account was given back that was not': async () =>
      await execute(`update holds set state = 'released' where entity_id = 'user-451'`),
  },
  I11: {
    'what is due is taken by a process that has died, and by nobody after it': async () =>
      await execute(`insert into outbox (kind, about, dedupe, next_at, claimed_by, claimed_until)
        values ('wake', 'nobody', 'made-up', now() - interval '1 minute', 'a dead process', now() + interval '1 hour')`),
  },
  I12: {
    'a lock stays behind': async () =>
      await execute(
        `insert into locks (entity, run_id, key, fence, owner, lease_until) values ('host:wks-464', '${done}', 'isolate', 1, 'made-up', now() + interval '1 hour')`,
      ),
  },
  I13: { 'a secret is written to the log': async () => void world.notes.said.push(`made-up trace: ${world.tokens.edr}`) },
};

const count = async (wanted: Invariant) => (await world.violations()).filter(({ of }) => of === wanted).length;

it('nothing is found where nothing is planted', async () => {
  expect(await world.violations()).toEqual([]);
});

describe.each(INVARIANTS.filter((of): of is keyof typeof PLANTS => of !== 'I10'))('%s', (of) => {
  it.each(Object.entries(PLANTS[of]))('is seen to be broken: %s', async (_, plant) => {
    // One plant may break more than one promise.
    const before = await count(of);
    await plant();
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
