import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newApiToken, tokenHash } from '../../server/secrets.ts';
import { scopesOf } from '../../server/who.ts';
import { createPerson } from '../../store/people.ts';
import { publishedDigests } from '../../store/playbook-versions.ts';
import { createToken } from '../../store/tokens.ts';
import { api, type Harness, NOW, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ publishing: { from: 'both', secondPerson: true } });
});
beforeEach(async () => {
  await harness.reset();
  await harness.store.db.deleteFrom('playbook_versions').execute();
});
afterAll(async () => {
  await harness.close();
});

const text = (more = '') => `playbook: tell
title: Tell
owner: tests
triggers: [{ manual: {} }]
steps:
  - do: notify.message
    with: { to: "#soc", text: Hello }
${more}`;
const ISOLATE = '  - id: isolate\n    do: host.isolate\n    with: { host: wks-007 }\n    hold: until_released\n';
const draft = async (source: string) => (await api(harness, 'POST', '/playbooks', { source, path: 'tell.yaml', draft: true })).json();
const publish = (version: number) => api(harness, 'POST', `/playbooks/tell/versions/${version}/publish`, { reason: 'reviewed' });

async function second(): Promise<string> {
  const token = newApiToken();
  const person = await createPerson(
    harness.store.db,
    { login: 'second', name: 'Second', role: 'engineer', passwordHash: 'made-up', oneTime: false },
    NOW,
  );
  await createToken(
    harness.store.db,
    { tokenHash: tokenHash(token), personId: person?.id ?? '', name: 'test', scopes: scopesOf('engineer') },
    NOW,
  );
  return token;
}
const publishAs = async (token: string, version: number) =>
  await harness.app.inject({
    method: 'POST',
    url: `/api/v1/playbooks/tell/versions/${version}/publish`,
    headers: { authorization: `Bearer ${token}` },
    payload: {},
  });

describe('a playbook that has a draft alone', () => {
  it('is shown, and its draft is held against nothing', async () => {
    expect((await api(harness, 'GET', '/playbooks/tell')).statusCode).toBe(404);
    await draft(text());
    await draft(text(ISOLATE));
    const shown = (await api(harness, 'GET', '/playbooks/tell')).json();
    expect(shown).toMatchObject({ playbook: 'tell', version: 0, draft: 2, source: text(ISOLATE) });
    // Nothing of it can be started.
    expect(shown).not.toHaveProperty('inputs');
    expect((await api(harness, 'POST', '/playbooks/tell/runs', {})).statusCode).toBe(404);
    const changes = (await api(harness, 'GET', '/playbooks/tell/diff')).json();
    expect(changes).toMatchObject({ from: 0, to: 2 });
    expect(changes.changes).toContainEqual({ change: 'added', about: 'effect', says: expect.stringContaining('wks-007') });
    expect((await api(harness, 'GET', '/playbooks/tell/diff?from=1')).json()).toMatchObject({ from: 1, to: 2 });
  });
});

describe('a version', () => {
  it('is a draft until a second person puts it in force, with what it changes', async () => {
    expect((await api(harness, 'POST', '/playbooks', { source: text(), path: 'tell.yaml' })).json().code).toBe('PUBLISH_SECOND');
    // Before the text is read: nobody who is refused anyway makes the server read.
    expect((await api(harness, 'POST', '/playbooks', { source: 'made up: [', path: 'tell.yaml' })).json().code).toBe('PUBLISH_SECOND');
    expect(await draft(text())).toMatchObject({ published: false, draft: true, version: 1, unchanged: false });
    expect(await draft(text())).toMatchObject({ version: 1, unchanged: true });
    expect(await publishedDigests(harness.store.db)).toEqual([]);
    expect((await publish(1)).json()).toMatchObject({ status: 403, code: 'PUBLISH_SECOND' });
    const token = await second();
    expect((await publishAs(token, 1)).json()).toMatchObject({ published: true, version: 1 });
    await draft(text(ISOLATE));
    expect((await publishAs(token, 2)).statusCode).toBe(200);
    const { items } = (await api(harness, 'GET', '/playbooks/tell/versions')).json();
    expect(items).toMatchObject([
      {
        version: 2,
        state: 'published',
        publishedBy: 'Second',
        changes: [{ change: 'added', about: 'effect', says: expect.stringContaining('until people release it') }],
      },
      { version: 1, state: 'superseded', changes: [] },
    ]);
    expect((await api(harness, 'GET', '/playbooks/tell')).json().version).toBe(2);
  });

  it('that was in force before is put in force again by one person, and that is audited', async () => {
    const token = await second();
    await draft(text());
    await publishAs(token, 1);
    await draft(text(ISOLATE));
    await publishAs(token, 2);
    expect((await publish(1)).json()).toMatchObject({ published: true, version: 1 });
    expect((await api(harness, 'GET', '/playbooks/tell')).json().version).toBe(1);
    expect((await api(harness, 'GET', '/playbooks/tell/diff?from=1&to=2')).json()).toMatchObject({
      from: 1,
      to: 2,
      changes: [{ change: 'added' }],
    });
    expect((await api(harness, 'GET', '/playbooks/tell/versions/2')).json().source).toBe(text(ISOLATE));
    const codes = (await api(harness, 'GET', '/audit')).json().items.map((one: { code: string }) => one.code);
    expect(codes).toEqual(expect.arrayContaining(['playbook.drafted', 'playbook.published', 'playbook.rolled_back']));
  });

  it('says what became of it, whether who asks may put it in force, and what it looks like', async () => {
    const token = await second();
    await draft(text());
    const before = (await api(harness, 'GET', '/playbooks/tell/versions')).json().items[0];
    expect(before).toMatchObject({ mayPublish: false, refusal: expect.stringContaining('another person'), history: [{ did: 'drafted' }] });
    expect((await api(harness, 'GET', '/playbooks')).json().items).toMatchObject([{ playbook: 'tell', version: 0, draft: 1 }]);
    await publishAs(token, 1);
    await draft(text(ISOLATE));
    await publishAs(token, 2);
    expect((await publish(1)).statusCode).toBe(200);
    const { items } = (await api(harness, 'GET', '/playbooks/tell/versions')).json();
    expect(items[1].history.map((one: { did: string; by: string }) => `${one.did} by ${one.by}`)).toEqual([
      expect.stringMatching(/^rolled back by /),
      'published by Second',
      expect.stringMatching(/^drafted by /),
    ]);
    expect(items[1].history[0].reason).toBe('reviewed');
    expect(items[1].mayPublish).toBeUndefined();
    expect(items[0].mayPublish).toBe(true);
    const picture = await api(harness, 'GET', '/playbooks/tell/versions/2/graph');
    expect(picture.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
    });
    expect(picture.body).toContain('data-step="isolate"');
    expect((await api(harness, 'GET', '/playbooks/tell/versions/9/graph')).json().code).toBe('NOT_FOUND');
  });

  it('that does not exist, or has faults, changes nothing', async () => {
    await draft(text());
    expect((await publish(7)).json().code).toBe('NOT_FOUND');
    expect((await api(harness, 'GET', '/playbooks/none/versions')).json().code).toBe('NOT_FOUND');
    const bad = await api(harness, 'POST', '/playbooks', { source: text('  - do: host.isolte\n'), path: 'tell.yaml', draft: true });
    expect(bad.statusCode).toBe(422);
    expect((await api(harness, 'GET', '/playbooks/tell/versions')).json().items).toHaveLength(1);
  });
});
