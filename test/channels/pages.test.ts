// Pages: once for one trouble, at one pager, elsewhere where that is down, and never quietly lost.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { Channel } from '../../channels/channel.ts';
import { startMessenger } from '../../channels/messenger.ts';
import { pageRound, raise } from '../../channels/pages.ts';
import { WINDOW_MS } from '../../channels/storm.ts';
import { claimMessages, oweMessages } from '../../store/messages.ts';
import { changePage } from '../../store/pages.ts';
import { createPerson } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { countOpen } from '../../store/views/counts.ts';
import { listPages } from '../../store/views/pages.ts';
import { pagePeople } from '../../worker/page-people.ts';
import { makeApproval, makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { openWorld, type World } from './world.ts';

const PAGER = { connector: 'pagerduty', to: 'service' };
const TEAMS = { connector: 'teams', to: 'teams' };
const MAIL = { connector: 'mail', to: 'soc@example.test' };

let store: Store;
let world: World;
let runId: string;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});
beforeEach(async () => {
  await sql`truncate table people, messages, pages, page_windows, incidents, outbox cascade`.execute(store.db);
  world = await openWorld(store, [], { to: [PAGER], otherwise: [MAIL] });
  runId = await makeRun(store);
});
afterEach(async () => {
  await world.close();
});

const page = async (key: string, more: { message?: string; isCritical?: boolean; runId?: string } = {}) => {
  await raise(world.deps, {
    key,
    code: 'EFFECT',
    message: more.message ?? `trouble ${key}`,
    isCritical: more.isCritical ?? false,
    runId: more.runId ?? runId,
  });
  await world.later();
};
const events = async () =>
  (await world.record()).filter((line) => line.product === 'pagerduty' && line.path.endsWith('/enqueue') && line.status === 202);
const woken = async () => (await events()).filter((line) => line.effect === 'page').map((line) => JSON.stringify(line.after));
const onlyPage = async () => await store.db.selectFrom('pages').select(['id', 'state']).executeTakeFirstOrThrow();
const reopen = async (to: readonly Channel[]) => {
  await world.close();
  world = await openWorld(store, [], { to, otherwise: [MAIL] });
};
const rowsOf = async () =>
  (await store.db.selectFrom('messages').select(['connector', 'part', 'state']).orderBy('id').execute()).map(
    (row) => `${row.connector} ${row.part} ${row.state}`,
  );
const gate = () => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
};
const minutes = (count: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + count * 60_000);
};

