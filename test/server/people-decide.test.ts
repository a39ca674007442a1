// Approvals among people: a fresh proof, who has it, who stands in for whom, and the account for emergencies.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import type { DispatchDeps } from '../../dispatch/deps.ts';
import type { Page } from '../../dispatch/page.ts';
import { sweeper } from '../../dispatch/sweep.ts';
import { passwords } from '../../server/passwords.ts';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { remindDue } from '../../store/escalations.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { api, type Harness, NOW, ORIGIN, PASSWORD, startHarness } from './harness.ts';
import { makeApproval, makeRun } from './rows.ts';

let harness: Harness;
let passwordHash = '';
const policy = { text: 'rules: []' };
beforeAll(async () => {
  const inForce = () => parsePolicy(policy.text, 'policy.yaml');
  harness = await startHarness({ policyInForce: { policy: inForce, inventory: () => ({ find: () => [] }), ourselves: () => [] } });
  passwordHash = await passwords().hash(PASSWORD);
});
beforeEach(async () => {
  await harness.reset();
  await harness.store.db.deleteFrom('decisions').execute();
  policy.text = 'rules: []';
});
afterAll(async () => {
  await harness.close();
});

const digest = 'made-up-approval-digest';
const MINUTE = 60_000;
interface Somebody {
  readonly id: string;
  readonly login: string;
  readonly token: string;
}
async function somebody(
  login: string,
  role: 'viewer' | 'responder' | 'admin' = 'responder',
  more: { breakGlass?: boolean } = {},
): Promise<Somebody> {
  const token = newApiToken();
  const person = await createPerson(
    harness.store.db,
    { login, name: `Made Up ${login}`, role, passwordHash, oneTime: false, ...more },
    NOW,
  );
  const id = person?.id ?? '';
  await createToken(harness.store.db, { tokenHash: tokenHash(token), personId: id, name: 'test', scopes: scopesOf(role) }, NOW);
  return { id, login, token };
}
const send = async (who: Somebody, url: string, payload: object = {}): Promise<LightMyRequestResponse> =>
  await harness.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: { authorization: `Bearer ${who.token}` }, payload });
const approve = async (who: Somebody, id: string, more: object = {}) =>
  (await send(who, `/approvals/${id}/approve`, { digest, ...more })).json();
const codes = async (stream: string): Promise<string[]> =>
  (await harness.store.db.selectFrom('audit_events').select('code').where('stream', '=', stream).orderBy('seq').execute()).map(
    ({ code }) => code,
  );
const asked = async (wish: Parameters<typeof makeApproval>[2] = {}, run: Parameters<typeof makeRun>[1] = {}) =>
  await makeApproval(harness.store, await makeRun(harness.store, run), wish);
const shown = async (who: Somebody, id: string) =>
  (await harness.app.inject({ url: `/api/v1/approvals/${id}`, headers: { authorization: `Bearer ${who.token}` } })).json();

