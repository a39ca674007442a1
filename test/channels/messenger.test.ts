// Approval messages: nothing is lost while a channel is down, nothing comes twice, and what stands there is true.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { makeDelegation } from '../../store/delegations.ts';
import { createPerson } from '../../store/people.ts';
import type { Store } from '../../store/store.ts';
import { NOW } from '../server/harness.ts';
import { makeApproval, makeRun } from '../server/rows.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { CONSOLE, openWorld, type World } from './world.ts';

const SLACK = { connector: 'slack', to: 'C0SOC' };
const TEAMS = { connector: 'teams', to: 'teams' };
const MAIL = { connector: 'mail', to: 'soc@example.test' };

let store: Store;
let world: World;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});
beforeEach(async () => {
  await sql`truncate table messages, incidents, outbox cascade`.execute(store.db);
  world = await openWorld(store, [SLACK, TEAMS, MAIL]);
});
afterEach(async () => {
  await world.close();
});

/** What stands in Slack now, newest text of each message. */
async function slackMessages(): Promise<readonly string[]> {
  const seen = new Map<string, string>();
  for (const line of await world.record()) {
    if (line.product === 'slack' && line.target?.startsWith('C0SOC:') && line.after !== null)
      seen.set(line.target, JSON.stringify(line.after));
  }
  return [...seen.values()];
}
const cards = async () =>
  (await world.record()).filter((line) => line.product === 'teams' && JSON.stringify(line.before) !== JSON.stringify(line.after));
const states = async () =>
  (await store.db.selectFrom('messages').select(['connector', 'part', 'state', 'settled']).orderBy('id').execute()).map(
    (row) => `${row.connector} ${row.part} ${row.state}`,
  );

describe('an approval is asked for', () => {
  it('in Slack with buttons, in Teams and by mail with a link, once each, however often it is owed', async () => {
    const id = await makeApproval(store, await makeRun(store));
    await Promise.all([world.ask(id), world.ask(id)]);
    await world.later();
    const [message = '', ...more] = await slackMessages();
    expect(more).toEqual([]);
    expect(message).toContain('Disable Eve Adams (user-007)');
    expect(message).toContain('"action_id":"approve"');
    expect(message).toContain(`${CONSOLE}/approvals/${id}`);
    const [card] = await cards();
    expect(await cards()).toHaveLength(1);
    expect(JSON.stringify(card?.after)).toContain('Action.OpenUrl');
    expect(world.heard.mails).toHaveLength(1);
    expect(world.heard.mails[0]?.replaceAll('=\n', '')).toContain(`${CONSOLE}/approvals/${id}`);
  });

  it('after a channel was down for long: nothing was lost, and the others did not wait for it', async () => {
    await world.fault({ product: 'slack', status: 503, retryAfter: 1 });
    const id = await makeApproval(store, await makeRun(store));
    await world.ask(id);
    expect(await states()).toEqual(['slack asked owed', 'teams asked sent', 'mail asked sent']);
    for (let again = 0; again < 10; again += 1) await world.later();
    expect(await slackMessages()).toEqual([]);
    await world.fault([]);
    await world.later();
    expect(await slackMessages()).toHaveLength(1);
    expect(await states()).toEqual(['slack asked sent', 'teams asked sent', 'mail asked sent']);
  });

  it('once in Slack also where the answer was lost: it is found, and edited as if it had been answered', async () => {
    await world.fault({ product: 'slack', effect: 'message', drop: 'after', count: 1 });
    const id = await makeApproval(store, await makeRun(store));
    await world.ask(id);
    await world.later();
    expect(await slackMessages()).toHaveLength(1);
    await sql`update approvals set state = 'denied'`.execute(store.db);
    await world.later();
    const [message = '', ...more] = await slackMessages();
    expect(more).toEqual([]);
    expect(message).not.toContain('"action_id":"approve"');
  });

  it('and what never reached Slack is sent again', async () => {
    await world.fault({ product: 'slack', effect: 'message', drop: 'before', count: 1 });
    await world.ask(await makeApproval(store, await makeRun(store)));
    expect(await slackMessages()).toEqual([]);
    await world.later();
    expect(await slackMessages()).toHaveLength(1);
  });

  it('never twice in Teams, which cannot be asked whether a lost answer was a lost card', async () => {
    await world.fault({ product: 'teams', drop: 'after', count: 1 });
    await world.ask(await makeApproval(store, await makeRun(store)));
    for (let again = 0; again < 3; again += 1) await world.later();
    expect(await cards()).toHaveLength(1);
    expect(await states()).toContain('teams asked unclear');
  });

  it('no more when it has been decided before the channel came back', async () => {
    await world.fault({ product: 'slack', status: 503, retryAfter: 1 });
    await world.ask(await makeApproval(store, await makeRun(store)));
    await sql`update approvals set state = 'expired'`.execute(store.db);
    await world.fault([]);
    await world.later();
    expect(await slackMessages()).toEqual([]);
    expect(await states()).toContain('slack asked dropped');
  });

  it('with words of an alert that are only shown: no mention, no link, no markup', async () => {
    const hostile = '<!channel> <@U0EVE> *bold* [click](http://evil.invalid) http://evil.invalid/x.png\u202eend';
    const id = await makeApproval(store, await makeRun(store));
    await sql`update approvals set title = ${hostile}, items = jsonb_set(items, '{0,says}', to_jsonb(${hostile}::text))`.execute(store.db);
    await world.ask(id);
    const message = JSON.parse((await slackMessages())[0] ?? '') as { text: string; blocks: readonly unknown[] }; // written by the range
    expect(message.text).not.toMatch(/<[!@]/);
    expect(JSON.stringify(message.blocks)).not.toContain('mrkdwn');
    expect(JSON.stringify(message)).not.toContain('\u202e');
    const [card] = await cards();
    expect(JSON.stringify(card?.after)).not.toContain('"TextBlock"');
  });

  it('only with a link where a reason is needed, or where not everything fits', async () => {
    const id = await makeApproval(store, await makeRun(store));
    await sql`update approvals set items = jsonb_set(items, '{0,risk}', '"destructive"')`.execute(store.db);
    await world.ask(id);
    const [message = ''] = await slackMessages();
    expect(message).not.toContain('"action_id":"approve"');
    expect(message).toContain('CANNOT BE UNDONE');
    const many = await makeApproval(store, await makeRun(store));
    await sql`update approvals set items = (select jsonb_agg(jsonb_set(items->0, '{key}', to_jsonb('k' || n))) from generate_series(1, 21) n) where id = ${many}`.execute(
      store.db,
    );
    await world.ask(many);
    const [, second = ''] = await slackMessages();
    expect(second).not.toContain('"action_id":"approve"');
    expect(second).toContain('1 more effects');
  });

  it.each([
    ['', 500, true],
    ['', 501, false],
    // It ends as something that was cut does, by the words of whoever wants it approved.
    ['…', 500, false],
  ])('with a button only where each effect is shown whole: an end of "%s" after %i letters', async (end, letters, isWhole) => {
    const id = await makeApproval(store, await makeRun(store));
    const says = `${'a'.repeat(letters)}${end}`;
    await sql`update approvals set items = jsonb_set(items, '{0,says}', to_jsonb(${says}::text))`.execute(store.db);
    await world.ask(id);
    expect((await slackMessages())[0]?.includes('"action_id":"approve"')).toBe(isWhole);
  });
});

