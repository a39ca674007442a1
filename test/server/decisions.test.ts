import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '../../server/contract.ts';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { createToken } from '../../store/tokens.ts';
import { api, type Harness, NOW, plainAlert, post, startHarness } from './harness.ts';
import { makeApproval, makeHold, makeRun } from './rows.ts';

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

async function somebody(role: Role): Promise<{ id: string; token: string }> {
  const token = newApiToken();
  const login = `${role}-${tokenHash(token).slice(0, 8)}`;
  const person = await createPerson(harness.store.db, { login, name: `A ${role}`, role, passwordHash: 'made-up', oneTime: false }, NOW);
  await createToken(
    harness.store.db,
    { tokenHash: tokenHash(token), personId: person?.id ?? '', name: 'test', scopes: scopesOf(role) },
    NOW,
  );
  return { id: person?.id ?? '', token };
}
const digest = 'made-up-approval-digest';
const decide = (token: string, id: string, verb: string, body: object = { digest }): Promise<LightMyRequestResponse> =>
  harness.app.inject({
    method: 'POST',
    url: `/api/v1/approvals/${id}/${verb}`,
    headers: { authorization: `Bearer ${token}` },
    payload: body,
  });
const wakes = async (): Promise<number> =>
  (await harness.store.db.selectFrom('outbox').select('id').where('kind', '=', 'wake').execute()).length;

describe('an approval', () => {
  it('is shown with its effects, its rule and whether the reader may decide', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    const list = (await api(harness, 'GET', '/approvals?state=open')).json().items;
    expect(list).toMatchObject([
      { id, title: 'Disable Eve Adams (user-007)', given: 0, mayDecide: true, requirement: { count: 1, roles: ['responder'] } },
    ]);
    const shown = (await api(harness, 'GET', `/approvals/${id}`)).json();
    expect(shown.items[0]).toMatchObject({ says: 'Disable Eve Adams (user-007)', simulated: true, policy: { rule: 'reversible-asks' } });
    expect(shown).toMatchObject({ digest, silence: 'denied', decisions: [], effects: [] });
    const analyst = await somebody('analyst');
    const seen = await harness.app.inject({ url: `/api/v1/approvals/${id}`, headers: { authorization: `Bearer ${analyst.token}` } });
    expect(seen.json()).toMatchObject({ mayDecide: false, mayNotReason: expect.stringContaining('responder') });
  });

  it('is granted by one who may, with the run woken in the same commit, and says so', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    const { token } = await somebody('responder');
    const answer = await decide(token, id, 'approve', { digest, reason: 'seen' });
    expect(answer.json()).toMatchObject({
      state: 'granted',
      decidedBy: 'A responder',
      decisions: [{ by: 'A responder', decision: 'approve', channel: 'cli' }],
    });
    expect(await wakes()).toBe(1);
  });

  it.each(['viewer', 'analyst'] as const)('is not granted by a %s', async (role) => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    const { token } = await somebody(role);
    expect((await decide(token, id, 'approve')).statusCode).toBe(403);
    expect((await api(harness, 'GET', `/approvals/${id}`)).json().state).toBe('open');
    expect(await wakes()).toBe(0);
  });

  it('is not granted by whoever started the run', async () => {
    const { id: starter, token } = await somebody('responder');
    const id = await makeApproval(harness.store, await makeRun(harness.store, { startedBy: starter }));
    expect((await decide(token, id, 'approve')).json()).toMatchObject({ status: 403, code: 'APPROVAL_EXCLUDED' });
  });

  it('of another digest than was shown is refused', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await decide(harness.token, id, 'approve', { digest: 'old' })).json()).toMatchObject({ status: 409, code: 'APPROVAL_CHANGED' });
  });

  it('stays denied: a click after it does nothing', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await decide(harness.token, id, 'deny')).json().state).toBe('denied');
    const { token } = await somebody('responder');
    expect((await decide(token, id, 'approve')).json()).toMatchObject({ status: 409, code: 'APPROVAL_ENDED' });
    expect((await api(harness, 'GET', `/approvals/${id}`)).json().state).toBe('denied');
  });

  it('after its time is refused', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store), { withinMs: -1 });
    expect((await decide(harness.token, id, 'approve')).json()).toMatchObject({ status: 409, code: 'APPROVAL_EXPIRED' });
  });

  it('that needs two people takes one of them once, however often they click', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store), { count: 2 });
    const { token } = await somebody('responder');
    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(token, id, 'approve')));
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
    expect((await api(harness, 'GET', `/approvals/${id}`)).json()).toMatchObject({ state: 'open', given: 1 });
    expect((await decide((await somebody('responder')).token, id, 'approve')).json().state).toBe('granted');
    expect(await wakes()).toBe(1);
  });

  it('is not decided by fields that are not named', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await decide(harness.token, id, 'approve', { digest, state: 'granted' })).json()).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
    });
  });

  it('that does not exist is 404, like an id of another kind', async () => {
    expect((await decide(harness.token, 'apr_00000000000000000000000000', 'approve')).json().code).toBe('NOT_FOUND');
    expect((await decide(harness.token, "x' or 1=1", 'approve')).statusCode).toBe(400);
  });

  it('that is a question takes one of its choices', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store), { kind: 'question', role: 'analyst' });
    const { token } = await somebody('analyst');
    expect((await decide(token, id, 'answer', { digest, answer: 'maybe' })).json().code).toBe('APPROVAL_CHOICE');
    expect((await decide(token, id, 'approve')).json().code).toBe('APPROVAL_KIND');
    expect((await decide(token, id, 'answer', { digest, answer: 'false-positive' })).json()).toMatchObject({
      state: 'answered',
      answer: 'false-positive',
    });
  });
});

