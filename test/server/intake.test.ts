import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api, BEARER, type Harness, NOW, OLD_SECRET, OTHER_SECRET, plainAlert, post, SECRET, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
});

const count = async (table: 'alerts' | 'deliveries' | 'outbox'): Promise<number> =>
  Number(
    (
      await harness.store.db
        .selectFrom(table)
        .select((is) => is.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );

describe('an alert that is signed', () => {
  it('is stored with its incident, what is owed to dispatch and an audit event before the 202', async () => {
    harness.passed.length = 0;
    const answer = await post(harness, plainAlert({ id: 'stored-1' }));
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ id: expect.stringMatching(/^alr_/), status: 'accepted' });
    expect(harness.passed).toEqual(['intake.committed']);
    const { id } = answer.json();
    const alert = await harness.store.db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(alert).toMatchObject({ source: 'plain', state: 'accepted', severity_id: 4, seen_count: 1, finding: 'stored-1/open' });
    expect(Buffer.from(alert.raw).toString()).toBe(plainAlert({ id: 'stored-1' }));
    const owed = await harness.store.db.selectFrom('outbox').selectAll().where('about', '=', id).execute();
    expect(owed).toMatchObject([{ kind: 'decide', dedupe: `decide:${id}`, priority: 4, lane: 'plain', state: 'ready' }]);
    const incident = await harness.store.db
      .selectFrom('incidents')
      .selectAll()
      .where('id', '=', alert.incident_id)
      .executeTakeFirstOrThrow();
    expect(incident).toMatchObject({ title: 'Impossible travel', severity_id: 4, state: 'open' });
    const events = await harness.store.db.selectFrom('audit_events').selectAll().where('stream', '=', 'intake').execute();
    expect(JSON.stringify(events.map((event) => event.body))).toContain(id);
  });

  it('posted 50 times at once with one id is one alert, one decision owed and 50 answers about it', async () => {
    const before = await count('alerts');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(harness, plainAlert({ id: 'replayed' }), { id: 'msg_replayed' })),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array.from({ length: 50 }, () => 202));
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.json().status === 'accepted')).toHaveLength(1);
    expect(await count('alerts')).toBe(before + 1);
    const { id } = answers[0]?.json() ?? {};
    expect(await harness.store.db.selectFrom('outbox').selectAll().where('about', '=', id).execute()).toHaveLength(1);
    const row = await harness.store.db.selectFrom('alerts').select('seen_count').where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.seen_count).toBe(50);
  });

  it('counts the same finding under new delivery ids and starts nothing more', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => post(harness, plainAlert({ id: 'storm' }))));
    const ids = new Set(answers.map((answer) => answer.json().id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    const row = await harness.store.db.selectFrom('alerts').select('seen_count').where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.seen_count).toBe(300);
    expect(await harness.store.db.selectFrom('outbox').selectAll().where('about', '=', id).execute()).toHaveLength(1);
  });

  it('with the same id again later is a duplicate with the same alert', async () => {
    const first = await post(harness, plainAlert({ id: 'later' }), { id: 'msg_later' });
    const second = await post(harness, plainAlert({ id: 'later' }), { id: 'msg_later' });
    expect(second.json()).toEqual({ id: first.json().id, status: 'duplicate' });
  });

  it('that is resolved is another alert of the same incident', async () => {
    const open = await post(harness, plainAlert({ id: 'ends', users: [{ id: 'user-ends' }] }));
    const resolved = await post(harness, plainAlert({ id: 'ends', users: [{ id: 'USER-ENDS' }], status: 'resolved' }));
    expect(resolved.json().status).toBe('accepted');
    const rows = await harness.store.db
      .selectFrom('alerts')
      .select(['incident_id', 'status'])
      .where('id', 'in', [open.json().id, resolved.json().id])
      .orderBy('status')
      .execute();
    expect(rows.map((row) => row.status)).toEqual(['open', 'resolved']);
    expect(new Set(rows.map((row) => row.incident_id)).size).toBe(1);
  });

  it('about the same user a day later opens a new incident', async () => {
    const users = [{ id: 'user-next-day' }];
    const first = await post(harness, plainAlert({ id: 'day-1', users }));
    harness.clock.now = new Date(NOW.getTime() + 25 * 3_600_000);
    const second = await post(harness, plainAlert({ id: 'day-2', users }));
    harness.clock.now = NOW;
    const rows = await harness.store.db
      .selectFrom('alerts')
      .select('incident_id')
      .where('id', 'in', [first.json().id, second.json().id])
      .execute();
    expect(new Set(rows.map((row) => row.incident_id)).size).toBe(2);
  });

  it('may be signed with the old secret while it is being replaced', async () => {
    expect((await post(harness, plainAlert({ id: 'rotated' }), { secret: OLD_SECRET })).statusCode).toBe(202);
  });
});