describe('a page', () => {
  it('says where people find what to do about its kind', async () => {
    await raise(world.deps, { key: 'a', code: 'EFFECT', message: 'trouble a\n- and why', isCritical: false, runId });
    await pageRound(world.deps);
    const { content } = await store.db.selectFrom('messages').select('content').executeTakeFirstOrThrow();
    expect(content).toMatchObject({ title: 'trouble a', lines: ['- and why', 'What to do: docs/pages.md, EFFECT'] });
  });

  it('wakes people once for one trouble, is acknowledged and resolved at the pager under the same key', async () => {
    await page('a');
    await page('a');
    expect(await woken()).toHaveLength(1);
    const { id } = await onlyPage();
    await changePage(store.db, id, 'acknowledged', 'per_eve', world.clock.now);
    await world.later();
    await changePage(store.db, id, 'resolved', 'per_eve', world.clock.now);
    await world.later();
    await world.later();
    expect((await events()).map((line) => [line.effect, line.target])).toEqual([
      ['page', `cordon.${id}`],
      ['acknowledge', `cordon.${id}`],
      ['resolve', `cordon.${id}`],
    ]);
    // The same trouble after its end is another page.
    minutes(6);
    await page('a');
    expect(await woken()).toHaveLength(2);
  });

  it('whose answer was lost is sent again under its key, and is one incident', async () => {
    await world.fault({ product: 'pagerduty', effect: 'page', drop: 'after', count: 1 });
    await page('a');
    await world.later();
    const targets = (await world.record()).filter((line) => line.effect === 'page').map((line) => line.target);
    expect(targets).toHaveLength(2);
    expect(new Set(targets).size).toBe(1);
  });

  it('goes elsewhere after a minute in which it has not got through, and says so where people look', async () => {
    await world.fault({ product: 'pagerduty', status: 503, retryAfter: 1 });
    world.mailAnswers.RCPT = '451 later';
    await page('a');
    await world.later();
    expect(world.heard.mails).toHaveLength(0);
    await sql`update messages set created_at = created_at - interval '61 seconds', failing_since = failing_since - interval '61 seconds'`.execute(
      store.db,
    );
    await world.later();
    expect(await countOpen(store.db)).toMatchObject({ pages_undelivered: 1 });
    delete world.mailAnswers.RCPT;
    await world.later();
    expect(world.heard.mails).toHaveLength(1);
    expect(world.heard.mails[0]).toContain('trouble a');
    expect(await countOpen(store.db)).toMatchObject({ pages_undelivered: 0, messages_failing: 1 });
    await world.fault([]);
    await world.later();
    await world.later();
    expect(await woken()).toHaveLength(1);
    expect(world.heard.mails).toHaveLength(1);
    expect(await countOpen(store.db)).toMatchObject({ messages_failing: 0 });
  });

  it('that has not been tried for a minute, as behind a channel that hangs, goes elsewhere too', async () => {
    await raise(world.deps, { key: 'a', code: 'EFFECT', message: 'trouble a', isCritical: false, runId });
    await pageRound(world.deps);
    await sql`update messages set created_at = created_at - interval '61 seconds'`.execute(store.db);
    await pageRound(world.deps);
    await pageRound(world.deps);
    expect(await rowsOf()).toEqual(['pagerduty page owed', 'mail page owed']);
  });

  it('that may have been sent, where nobody can say, goes elsewhere: its answer was lost', async () => {
    await reopen([TEAMS]);
    await world.fault({ product: 'teams', drop: 'after', count: 1 });
    await page('a');
    for (let again = 0; again < 3; again += 1) await world.later();
    expect(await rowsOf()).toEqual(['teams page unclear', 'mail page sent']);
    expect(world.heard.mails).toHaveLength(1);
    expect(world.heard.mails[0]).toContain('trouble a');
  });

  it('that may have been sent, where nobody can say, goes elsewhere: the process was killed on the way', async () => {
    await reopen([TEAMS]);
    await raise(world.deps, { key: 'a', code: 'EFFECT', message: 'trouble a', isCritical: false, runId });
    await pageRound(world.deps);
    await sql`update messages set begun_at = clock_timestamp()`.execute(store.db);
    for (let again = 0; again < 3; again += 1) await world.later();
    expect(await rowsOf()).toEqual(['teams page unclear', 'mail page sent']);
  });

  it('whose connector has another name since goes elsewhere', async () => {
    await reopen([{ connector: 'former', to: 'service' }]);
    await page('a');
    for (let again = 0; again < 3; again += 1) await world.later();
    expect(await rowsOf()).toEqual(['former page undeliverable', 'mail page sent']);
    expect(world.heard.mails[0]).toContain('trouble a');
  });

  it('is sent before what only asks, however long that has waited', async () => {
    const asked = { connector: 'pagerduty', recipient: 'service', about: 'approval', part: 'asked' } as const;
    await oweMessages(store.db, [
      { ...asked, subject: 'one' },
      { ...asked, subject: 'two' },
      { ...asked, about: 'page', subject: 'three', part: 'page' },
    ]);
    const claim = { connector: 'pagerduty', state: 'owed', limit: 1 } as const;
    const subjects = [];
    for (const token of ['a', 'b', 'c']) subjects.push(...(await claimMessages(store.db, { ...claim, token })).map((row) => row.subject));
    expect(subjects).toEqual(['three', 'one', 'two']);
  });

  it('does not wait for a channel that does not answer', async () => {
    const [hung, release] = [gate(), gate()];
    const arrived = gate();
    const posts = {
      slack: async () => {
        hung.open();
        await release.passed;
        return null;
      },
      pagerduty: async () => {
        arrived.open();
        return null;
      },
    };
    const instance = (id: string) => {
      const found = world.connectors.instance(id);
      const post = posts[id as keyof typeof posts]; // undefined for any other
      if (found === undefined || post === undefined) return found;
      return {
        ...found,
        connector: { ...found.connector, messages: { whenUnclear: 'repeat' as const, buttons: false, refuses: () => undefined, post } },
      };
    };
    const messenger = startMessenger({ ...world.deps, connectors: { ...world.connectors, instance } });
    const content = { title: 'made up', lines: [] };
    await oweMessages(store.db, [{ connector: 'slack', recipient: 'C0SOC', about: 'reply', subject: 'click', part: 'reply', content }]);
    store.wake('messages');
    await hung.passed;
    await raise(world.deps, { key: 'a', code: 'EFFECT', message: 'trouble a', isCritical: false, runId });
    await arrived.passed;
    release.open();
    await messenger.idle();
    await messenger.stop();
    expect(await rowsOf()).toEqual(['slack reply sent', 'pagerduty page sent']);
  });

  it('that is refused for good, as with a revoked key, goes elsewhere at once', async () => {
    await world.fault({ product: 'pagerduty', status: 401 });
    await page('a');
    await world.later();
    expect(world.heard.mails).toHaveLength(1);
  });

  it('that is for nobody has reached nobody, says so where people look, and goes out once somebody is named', async () => {
    const nobody = await openWorld(store, [], { to: [], otherwise: [] });
    await raise(nobody.deps, { key: 'a', code: 'EFFECT', message: 'trouble a', isCritical: false, runId });
    await nobody.later();
    await nobody.close();
    expect(await countOpen(store.db)).toMatchObject({ pages_undelivered: 1 });
    expect((await listPages(store.db, {})).items).toMatchObject([{ recipients: [], reached: [], failing: [] }]);
    await world.later();
    await world.later();
    expect(await woken()).toHaveLength(1);
    expect(await countOpen(store.db)).toMatchObject({ pages_undelivered: 0 });
    expect((await listPages(store.db, {})).items).toMatchObject([{ recipients: ['pagerduty service'], reached: ['pagerduty service'] }]);
  });

  it('that is for certain people goes to their own addresses and channels as well', async () => {
    const admin = { role: 'admin', passwordHash: '', oneTime: false };
    for (const login of ['ada', 'bob', 'eve@example.test']) await createPerson(store.db, { login, name: login, ...admin }, world.clock.now);
    await sql`update people set email = login || '@example.test' where login = 'ada'`.execute(store.db);
    const chat = (to: string, whom: string) => ({ connector: 'chat', to, for: [whom] });
    const deps = { ...world.deps, channels: [chat('admins', 'role:admin'), chat('bob', 'person:bob'), chat('others', 'person:cleo')] };
    const page = pagePeople(deps, pino({ level: 'silent' }));
    const used = { key: 'glass', code: 'BREAK_GLASS' as const, message: 'it was used', to: ['ada', 'bob', 'eve@example.test'] };
    await store.db.transaction().execute(async (trx) => page(used, trx));
    expect((await listPages(store.db, {})).items[0]?.recipients).toEqual([
      'chat admins',
      'chat bob',
      'mail ada@example.test',
      'mail eve@example.test',
      'pagerduty service',
    ]);
    await world.later();
    expect(world.heard.mails.join()).toContain('it was used');
  });

  it('that was resolved before the pager came back wakes nobody', async () => {
    await world.fault({ product: 'pagerduty', status: 503, retryAfter: 1 });
    await page('a');
    await changePage(store.db, (await onlyPage()).id, 'resolved', 'per_eve', world.clock.now);
    await world.fault([]);
    await world.later();
    await world.later();
    expect(await woken()).toEqual([]);
  });
});