describe('what is put to somebody', () => {
  it('is answered by that person only, whatever the role of others', async () => {
    const asked = await somebody('viewer');
    const wish = { kind: 'question', role: 'viewer', addressedTo: { person: asked.id } } as const;
    const id = await makeApproval(harness.store, await makeRun(harness.store), wish);
    const body = { digest, answer: 'false-positive' };
    expect((await decide((await somebody('admin')).token, id, 'answer', body)).json()).toMatchObject({
      status: 403,
      code: 'APPROVAL_ADDRESSED',
    });
    expect((await api(harness, 'GET', `/approvals/${id}`)).json()).toMatchObject({ mayDecide: false, addressedTo: [asked.id] });
    expect((await decide(asked.token, id, 'answer', body)).json()).toMatchObject({ state: 'answered', answer: 'false-positive' });
  });

  it('is denied by any responder all the same', async () => {
    const [other, analyst] = [await somebody('responder'), await somebody('analyst')];
    const id = await makeApproval(harness.store, await makeRun(harness.store), { addressedTo: { person: 'per_nobody' } });
    const shown = async (token: string) =>
      (await harness.app.inject({ url: `/api/v1/approvals/${id}`, headers: { authorization: `Bearer ${token}` } })).json();
    expect(await shown(other.token)).toMatchObject({ mayDecide: false, mayDeny: true });
    expect(await shown(analyst.token)).not.toHaveProperty('mayDeny');
    expect((await decide(analyst.token, id, 'deny')).statusCode).toBe(403);
    expect((await decide(other.token, id, 'deny')).json()).toMatchObject({ state: 'denied' });
  });

  it('is decided by others only once it has been escalated to them', async () => {
    const second = await somebody('responder');
    const wish = (afterMs: number) => ({ addressedTo: { person: 'per_nobody' }, escalate: { afterMs, to: { person: second.id } } });
    const early = await makeApproval(harness.store, await makeRun(harness.store), wish(60_000));
    expect((await decide(second.token, early, 'approve')).json().code).toBe('APPROVAL_ADDRESSED');
    const late = await makeApproval(harness.store, await makeRun(harness.store), wish(-1));
    expect((await decide(second.token, late, 'approve')).json().state).toBe('granted');
  });

  it('may be answered, but not approved, by whoever started the run', async () => {
    const starter = await somebody('responder');
    const run = await makeRun(harness.store, { startedBy: starter.id });
    const question = await makeApproval(harness.store, run, { kind: 'question', role: 'analyst' });
    expect((await decide(starter.token, question, 'answer', { digest, answer: 'true-positive' })).statusCode).toBe(200);
    expect((await decide(starter.token, await makeApproval(harness.store, run), 'approve')).json().code).toBe('APPROVAL_EXCLUDED');
  });
});