describe('where policy wants a fresh proof', () => {
  it('an API token alone approves nothing, and is told what to do; with the password it does', async () => {
    const ana = await somebody('ana');
    const id = await asked({ stepUpMs: 5 * MINUTE });
    expect(await approve(ana, id)).toMatchObject({ status: 403, code: 'APPROVAL_STEP_UP', hint: expect.stringContaining('password') });
    expect(await approve(ana, id, { password: 'made-up wrong one' })).toMatchObject({ status: 403, code: 'PASSWORD_WRONG' });
    expect(await shown(ana, id)).toMatchObject({ state: 'open', given: 0, mayDecide: true, requirement: { stepUpMs: 5 * MINUTE } });
    expect(await approve(ana, id, { password: PASSWORD })).toMatchObject({ state: 'granted', given: 1 });
    expect(await codes('people')).toEqual(expect.arrayContaining(['person.sign_in_failed', 'person.proven']));
  });

  it('a session is proof for as long as policy says, and its password renews it', async () => {
    const ana = await somebody('ana');
    const headers = { origin: ORIGIN };
    const signedIn = await harness.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers,
      payload: { login: 'ana', password: PASSWORD },
    });
    const cookie = `${signedIn.cookies[0]?.name}=${signedIn.cookies[0]?.value}`;
    const click = async (id: string, more: object = {}) =>
      (
        await harness.app.inject({
          method: 'POST',
          url: `/api/v1/approvals/${id}/approve`,
          headers: { origin: ORIGIN, cookie },
          payload: { digest, ...more },
        })
      ).json();
    expect(await click(await asked({ stepUpMs: 5 * MINUTE }))).toMatchObject({ state: 'granted' });
    harness.clock.now = new Date(NOW.getTime() + 6 * MINUTE);
    const late = await asked({ stepUpMs: 5 * MINUTE });
    expect(await click(late)).toMatchObject({ code: 'APPROVAL_STEP_UP' });
    expect(await click(late, { password: PASSWORD })).toMatchObject({ state: 'granted' });
    expect(await click(await asked({ stepUpMs: 5 * MINUTE }))).toMatchObject({ state: 'granted' });
    expect(await shown(ana, late)).toMatchObject({ decisions: [{ by: 'Made Up ana', channel: 'console' }] });
  });

  it('no proof is needed to say no', async () => {
    const id = await asked({ stepUpMs: MINUTE });
    expect((await send(await somebody('ana'), `/approvals/${id}/deny`, { digest })).json()).toMatchObject({ state: 'denied' });
  });

  it('an approval given without it counts no more once policy wants it, and the same person may give it anew', async () => {
    const ana = await somebody('ana');
    const id = await asked({ count: 2 });
    expect(await approve(ana, id)).toMatchObject({ state: 'open', given: 1 });
    expect(await approve(ana, id)).toMatchObject({ code: 'APPROVAL_TWICE' });
    const requirement = JSON.stringify({ count: 1, role: 'responder', stepUpMs: MINUTE, reasons: [] });
    await harness.store.db.updateTable('approvals').set({ requirement }).where('id', '=', id).execute();
    expect(await shown(ana, id)).toMatchObject({ given: 0, mayDecide: true });
    expect(await approve(ana, id, { password: PASSWORD })).toMatchObject({ state: 'granted', given: 1 });
  });
});

describe('what cannot be taken back', () => {
  it('is not approved without a reason, which is kept', async () => {
    const ana = await somebody('ana');
    const id = await asked({ risk: 'destructive' });
    expect(await approve(ana, id)).toMatchObject({ status: 400, code: 'APPROVAL_REASON' });
    expect(await approve(ana, id, { reason: '   ' })).toMatchObject({ code: 'APPROVAL_REASON' });
    expect(await approve(ana, id, { reason: 'the laptop is stolen' })).toMatchObject({
      state: 'granted',
      decisions: [{ reason: 'the laptop is stolen' }],
    });
  });
});

describe('who wrote the playbook', () => {
  const byAuthor = async (author: string, planDigest: string) => {
    const row = { digest: planDigest, playbook: planDigest, version: 1, mode: 'act', plan: '{}', source: '', path: '', author };
    await harness.store.db
      .insertInto('playbook_versions')
      .values(row)
      .onConflict((one) => one.doNothing())
      .execute();
    return await asked({}, { planDigest });
  };

  it('does not approve what it asks for, but may deny it', async () => {
    const ana = await somebody('ana');
    const id = await byAuthor(ana.id, 'made-up-plan-1');
    expect(await approve(ana, id)).toMatchObject({ status: 403, code: 'APPROVAL_EXCLUDED', detail: expect.stringContaining('wrote') });
    expect(await shown(ana, id)).toMatchObject({ mayDecide: false });
    expect((await send(ana, `/approvals/${id}/deny`, { digest })).json().state).toBe('denied');
  });

  it('may where policy says so', async () => {
    policy.text = 'approvals: { author_may_approve: true }';
    const ana = await somebody('ana');
    expect(await approve(ana, await byAuthor(ana.id, 'made-up-plan-2'))).toMatchObject({ state: 'granted' });
  });
});