describe('a post that is not signed by its source', () => {
  it.each([
    ['webhook-id', { 'webhook-id': undefined }],
    ['webhook-timestamp', { 'webhook-timestamp': undefined }],
    ['webhook-signature', { 'webhook-signature': undefined }],
    ['an id with a dot', { 'webhook-id': 'msg.1' }],
    ['a signature of another kind', { 'webhook-signature': 'v1a,AAAA' }],
  ])('is refused without a trace among the alerts: %s', async (_what, headers) => {
    const before = [await count('alerts'), await count('deliveries')];
    const answer = await post(harness, plainAlert({ id: 'unsigned' }), { headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json().code).toBe('SIGNATURE_REFUSED');
    expect([await count('alerts'), await count('deliveries')]).toEqual(before);
  });

  it('looks the same whether the source is unknown or the signature wrong', async () => {
    const wrong = await post(harness, plainAlert(), { secret: OTHER_SECRET });
    const unknown = await post(harness, plainAlert(), { source: 'nobody' });
    const shape = (answer: typeof wrong) => ({ status: answer.statusCode, body: answer.body, headers: Object.keys(answer.headers).sort() });
    expect(shape(unknown)).toEqual(shape(wrong));
    expect(wrong.statusCode).toBe(401);
  });

  it("of source A's secret on source B's address is refused", async () => {
    expect((await post(harness, plainAlert(), { source: 'other', secret: SECRET })).statusCode).toBe(401);
  });

  it.each([
    [-301, 401],
    [301, 401],
    [-299, 202],
    [299, 202],
  ])('%s seconds off the clock is answered %s', async (offset, status) => {
    const timestamp = String(NOW.getTime() / 1000 + offset);
    expect((await post(harness, plainAlert({ id: `skew${offset}` }), { timestamp })).statusCode).toBe(status);
  });

  it('is refused when its window is over, even if the delivery has been forgotten', async () => {
    const timestamp = String(NOW.getTime() / 1000);
    await post(harness, plainAlert({ id: 'forgotten' }), { id: 'msg_forgotten', timestamp });
    await harness.store.db.deleteFrom('deliveries').where('delivery_id', '=', 'msg_forgotten').execute();
    harness.clock.now = new Date(NOW.getTime() + 301_000);
    const replay = await post(harness, plainAlert({ id: 'forgotten' }), { id: 'msg_forgotten', timestamp });
    harness.clock.now = NOW;
    expect(replay.statusCode).toBe(401);
  });

  it('with more than ten signatures is refused before any is computed', async () => {
    const signature = Array.from({ length: 11 }, () => `v1,${Buffer.alloc(32).toString('base64')}`).join(' ');
    const answer = await post(harness, plainAlert(), { headers: { 'webhook-signature': signature } });
    expect(answer.json()).toMatchObject({ status: 400, code: 'TOO_MANY_SIGNATURES' });
  });

  it('is audited, gathered', async () => {
    await harness.close();
    harness = await startHarness();
    for (let at = 0; at < 20; at += 1) await post(harness, plainAlert(), { secret: OTHER_SECRET });
    const { store } = harness;
    await harness.app.close();
    const events = await store.db.selectFrom('audit_events').selectAll().where('code', '=', 'intake.refused').execute();
    expect(events).toHaveLength(1);
    expect(events[0]?.body).toMatchObject({ source: 'plain', count: 20 });
    await store.close();
    harness = await startHarness();
  });
});

describe('odd but authentic', () => {
  it.each([
    ['not JSON', '{"id":'],
    ['a duplicate key', '{"id":"a","id":"b","title":"t"}'],
    ['a prototype key', '{"id":"a","title":"t","data":{"\\u005f_proto__":{"polluted":true}}}'],
    ['digits beyond a double', '{"id":"a","title":"t","data":{"n":12345678901234567890}}'],
    ['1e400', '{"id":"a","title":"t","data":{"n":1e400}}'],
    ['no id', '{"title":"t"}'],
    ['a depth of 100,000', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(plainAlert())])],
  ])('%s is kept raw, with a reason, and shown', async (what, body) => {
    const started = process.cpuUsage();
    const answer = await post(harness, body);
    expect({ what, status: answer.statusCode, result: answer.json().status }).toEqual({ what, status: 202, result: 'quarantined' });
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000);
    const shown = (await api(harness, 'GET', `/alerts/${answer.json().id}`)).json();
    expect(shown).toMatchObject({ state: 'quarantined', quarantineReason: expect.stringMatching(/./) });
    const row = await harness.store.db.selectFrom('alerts').select('raw').where('id', '=', answer.json().id).executeTakeFirstOrThrow();
    expect(Buffer.from(row.raw).equals(Buffer.from(body))).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('NUL and lone surrogates survive the store as visible characters', async () => {
    const answer = await post(harness, '{"id":"nul","title":"a\\u0000b\\ud800c","users":[{"id":"eve\\u0000"}]}');
    expect(answer.json().status).toBe('accepted');
    const shown = (await api(harness, 'GET', `/alerts/${answer.json().id}`)).json();
    expect(shown.title).toBe('a\u2400b\ufffdc');
    expect(shown.raw).toContain('\\u0000');
  });

  it('template text in an alert stays text', async () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the alert's own text
    const answer = await post(harness, plainAlert({ id: 'tpl', title: '${{ secrets.x }} {{ 1 }} <%= 2 %>' }));
    expect((await api(harness, 'GET', `/alerts/${answer.json().id}`)).json().title).toBe('${{ secrets.x }} {{ 1 }} <%= 2 %>');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the alert's own text
  });
});