describe('a question with a form or rows', () => {
  const form = [
    { name: 'user', type: 'user', label: 'Who', optional: false },
    { name: 'days', type: 'number', label: 'Days', optional: true, max: 30 },
  ];
  const items = [
    { id: 'aaaa0001', label: 'Eve Adams', of: { id: 'user-007' } },
    { id: 'aaaa0002', label: 'Ben Ash', of: { id: 'user-008' } },
  ];
  const ask = async (asked: object) =>
    await makeApproval(harness.store, await makeRun(harness.store), { kind: 'question', role: 'analyst', asked });

  it('shows what is asked, takes what fits, and shows the answer', async () => {
    const id = await ask({ form, else: { user: 'eve', days: null } });
    expect((await api(harness, 'GET', `/approvals/${id}`)).json()).toMatchObject({ form, silence: 'keep' });
    const { token } = await somebody('analyst');
    const answered = (await decide(token, id, 'answer', { digest, answer: { user: ' eve@example.com ' } })).json();
    expect(answered).toMatchObject({ state: 'answered', answers: { user: 'eve@example.com', days: null } });
    expect(await wakes()).toBe(1);
  });

  it('names every field that does not fit, and stays open', async () => {
    const id = await ask({ form, else: {} });
    const refused = (await decide(harness.token, id, 'answer', { digest, answer: { days: 31, extra: 1 } })).json();
    expect(refused).toMatchObject({
      status: 400,
      code: 'ANSWER_INVALID',
      faults: [{ field: 'extra' }, { field: 'user', message: 'must be filled in' }, { field: 'days', message: 'must be at most 30' }],
    });
    for (const answer of ['eve', { user: { id: 'x' } }, { user: 'eve', days: '7' }, { __proto__: { user: 'eve' } }]) {
      expect((await decide(harness.token, id, 'answer', { digest, answer })).statusCode).toBe(400);
    }
    expect((await api(harness, 'GET', `/approvals/${id}`)).json().state).toBe('open');
    expect(await wakes()).toBe(0);
  });

  it('takes one answer for each row, of this list only', async () => {
    const id = await ask({ rows: { items, choices: ['keep', 'remove'] }, else: 'remove' });
    for (const answer of [
      { aaaa0001: 'keep' },
      { aaaa0001: 'keep', aaaa0002: 'fire' },
      { aaaa0001: 'keep', aaaa0002: 'keep', other: 'remove' },
      'keep',
    ]) {
      expect((await decide(harness.token, id, 'answer', { digest, answer })).json().code).toBe('ANSWER_INVALID');
    }
    const whole = { aaaa0001: 'keep', aaaa0002: 'remove' };
    expect((await decide(harness.token, id, 'answer', { digest: 'the list as it was before', answer: whole })).json().code).toBe(
      'APPROVAL_CHANGED',
    );
    expect((await decide(harness.token, id, 'answer', { digest, answer: whole })).json()).toMatchObject({
      state: 'answered',
      answers: whole,
    });
  });

  it('is answered once: a second answer, and one that is late, change nothing', async () => {
    const id = await ask({ rows: { items, choices: ['keep', 'remove'] }, else: 'remove' });
    const first = { aaaa0001: 'keep', aaaa0002: 'keep' };
    await decide(harness.token, id, 'answer', { digest, answer: first });
    const { token } = await somebody('analyst');
    expect((await decide(token, id, 'answer', { digest, answer: { aaaa0001: 'remove', aaaa0002: 'remove' } })).json().code).toBe(
      'APPROVAL_ENDED',
    );
    expect((await decide(token, id, 'answer', { digest, answer: { nonsense: true } })).json().code).toBe('APPROVAL_ENDED');
    expect((await api(harness, 'GET', `/approvals/${id}`)).json().answers).toEqual(first);
    expect(await wakes()).toBe(1);
  });

  it('is not filled in by somebody whose role is too low, however well', async () => {
    const id = await ask({ form, else: {} });
    const { token } = await somebody('viewer');
    expect((await decide(token, id, 'answer', { digest, answer: { user: 'eve' } })).statusCode).toBe(403);
    expect((await api(harness, 'GET', `/approvals/${id}`)).json().state).toBe('open');
  });
});