describe('in a storm', () => {
  it('one person gets one page about an incident, five minutes later one that gathers the rest; another incident has its own', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await page(key);
    await page('other', { runId: await makeRun(store) });
    expect(await woken()).toHaveLength(2);
    minutes(4.9);
    await world.later();
    expect(await woken()).toHaveLength(2);
    minutes(0.2);
    await world.later();
    await world.later();
    const all = await woken();
    expect(all).toHaveLength(3);
    expect(all[2]).toContain('3 pages within five minutes');
    await page('e');
    expect(await woken()).toHaveLength(3);
    minutes(WINDOW_MS / 60_000);
    await world.later();
    expect((await woken()).at(-1)).toContain('trouble e');
  });

  it('what was gathered is acknowledged and resolved at the pager with the last of its pages', async () => {
    for (const key of ['a', 'b', 'c']) await page(key);
    minutes(5.1);
    await world.later();
    const { rows } = await sql<{ id: string }>`select id from pages order by key`.execute(store.db);
    const digest = (await events()).at(-1)?.target;
    expect(digest).toMatch(/^cordon\.dig_/);
    const ofDigest = async () => (await events()).filter((line) => line.target === digest).map((line) => line.effect);
    const [, second = { id: '' }, third = { id: '' }] = rows;
    await changePage(store.db, second.id, 'resolved', 'per_eve', world.clock.now);
    await world.later();
    await world.later();
    expect(await ofDigest()).toEqual(['page']);
    await changePage(store.db, third.id, 'acknowledged', 'per_eve', world.clock.now);
    await world.later();
    await world.later();
    expect(await ofDigest()).toEqual(['page', 'acknowledge']);
    await changePage(store.db, third.id, 'resolved', 'per_eve', world.clock.now);
    await world.later();
    await world.later();
    expect(await ofDigest()).toEqual(['page', 'acknowledge', 'resolve']);
  });

  it('what would be gathered, and was resolved meanwhile, wakes nobody', async () => {
    for (const key of ['a', 'b', 'c']) await page(key);
    await world.fault({ product: 'pagerduty', status: 503, retryAfter: 1 });
    minutes(5.1);
    await world.later();
    for (const { id } of await store.db.selectFrom('pages').select('id').execute())
      await changePage(store.db, id, 'resolved', 'per_eve', world.clock.now);
    await world.fault([]);
    for (let again = 0; again < 3; again += 1) await world.later();
    expect((await events()).filter((line) => line.target?.startsWith('cordon.dig_'))).toEqual([]);
  });

  it('what is critical goes through at once: by its code, or because its run is', async () => {
    await page('a');
    await page('b', { isCritical: true });
    await sql`update runs set severity_id = 5`.execute(store.db);
    await page('c');
    expect(await woken()).toHaveLength(3);
  });
});

