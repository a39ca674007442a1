// What holds of limits on either database.
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { decideApproval, expireDue } from '../../store/approvals.ts';
import type { Store } from '../../store/store.ts';
import { limited } from './limited.ts';

const POLICY = (verb: string, then: string, atMost = 3) => `
limits:
  - { name: isolations, reason: made-up reason, match: { verbs: [${verb}] }, at_most: ${atMost}, within: 1h, then: ${then} }
`;

let number = 0;
/** Hosts that no other test has touched; limits count by verb, so each test empties the record first. */
const host = () => `made-up-${process.pid}-${++number}`;

export function limitFacts(given: () => Store): void {
  const empty = async () => void (await sql`update steps set intent_at = null`.execute(given().db));

  it('one effect beyond a limit is denied with the rule, and people are paged once', async () => {
    await empty();
    const world = limited(given, POLICY('host.isolate', 'deny'));
    for (let at = 0; at < 3; at += 1) expect((await world.effect(host())).outcome).toBe('changed');
    const { runId, outcome, answer } = await world.effect(host());
    expect(outcome).toBe('denied');
    expect(answer).toMatchObject({
      result: { error: { code: 'POLICY_DENIED', message: 'refused by isolations: made-up reason (3 already)' } },
    });
    expect((await world.effect(host())).outcome).toBe('denied');
    expect(world.pages).toEqual([expect.stringContaining('the limit isolations is full')]);
    const { decision } = await given().db.selectFrom('steps').select('decision').where('run_id', '=', runId).executeTakeFirstOrThrow();
    expect(decision).toMatchObject({
      effect: 'deny',
      rule: 'isolations',
      policy: world.state.policy.digest,
      facts: { used: { isolations: 3 } },
    });
    const events = await given().db.selectFrom('audit_events').select('code').where('stream', '=', runId).execute();
    expect(events.map(({ code }) => code)).toContain('policy.limit_full');
  });

  it('the window slides: what is older than it counts no more', async () => {
    await empty();
    const world = limited(given, POLICY('host.isolate', 'deny', 1));
    const { runId } = await world.effect(host());
    expect((await world.effect(host())).outcome).toBe('denied');
    await sql`update steps set intent_at = intent_at - interval '61 minutes' where run_id = ${runId}`.execute(given().db);
    expect((await world.effect(host())).outcome).toBe('changed');
  });

  it('an effect that was undone still counts, an undo does not, and the same step tried again does not count twice', async () => {
    await empty();
    const world = limited(given, POLICY('host.isolate', 'deny', 2));
    const { runId } = await world.effect(host());
    await sql`insert into steps (run_id, key, generation, step_id, kind, verb, risk, connector, state, intent_at)
      values (${runId}, 'isolate', 1, 'isolate', 'undo', 'host.isolate', 'reversible', 'edr', 'ended', now())`.execute(given().db);
    world.state.mishap = 'away-unsent';
    const name = host();
    const second = await world.effect(name);
    expect(second.outcome).toBe('UNREACHABLE');
    world.state.mishap = 'none';
    expect((await world.effect(name, { runId: second.runId })).outcome).toBe('changed');
    expect((await world.effect(host())).outcome).toBe('denied');
  });

  it('what was never sent gives its place back; what was sent and refused does not', async () => {
    await empty();
    const world = limited(given, POLICY('host.isolate', 'deny', 1));
    world.state.mishap = 'refuses-unsent';
    expect((await world.effect(host())).outcome).toBe('failed');
    world.state.mishap = 'refuses-sent';
    expect((await world.effect(host())).outcome).toBe('failed');
    world.state.mishap = 'none';
    expect((await world.effect(host())).outcome).toBe('denied');
  });

  it('a limit by tag counts what carries the tag', async () => {
    await empty();
    const yaml = 'limits: [{ name: servers, reason: made up, match: { tags: [server] }, at_most: 1, within: 1h, then: deny }]';
    const world = limited(given, yaml);
    expect((await world.effect(host(), { tags: ['server'] })).outcome).toBe('changed');
    expect((await world.effect(host(), { tags: ['workstation'] })).outcome).toBe('changed');
    expect((await world.effect(host(), { tags: ['server', 'old'] })).outcome).toBe('denied');
  });

  it('an approval that was given before the limit was full does not lift it: it is asked for again, and says why', async () => {
    await empty();
    const world = limited(
      given,
      `${POLICY('host.isolate', '{ ask: { role: responder } }', 1)}tiers: { reversible: { role: responder } }\n`,
    );
    const name = host();
    const first = await world.effect(name);
    expect(first.outcome).toBe('waits for approval');
    await approve(given(), first.runId);
    // Another effect takes the last place meanwhile.
    const other = await world.effect(host());
    await approve(given(), other.runId);
    expect((await world.effect('other', { runId: other.runId })).outcome).toBe('waits for approval'); // another target: it is asked anew
    await approve(given(), other.runId);
    expect((await world.effect('other', { runId: other.runId })).outcome).toBe('changed');

    expect((await world.effect(name, { runId: first.runId })).outcome).toBe('waits for approval');
    const open = await approvalOf(given(), first.runId);
    expect(JSON.stringify(open.requirement)).toContain('isolations');
    await approve(given(), first.runId);
    expect((await world.effect(name, { runId: first.runId })).outcome).toBe('changed');
    await expireDue(given().db, new Date());
  });

  it('an approval of which more is needed since is put to people anew: by message, reminders, escalations, the audit and a page', async () => {
    await empty();
    const { db } = given();
    // Of a limit that was told lately nobody hears again.
    await sql`delete from limits`.execute(db);
    const limit = POLICY('host.isolate', '{ ask: { role: responder, count: 2 } }', 1);
    const world = limited(given, `${limit}tiers: { reversible: { role: responder } }\n`);
    const wish = {
      ...{ by: { role: 'responder', count: 1 }, withinMs: 900_000, remindMs: [300_000] },
      escalate: { afterMs: 600_000, to: { role: 'admin' } },
    } as const;
    const name = host();
    const { runId } = await world.effect(name, { asked: { wish } });
    const first = await approvalOf(given(), runId);
    await sql`update approvals set remind_at = '{}', acked_by = 'per_ana', acked_at = now(), acked_until = now() where id = ${first.id}`.execute(
      db,
    );
    await sql`update escalations set told = true, at = now() where approval_id = ${first.id}`.execute(db);
    await approve(given(), runId);
    // Another effect takes the last place meanwhile.
    const taker = host();
    const other = await world.effect(taker);
    await approve(given(), other.runId);
    expect((await world.effect(taker, { runId: other.runId })).outcome).toBe('changed');
    expect((await world.effect(name, { runId, asked: { wish } })).outcome).toBe('waits for approval');
    const again = await approvalOf(given(), runId);
    expect(again).toMatchObject({ id: first.id, requirement: { count: 2 }, acked_by: null, remind_at: [expect.any(Date)] });
    const heard = await db
      .selectFrom('outbox')
      .select('payload')
      .where('about', '=', runId)
      .where('kind', '=', 'notify')
      .orderBy('id')
      .execute();
    expect(heard).toMatchObject([{ payload: { about: 'opened' } }, { payload: { about: 'raised', approvalId: first.id } }]);
    const chain = db.selectFrom('escalations').select(['step', 'told']).where('approval_id', '=', first.id).orderBy('step');
    expect(await chain.execute()).toEqual([
      { step: 0, told: true },
      { step: 1, told: false },
    ]);
    const events = await db
      .selectFrom('audit_events')
      .select('body')
      .where('stream', '=', runId)
      .where('code', '=', 'approval.raised')
      .execute();
    expect(events).toMatchObject([{ body: { approval: first.id, count: 2, role: 'responder' } }]);
    expect(world.pages).toEqual([expect.stringContaining('the limit isolations is full')]);
    // Asked once, however often the run looks.
    await world.effect(name, { runId, asked: { wish } });
    expect(await chain.execute()).toHaveLength(2);
  });
}

const approvalOf = async (store: Store, runId: string) =>
  await store.db.selectFrom('approvals').selectAll().where('run_id', '=', runId).where('state', '=', 'open').executeTakeFirstOrThrow();

async function approve(store: Store, runId: string): Promise<void> {
  const { id, digest } = await approvalOf(store, runId);
  const person = { id: 'per_ana', iss: 'local', sub: 'ana', name: 'Ana', role: 'responder' };
  const given = { approvalId: id, person, decision: 'approve', digest, reason: 'made up', channel: 'test', useByMs: 3_600_000 } as const;
  expect(await decideApproval(store.db, { ...given, now: new Date() })).toMatchObject({ kind: 'recorded', state: 'granted' });
}