describe('a run', () => {
  it('is shown with its steps, holds, approvals and what it waits for', async () => {
    const alert = (await post(harness, plainAlert())).json().id;
    const run = await makeRun(harness.store, { alertId: alert });
    const approval = await makeApproval(harness.store, run);
    await makeHold(harness.store, run);
    const shown = (await api(harness, 'GET', `/runs/${run}`)).json();
    expect(shown).toMatchObject({
      id: run,
      state: 'running',
      alertId: alert,
      activeHolds: 1,
      waiting: { on: 'approval', detail: 'Disable Eve Adams (user-007)', approvalId: approval },
      steps: [{ key: 'disable', says: 'Disable Eve Adams (user-007)', state: 'ended', outcome: 'changed' }],
      holds: [{ entity: 'user:user-007', state: 'active', saysUndo: 'Enable Eve Adams (user-007)' }],
      approvals: [{ id: approval }],
    });
    expect((await api(harness, 'GET', '/runs?state=open')).json().items).toMatchObject([{ id: run }]);
    expect((await api(harness, 'GET', `/alerts/${alert}`)).json().runs).toMatchObject([{ id: run, state: 'running' }]);
    expect((await api(harness, 'GET', '/now')).json()).toMatchObject({
      contained: 1,
      openRuns: 1,
      approvals: [{ id: approval }],
      freeze: { on: false, parts: [] },
    });
  });

  it('is cancelled once; an ended one is not', async () => {
    const run = await makeRun(harness.store);
    expect((await api(harness, 'POST', `/runs/${run}/cancel`, { reason: 'test' })).statusCode).toBe(202);
    await harness.store.db.updateTable('runs').set({ state: 'cancelled' }).where('id', '=', run).execute();
    expect((await api(harness, 'POST', `/runs/${run}/cancel`, {})).json()).toMatchObject({ status: 409, code: 'RUN_ENDED' });
  });

  it('is undone after a preview, by one run however often it is asked', async () => {
    const run = await makeRun(harness.store);
    const hold = await makeHold(harness.store, run);
    expect((await api(harness, 'GET', `/runs/${run}/undo`)).json().will).toEqual([
      { hold, says: 'Enable Eve Adams (user-007)', entity: 'user:user-007' },
    ]);
    const first = await api(harness, 'POST', `/runs/${run}/undo`, { reason: 'false positive' });
    const second = await api(harness, 'POST', `/runs/${run}/undo`, {});
    expect(first.statusCode).toBe(202);
    expect(second.json().runId).toBe(first.json().runId);
    expect((await api(harness, 'GET', `/runs/${first.json().runId}`)).json()).toMatchObject({
      kind: 'undo',
      parentRunId: run,
      plan: [{ kind: 'undo' }],
    });
  });
});

describe('a hold', () => {
  it('is renewed for a bounded time and released by a run of its own', async () => {
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    expect((await api(harness, 'GET', '/holds?state=open')).json().items).toMatchObject([{ id: hold, state: 'active' }]);
    expect((await api(harness, 'POST', `/holds/${hold}/renew`, { for: '8h' })).json().id).toBe(hold);
    for (const wrong of ['91d', '8', '-1h', '1e9h']) {
      expect((await api(harness, 'POST', `/holds/${hold}/renew`, { for: wrong })).json().code).toBe('INVALID_INPUT');
    }
    const released = await api(harness, 'POST', `/holds/${hold}/release`, { reason: 'clean' });
    expect((await api(harness, 'GET', `/runs/${released.json().runId}`)).json().kind).toBe('undo');
  });

  it('that has ended is neither', async () => {
    const hold = await makeHold(harness.store, await makeRun(harness.store), { state: 'released' });
    expect((await api(harness, 'POST', `/holds/${hold}/release`, {})).json().code).toBe('NOT_HELD');
    expect((await api(harness, 'POST', `/holds/${hold}/renew`, { for: '1h' })).json().code).toBe('NOT_HELD');
  });
});