describe('a chain of escalations', () => {
  const chain = () => [
    { afterMs: 10 * MINUTE, to: { person: 'ben' } },
    { afterMs: 20 * MINUTE, to: { person: 'cleo' } },
  ];
  /** As if it had been asked that much earlier. */
  const age = async (id: string, minutes: number) => {
    await sql`update escalations set at = at - ${minutes} * interval '1 minute' where approval_id = ${id}`.execute(harness.store.db);
    await sql`update approvals set opened_at = opened_at - ${minutes} * interval '1 minute', expires_at = expires_at - ${minutes} * interval '1 minute' where id = ${id}`.execute(
      harness.store.db,
    );
  };
  const put = async () => await asked({ addressedTo: { person: 'ana' }, escalate: chain(), withinMs: 60 * MINUTE });
  const told = async (id: string) =>
    (
      await harness.store.db
        .selectFrom('outbox')
        .select('dedupe')
        .where('kind', '=', 'notify')
        .where('dedupe', 'like', `notify:${id}:esc%`)
        .orderBy('id')
        .execute()
    ).map(({ dedupe }) => dedupe.split(':').at(-1));

  it('asks one after the other, tells each once, and each may decide from then on', async () => {
    const [ben, cleo] = [await somebody('ben'), await somebody('cleo')];
    const id = await put();
    expect(await approve(ben, id)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    await age(id, 11);
    expect(await remindDue(harness.store.db, NOW)).toBe(1);
    expect(await remindDue(harness.store.db, NOW)).toBe(0);
    expect(await told(id)).toEqual(['0']);
    expect(await shown(ben, id)).toMatchObject({
      mayDecide: true,
      addressedTo: ['ana', 'ben'],
      escalations: [{ to: 'ben' }, { to: 'cleo' }],
    });
    expect(await approve(cleo, id)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    await age(id, 10);
    await remindDue(harness.store.db, NOW);
    expect(await told(id)).toEqual(['0', '1']);
    expect(await approve(cleo, id)).toMatchObject({ state: 'granted' });
    const run = (await shown(cleo, id)).runId;
    expect((await codes(run)).filter((code) => code === 'approval.escalated')).toHaveLength(2);
  });

  it('is put off once for ten minutes by who says that they have it, and the end stays where it is', async () => {
    const [ana, ben] = [await somebody('ana'), await somebody('ben')];
    const id = await put();
    await age(id, 9);
    const before = await shown(ana, id);
    expect((await send(ben, `/approvals/${id}/ack`)).json()).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    const after = (await send(ana, `/approvals/${id}/ack`)).json();
    expect(after).toMatchObject({ state: 'open', expiresAt: before.expiresAt, acked: { by: 'Made Up ana' } });
    expect(Date.parse(after.escalations[0].at) - Date.parse(after.acked.at)).toBeGreaterThan(9.9 * MINUTE);
    expect(after.escalations[1].at).toBe(before.escalations[1].at);
    await age(id, 2);
    expect(await remindDue(harness.store.db, NOW)).toBe(0);
    expect((await send(ana, `/approvals/${id}/ack`)).json()).toMatchObject({ status: 409, code: 'APPROVAL_ACKED' });
    await age(id, 9);
    expect(await remindDue(harness.store.db, NOW)).toBeGreaterThan(0);
    expect(await approve(ben, id)).toMatchObject({ state: 'granted' });
    expect(await codes(after.runId)).toContain('approval.acked');
  });
});

describe('who stands in for somebody', () => {
  const until = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();
  const lend = async (from: Somebody, to: string, more: object = {}) => await send(from, '/delegations', { to, until: until(7), ...more });

  it('decides in their own name, recorded for whom, within the window only', async () => {
    const [ana, ben] = [await somebody('ana'), await somebody('ben')];
    const id = await asked({ addressedTo: { person: 'ana' } });
    expect(await approve(ben, id)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    expect((await lend(ana, 'ben', { from: until(1), reason: 'holidays' })).statusCode).toBe(201);
    expect(await approve(ben, id)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    harness.clock.now = new Date(NOW.getTime() + 2 * 86_400_000);
    expect(await shown(ben, id)).toMatchObject({ mayDecide: true, standsInFor: 'Made Up ana' });
    const granted = await approve(ben, id);
    expect(granted).toMatchObject({
      state: 'granted',
      decidedBy: 'Made Up ben for Made Up ana',
      decisions: [{ by: 'Made Up ben', standsInFor: 'Made Up ana' }],
    });
    harness.clock.now = new Date(NOW.getTime() + 8 * 86_400_000);
    expect(await approve(ben, await asked({ addressedTo: { person: 'ana' } }))).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    expect(await codes('people')).toContain('delegation.made');
  });

  it('is one person with them: neither counts again', async () => {
    const [ana, ben] = [await somebody('ana'), await somebody('ben')];
    await lend(ana, 'ben');
    const first = await asked({ addressedTo: { person: 'ana' }, count: 2 });
    expect(await approve(ana, first)).toMatchObject({ state: 'open', given: 1 });
    expect(await approve(ben, first)).toMatchObject({ code: 'APPROVAL_TWICE' });
    const second = await asked({ addressedTo: { person: 'ana' }, count: 2 });
    expect(await approve(ben, second)).toMatchObject({ state: 'open', given: 1 });
    expect(await approve(ana, second)).toMatchObject({ code: 'APPROVAL_TWICE' });
    expect(await shown(ana, second)).toMatchObject({ state: 'open', given: 1 });
  });

  it('may not do for them what they may not do themselves, nor the other way round', async () => {
    const [ana, ben] = [await somebody('ana'), await somebody('ben')];
    await lend(ana, 'ben');
    const hers = await asked({ addressedTo: { person: 'ana' } }, { startedBy: ana.id });
    expect(await approve(ben, hers)).toMatchObject({ code: 'APPROVAL_EXCLUDED' });
    const his = await asked({ addressedTo: { person: 'ana' } }, { startedBy: ben.id });
    expect(await approve(ben, his)).toMatchObject({ code: 'APPROVAL_EXCLUDED' });
    const aboutAna = await asked({ addressedTo: { person: 'ana' }, names: ['ana'] });
    expect(await approve(ben, aboutAna)).toMatchObject({ code: 'APPROVAL_EXCLUDED' });
    const vic = await somebody('vic', 'viewer');
    await lend(ana, 'vic');
    expect((await send(vic, `/approvals/${await asked({ addressedTo: { person: 'ana' } })}/approve`, { digest })).statusCode).toBe(403);
  });

  it('lends nothing on, and not to themselves, for ever, or to nobody', async () => {
    const [ana, ben, cleo] = [await somebody('ana'), await somebody('ben'), await somebody('cleo')];
    await lend(ana, 'ben');
    await lend(ben, 'cleo');
    expect(await approve(cleo, await asked({ addressedTo: { person: 'ana' } }))).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    expect((await lend(ana, 'ana')).json()).toMatchObject({ code: 'DELEGATION_REFUSED' });
    expect((await lend(ana, 'nobody')).json()).toMatchObject({ code: 'INVALID_INPUT' });
    for (const wrong of [{ until: undefined }, { until: until(91) }, { until: until(-1) }, { from: until(3), until: until(2) }])
      expect((await lend(ana, 'ben', wrong)).statusCode).toBe(400);
  });

  it('hears of what would remind somebody who is out of office, until either ends it', async () => {
    // What is due is asked of the database, which has no clock but today's.
    harness.clock.now = new Date();
    const [ana, ben, cleo] = [await somebody('ana'), await somebody('ben'), await somebody('cleo')];
    const until = new Date(harness.clock.now.getTime() + 86_400_000).toISOString();
    const { id } = (await lend(ana, 'ben', { outOfOffice: true, until })).json();
    const waits = await asked({ addressedTo: { person: 'Ana' }, remindMs: [-2, -1] });
    const reminded = async () => {
      await remindDue(harness.store.db, harness.clock.now);
      const rows = await harness.store.db
        .selectFrom('outbox')
        .select('payload')
        .where('dedupe', 'like', `notify:${waits}:reminder:%`)
        .orderBy('id')
        .execute();
      return rows.map(({ payload }) => (payload as { to?: unknown }).to); // as remindDue wrote it
    };
    expect(await reminded()).toEqual([{ person: 'ben' }]);
    expect(await shown(ben, waits)).toMatchObject({ mayDecide: true, addressedTo: ['Ana (out of office: Made Up ben stands in)'] });
    expect((await send(cleo, `/delegations/${id}/end`)).statusCode).toBe(404);
    expect((await send(ben, `/delegations/${id}/end`)).statusCode).toBe(204);
    expect(await shown(ben, waits)).toMatchObject({ mayDecide: false, addressedTo: ['Ana'] });
    expect((await api(harness, 'GET', '/delegations')).json()).toEqual({ items: [] });
    expect(await approve(ben, await asked({ addressedTo: { person: 'ana' } }))).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
  });

  it('lends no more once their account is disabled', async () => {
    const [ana, ben] = [await somebody('ana'), await somebody('ben')];
    await lend(ana, 'ben');
    await harness.store.db.updateTable('people').set({ disabled: true }).where('id', '=', ana.id).execute();
    expect(await approve(ben, await asked({ addressedTo: { person: 'ana' } }))).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
  });
});

describe('an account for emergencies', () => {
  it('signs in by its password, is in the audit log, and every admin is told, once', async () => {
    const glass = await somebody('glass', 'admin', { breakGlass: true });
    await somebody('ada', 'admin');
    const answer = await harness.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: ORIGIN },
      payload: { login: 'glass', password: PASSWORD },
    });
    expect(answer.statusCode).toBe(200);
    expect(await codes('people')).toContain('person.break_glass');
    const pages: Page[] = [];
    const deps = { store: harness.store, now: () => NOW, log: harness.deps.log, page: (page: Page) => void pages.push(page) };
    const { sweep } = sweeper(deps as unknown as DispatchDeps); // what a sweep uses of it
    await sweep();
    await sweep();
    const told = pages.filter(({ code }) => code === 'BREAK_GLASS');
    expect(told).toMatchObject([{ to: ['ada', 'glass', 'owner'], message: expect.stringContaining('ada, glass, owner') }]);
    expect((await send(glass, '/approvals/apr_00000000000000000000000000/ack')).json()).toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('is never the target of anything, says policy when it is asked', async () => {
    await somebody('glass', 'admin', { breakGlass: true });
    const explain = async (name: string) => (await api(harness, 'GET', `/policy/explain?verb=user.disable&target=${name}`)).json().decision;
    expect(await explain('GLASS')).toMatchObject({ effect: 'deny', rule: 'forbidden-break-glass' });
    expect(await explain('eve')).toMatchObject({ effect: 'allow' });
  });

  it('stands in for nobody', async () => {
    await somebody('glass', 'admin', { breakGlass: true });
    const until = new Date(NOW.getTime() + 86_400_000).toISOString();
    expect((await send(await somebody('ana'), '/delegations', { to: 'glass', until })).json()).toMatchObject({
      code: 'DELEGATION_REFUSED',
    });
  });
});

describe('many that ask for the same', () => {
  const shownAs = (ids: readonly string[]) => ids.map((id) => ({ id, digest }));

  it('are listed and approved in one go, each by its own rules and over its own digest', async () => {
    const ana = await somebody('ana');
    const ids = [await asked(), await asked(), await asked({}, { startedBy: ana.id })];
    const other = await asked({ count: 2 });
    const listed = (
      await harness.app.inject({ url: `/api/v1/approvals?state=open&alike=${ids[0]}`, headers: { authorization: `Bearer ${ana.token}` } })
    ).json();
    const found = listed.items.map(({ id }: { id: string }) => id);
    expect(found).toEqual(expect.arrayContaining(ids));
    expect(found).not.toContain(other);
    const [first, ...rest] = shownAs(ids);
    const approvals = [{ ...first, digest: 'of something older' }, ...rest];
    const { items } = (await send(ana, '/approvals/batch', { decision: 'approve', approvals })).json();
    expect(items).toMatchObject([{ code: 'APPROVAL_CHANGED' }, { state: 'granted' }, { code: 'APPROVAL_EXCLUDED' }]);
    expect(await shown(ana, ids[0] ?? '')).toMatchObject({ state: 'open', given: 0 });
  });

  it('are not decided together with what asks for something else, nor without the proof that policy wants', async () => {
    const ana = await somebody('ana');
    const mixed = shownAs([await asked(), await asked({ stepUpMs: MINUTE })]);
    expect((await send(ana, '/approvals/batch', { decision: 'approve', approvals: mixed })).json()).toMatchObject({
      code: 'APPROVAL_NOT_ALIKE',
    });
    expect(await shown(ana, mixed[0]?.id ?? '')).toMatchObject({ state: 'open', given: 0 });
    const approvals = shownAs([await asked({ stepUpMs: MINUTE }), await asked({ stepUpMs: MINUTE })]);
    const refused = (await send(ana, '/approvals/batch', { decision: 'approve', approvals })).json();
    expect(refused.items).toMatchObject([{ code: 'APPROVAL_STEP_UP' }, { code: 'APPROVAL_STEP_UP' }]);
    const done = (await send(ana, '/approvals/batch', { decision: 'approve', approvals, password: PASSWORD })).json();
    expect(done.items).toMatchObject([{ state: 'granted' }, { state: 'granted' }]);
  });
});