describe('an approval that nobody decides', () => {
  /** The escalation's step is due now, and people are owed to hear of it. */
  const escalate = async (approvalId: string, step: number) => {
    await sql`update escalations set at = clock_timestamp() where approval_id = ${approvalId} and step = ${step}`.execute(store.db);
    await world.ask(approvalId, { about: 'escalation', due: String(step), to: { oncall: 'soc-lead' } });
    await world.later();
  };
  const acked = async (minutesAgo: number) =>
    await sql`update approvals set acked_by = 'per_eve', acked_at = clock_timestamp() - ${minutesAgo} * interval '1 minute'`.execute(
      store.db,
    );
  const chain = [10, 20].map((afterMinutes) => ({ afterMs: afterMinutes * 60_000, to: { oncall: 'soc-lead' } }));

  it('wakes somebody when it escalates, is acknowledged by "I have it", and resolved by the decision', async () => {
    const approvalId = await makeApproval(store, runId, { escalate: chain });
    await escalate(approvalId, 0);
    await world.ask(approvalId, { about: 'escalation', due: '0', to: { oncall: 'soc-lead' } });
    await world.later();
    expect(await woken()).toHaveLength(1);
    await acked(0);
    await world.later();
    await world.later();
    expect((await events()).at(-1)?.effect).toBe('acknowledge');
    await sql`update approvals set state = 'granted'`.execute(store.db);
    await world.later();
    await world.later();
    expect((await events()).at(-1)?.effect).toBe('resolve');
    expect(await onlyPage()).toMatchObject({ state: 'resolved' });
  });

  it('wakes somebody when who had it has fallen asleep, and again at each step of its chain', async () => {
    const approvalId = await makeApproval(store, runId, { escalate: chain });
    await acked(10);
    await escalate(approvalId, 0);
    expect(await woken()).toHaveLength(1);
    minutes(6);
    await escalate(approvalId, 1);
    expect(await woken()).toHaveLength(2);
    await sql`update approvals set state = 'granted'`.execute(store.db);
    await world.later();
    await world.later();
    expect(await store.db.selectFrom('pages').select('state').execute()).toEqual([{ state: 'resolved' }, { state: 'resolved' }]);
  });
});