describe('a reminder and an escalation', () => {
  it('follow the message that asked, each once', async () => {
    const id = await makeApproval(store, await makeRun(store));
    await world.ask(id);
    const reminder = { about: 'reminder', due: '2026-11-21T12:05:00Z' };
    await world.ask(id, reminder);
    await world.ask(id, reminder);
    await world.ask(id, { about: 'escalation', to: { role: 'admin' } });
    const messages = await slackMessages();
    expect(messages).toHaveLength(3);
    expect(messages[1]).toContain('Still waits for a decision');
    expect(messages[1]).toContain('thread_ts');
    expect(messages[2]).toContain('Nobody has decided yet');
    expect(world.heard.mails[1]).toMatch(/^In-Reply-To: <cordon\./m);
  });

  it('of a group is heard by whoever stands in for somebody of it, beside the others', async () => {
    await world.close();
    const forBen = { connector: 'mail', to: 'ben@example.test', for: ['person:ben'] };
    world = await openWorld(store, [{ ...SLACK, for: ['group:treasury'] }, forBen], undefined, { treasury: ['eve'] });
    const made = (login: string) => ({ login, name: login, role: 'responder', passwordHash: 'made-up', oneTime: false }) as const;
    const [eve, ben] = [await createPerson(store.db, made('eve'), NOW), await createPerson(store.db, made('ben'), NOW)];
    const day = 86_400_000;
    const lent = {
      personId: eve?.id ?? '',
      delegateId: ben?.id ?? '',
      from: world.clock.now,
      until: new Date(world.clock.now.getTime() + day),
    };
    await store.db.transaction().execute(async (trx) => await makeDelegation(trx, { ...lent, outOfOffice: true, reason: '' }, NOW));
    const id = await makeApproval(store, await makeRun(store), { addressedTo: { group: 'treasury' } });
    await world.ask(id);
    expect([(await slackMessages()).length, world.heard.mails.length]).toEqual([1, 0]);
    await world.ask(id, { about: 'reminder', due: '2026-11-21T12:05:00Z' });
    expect([(await slackMessages()).length, world.heard.mails.length]).toEqual([2, 1]);
    expect(world.heard.mails[0]).toContain('ben@example.test');
  });

  it('reaches a channel that is only for those who are asked now', async () => {
    await world.close();
    world = await openWorld(store, [{ ...SLACK, for: ['oncall:soc-lead'] }, MAIL]);
    const id = await makeApproval(store, await makeRun(store), { addressedTo: { role: 'responder' } });
    await world.ask(id);
    expect(await slackMessages()).toEqual([]);
    await world.ask(id, { about: 'escalation', to: { oncall: 'soc-lead' } });
    expect(await slackMessages()).toHaveLength(1);
  });
});