describe('what is not taken', () => {
  it.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['UTF-16', 'application/json; charset=utf-16'],
    ['a tab trick', 'application/json\ta'],
    ['no type', undefined],
  ])('%s is 415', async (_what, type) => {
    expect((await post(harness, plainAlert(), { headers: { 'content-type': type } })).statusCode).toBe(415);
  });

  it('a compressed body is 415', async () => {
    expect((await post(harness, plainAlert(), { headers: { 'content-encoding': 'gzip' } })).statusCode).toBe(415);
  });

  it('more than 1 MiB is 413', async () => {
    const answer = await post(harness, plainAlert({ message: 'x'.repeat(1024 * 1024) }));
    expect(answer.json()).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('%s is 405', async (method) => {
    const answer = await harness.app.inject({ method, url: '/hooks/plain', headers: { 'x-http-method-override': 'POST' } });
    expect({ status: answer.statusCode, allow: answer.headers.allow }).toEqual({ status: 405, allow: 'POST' });
  });
});

describe('Alertmanager', () => {
  const group = (alerts: readonly object[], more: object = {}): string =>
    JSON.stringify({ version: '4', status: 'firing', receiver: 'cordon', groupKey: '{}:{}', truncatedAlerts: 0, alerts, ...more });
  const alert = (more: object = {}): object => ({
    status: 'firing',
    labels: { alertname: 'Travel', instance: 'ws-1:9100', severity: 'critical', user: 'alice' },
    annotations: { summary: 'Impossible travel' },
    startsAt: '2026-11-21T10:11:01.656605113Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: 'b75e68046da38094',
    ...more,
  });
  const send = (body: string, authorization = `Bearer ${BEARER}`) =>
    post(harness, body, { source: 'alertmanager', headers: { authorization } });

  it('posts several alerts at once, each with a status of its own', async () => {
    const answer = await send(group([alert(), alert({ fingerprint: 'ffff', status: 'resolved', endsAt: '2026-11-21T10:12:00Z' })]));
    expect(answer.statusCode).toBe(202);
    expect(answer.json().alerts).toHaveLength(2);
    const rows = (await api(harness, 'GET', '/alerts?source=alertmanager')).json().items;
    expect(rows.map((row: { status: string }) => row.status).sort()).toEqual(['open', 'resolved']);
    for (const { id } of answer.json().alerts) {
      expect((await api(harness, 'GET', `/alerts/${id}`)).json().raw).toContain('groupKey');
    }
  });

  it('posts the same bytes again: a duplicate; a group that grew: only the new alert', async () => {
    const first = await send(group([alert({ fingerprint: 'grow-1' })]));
    expect((await send(group([alert({ fingerprint: 'grow-1' })]))).json()).toEqual({ id: first.json().id, status: 'duplicate' });
    const grown = await send(group([alert({ fingerprint: 'grow-1' }), alert({ fingerprint: 'grow-2' })]));
    expect(grown.json().alerts.map((one: { status: string }) => one.status)).toEqual(['duplicate', 'accepted']);
    const { id } = grown.json().alerts[1];
    expect((await api(harness, 'GET', `/alerts/${id}`)).json().raw).toContain('grow-2');
  });

  it('keeps what cannot be read beside what can', async () => {
    const answer = await send(group([alert({ fingerprint: 'good' }), { status: 'firing' }], { truncatedAlerts: 3 }));
    expect(answer.json().alerts.map((one: { status: string }) => one.status)).toEqual(['accepted', 'quarantined', 'quarantined']);
  });

  it('may use Basic, and is refused with a wrong or a short credential', async () => {
    const basic = (password: string) => `Basic ${Buffer.from(`alertmanager:${password}`).toString('base64')}`;
    expect((await send(group([alert({ fingerprint: 'basic' })]), basic(BEARER))).statusCode).toBe(202);
    expect((await send(group([alert()]), basic(BEARER.slice(0, -1)))).statusCode).toBe(401);
    expect((await send(group([alert()]), 'Bearer ')).statusCode).toBe(401);
    expect((await send(group([alert()]), `Bearer ${BEARER}x`)).statusCode).toBe(401);
  });
});