describe('the rest', () => {
  it('pages through alerts without a gap or a repeat', async () => {
    for (let at = 0; at < 7; at += 1) {
      harness.clock.now = new Date(NOW.getTime() + at);
      await post(harness, plainAlert({ id: `page-${at}`, title: `Title ${at} 100%` }));
    }
    const seen: string[] = [];
    let before = '';
    do {
      const page = (await api(harness, 'GET', `/alerts?limit=3${before}`)).json();
      seen.push(...page.items.map((item: { title: string }) => item.title));
      before = page.next === undefined ? '' : `&before=${page.next}`;
    } while (before !== '');
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((at) => `Title ${at} 100%`));
    expect((await api(harness, 'GET', '/alerts?search=100%25')).json().items).toHaveLength(7);
    expect((await api(harness, 'GET', "/alerts?search=%25' or 1=1")).json().items).toHaveLength(0);
  });

  it('writes an audit log that reads as sentences, verifies, and can be taken elsewhere', async () => {
    await post(harness, plainAlert());
    await api(harness, 'POST', '/freeze', { on: true, reason: 'change window' });
    const events = (await api(harness, 'GET', '/audit?limit=2')).json();
    expect(events.items).toHaveLength(2);
    const next = (await api(harness, 'GET', `/audit?limit=50&before=${encodeURIComponent(events.next)}`)).json().items;
    const all = [...events.items, ...next];
    expect(new Set(all.map((event: { hash: string }) => event.hash)).size).toBe(all.length);
    expect(all.map((event: { says: string }) => event.says).join('\n')).toContain('Owner froze effects: change window.');
    expect((await api(harness, 'GET', '/audit/verify')).json()).toMatchObject({ ok: true });
    const lines = (await api(harness, 'GET', '/audit/export')).body.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toContain('event');
    await harness.store.db.updateTable('audit_events').set({ actor: 'somebody-else' }).where('code', '=', 'freeze.on').execute();
    expect((await api(harness, 'GET', '/audit/verify')).json()).toMatchObject({ ok: false, bad: { stream: 'admin' } });
  });

  it.each(['/connectors', '/entities', '/incidents', '/playbooks', '/sources', '/people'])('answers %s', async (url) => {
    const answer = await api(harness, 'GET', url);
    expect({ status: answer.statusCode, isList: Array.isArray(answer.json().items) }).toEqual({ status: 200, isList: true });
  });

  it('shows an incident with its alerts', async () => {
    const id = (await post(harness, plainAlert())).json().id;
    const alert = (await api(harness, 'GET', `/alerts/${id}`)).json();
    const incident = (await api(harness, 'GET', `/incidents/${alert.incidentId}`)).json();
    expect(incident).toMatchObject({ alerts: 1, entities: ['user:eve.adams@example.test', 'user:user-007'], alertRows: [{ id }] });
  });

  it('answers an unknown address and a broken body with a problem', async () => {
    for (const url of ['/api/v1/nothing', '/api/v2/alerts', '/nothing']) {
      const answer = await harness.app.inject({ url, headers: { authorization: `Bearer ${harness.token}` } });
      expect({ status: answer.statusCode, type: answer.headers['content-type'] }).toEqual({
        status: 404,
        type: 'application/problem+json',
      });
    }
    const broken = await harness.app.inject({
      method: 'POST',
      url: '/api/v1/freeze',
      headers: { authorization: `Bearer ${harness.token}`, 'content-type': 'application/json' },
      payload: '{"on":',
    });
    expect(broken.json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('describes itself', async () => {
    const paths = Object.keys((await harness.app.inject('/api/openapi.json')).json().paths);
    expect(paths).toEqual(
      expect.arrayContaining(['/hooks/{source}', '/api/v1/alerts', '/api/v1/approvals/{id}/approve', '/api/v1/runs/{id}/undo']),
    );
  });
});
