// What stands around the API: the console's files, playbooks that are published and started, limits, a store that is away.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildServer } from '../../server/app.ts';
import { openStore } from '../../store/open.ts';
import { api, type Harness, plainAlert, post, SECRET, startHarness } from './harness.ts';
import { makeApproval, makeRun } from './rows.ts';

let harness: Harness;
let folder: string;
const range = createServer((request, response) => {
  const isEve = request.url === '/live?user=user-007';
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ user: isEve ? { id: 'user-007', name: 'Eve Adams', enabled: false, sessions: 3 } : null, host: null }));
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__NONCE__">');
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), '1');
  await new Promise<void>((listening) => range.listen(0, '127.0.0.1', listening));
  const address = range.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  harness = await startHarness({
    consoleDir: folder,
    rangeUrl: `http://127.0.0.1:${port}`,
    sources: [{ name: 'plain', type: 'plain', secrets: async () => [SECRET], ratePerSecond: 1, burst: 5 }],
  });
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
  range.closeAllConnections();
  range.close();
  rmSync(folder, { recursive: true });
});

describe("the console's files", () => {
  it('are the page at every address of the console, with a fresh nonce that the policy names', async () => {
    const nonces: string[] = [];
    for (const url of ['/', '/approvals/apr_1?x=1', '/runs']) {
      const answer = await harness.app.inject(url);
      const nonce = /content="([^"]+)"/.exec(answer.body)?.[1] ?? '';
      nonces.push(nonce);
      expect(answer.headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      );
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    expect(new Set(nonces).size).toBe(3);
    expect(nonces.join()).not.toContain('__NONCE__');
  });

  it('are cached for ever when their name has a digest, and never lead out of their folder', async () => {
    expect((await harness.app.inject('/assets/app-1a2b.js')).headers['cache-control']).toContain('immutable');
    for (const url of [
      '/assets/../../../etc/passwd',
      '/assets/..%2f..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e/%2e%2e/etc/passwd',
      '/assets/none.js',
    ]) {
      const answer = await harness.app.inject(url);
      expect({ url, leaks: answer.body.includes('root:') }).toEqual({ url, leaks: false });
    }
  });

  it.each(['/api/v1/runs?playbook=a%00b', '/api/v1/holds?before=%00', '/api/v1/undo?entity=%00', '/alerts/%00'])(
    'refuse what no store takes as a wrong request: %s',
    async (url) => {
      const headers = { authorization: `Bearer ${harness.token}` };
      expect((await harness.app.inject({ url, headers })).json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    },
  );

  it('never hide that an address of the API is wrong', async () => {
    expect((await harness.app.inject('/api/v1/alert')).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});

describe('a playbook', () => {
  const source = readFileSync('playbooks/contain-compromised-account/playbook.yaml', 'utf8');
  const publish = (text: string) => api(harness, 'POST', '/playbooks', { source: text, path: 'contain/playbook.yaml' });

  it('is published once, shown with its text, and starts for an alert with inputs from its trigger', async () => {
    await harness.store.db.deleteFrom('playbook_versions').execute();
    const published = (await publish(source)).json();
    expect(published).toMatchObject({ published: true, playbook: 'contain-compromised-account', version: 1, unchanged: false });
    expect((await publish(source)).json().unchanged).toBe(true);
    expect((await api(harness, 'GET', '/playbooks')).json().items).toMatchObject([
      { playbook: 'contain-compromised-account', mode: 'observe' },
    ]);
    expect((await api(harness, 'GET', '/playbooks/contain-compromised-account')).json().source).toBe(source);

    const alert = (await post(harness, plainAlert({ ips: ['203.0.113.50'], hosts: [{ id: 'wks-007' }] }))).json().id;
    const start = () => api(harness, 'POST', `/alerts/${alert}/runs`, { playbook: 'contain-compromised-account', reason: 'test' });
    const started = await start();
    expect({ status: started.statusCode, code: started.json().code }).toEqual({ status: 201, code: undefined });
    const run = (await api(harness, 'GET', `/runs/${started.json().runId}`)).json();
    expect(run).toMatchObject({ alertId: alert, state: 'queued', startedBy: 'Owner', inputs: { user: { id: 'user-007' } } });
    expect(run.plan.length).toBeGreaterThan(3);
    expect((await start()).json()).toMatchObject({ status: 409, code: 'RUN_JOINED' });
  });

  it('with faults is refused with where they are, and replaces nothing', async () => {
    await publish(source);
    const refused = await publish(source.replace('owner:', 'ownr:'));
    expect(refused.statusCode).toBe(422);
    expect(refused.json().diagnostics[0]).toMatchObject({
      file: 'contain/playbook.yaml',
      line: expect.any(Number),
      code: expect.any(String),
    });
    expect((await api(harness, 'GET', '/playbooks/contain-compromised-account')).json().source).toBe(source);
  });

  it('started by hand says which input is missing', async () => {
    await publish(source);
    const refused = await api(harness, 'POST', '/playbooks/contain-compromised-account/runs', { inputs: {} });
    expect(refused.json()).toMatchObject({ status: 400, code: 'INVALID_INPUT', detail: expect.stringContaining('user') });
    const started = await api(harness, 'POST', '/playbooks/contain-compromised-account/runs', { inputs: { user: { id: 'user-007' } } });
    expect(started.statusCode).toBe(201);
    expect((await api(harness, 'POST', '/playbooks/none/runs', {})).json().code).toBe('NOT_FOUND');
  });
});

describe('limits', () => {
  it('tell a source that floods when to come back; duplicates count too, strangers do not', async () => {
    harness.clock.now = new Date(harness.clock.now.getTime() + 60_000);
    const wrong = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    for (let at = 0; at < 20; at += 1) expect((await post(harness, plainAlert(), { secret: wrong })).statusCode).toBe(401);
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await post(harness, plainAlert())).statusCode);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    const refused = await post(harness, plainAlert());
    expect({ code: refused.json().code, after: refused.headers['retry-after'] }).toEqual({ code: 'TOO_MANY', after: '1' });
  });
});

describe('the practice range', () => {
  it('shows how the things under an approval stand', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await api(harness, 'GET', `/range/live?approval=${id}`)).json()).toEqual({
      items: [
        {
          entity: 'user:user-007',
          name: 'Eve Adams',
          facts: [
            { label: 'enabled', value: 'no' },
            { label: 'sessions', value: '3' },
          ],
        },
      ],
    });
  });
});

describe('a store that is away', () => {
  it('is 503 with Retry-After, and not ready', async () => {
    const store = await openStore({ url: 'postgres://nobody@127.0.0.1:1/none' });
    const alone = { ...harness, app: await buildServer({ ...harness.deps, store }) };
    const answer = await post(alone, plainAlert());
    expect({ status: answer.statusCode, code: answer.json().code, after: answer.headers['retry-after'] }).toEqual({
      status: 503,
      code: 'STORE_UNAVAILABLE',
      after: '5',
    });
    expect((await alone.app.inject('/readyz')).statusCode).toBe(503);
    expect((await alone.app.inject('/healthz')).statusCode).toBe(200);
    await alone.app.close();
    await store.close();
  });

  it('that hangs is 503 too, and what it took after all is not taken twice', async () => {
    const app = await buildServer({ ...harness.deps, commitTimeoutMs: 50, now: () => harness.clock.now });
    const held = harness.store.db.transaction().execute(async () => {
      const answer = await post({ ...harness, app }, plainAlert({ id: 'hangs' }), { id: 'msg_hangs' });
      expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 503, code: 'STORE_UNAVAILABLE' });
    });
    await held;
    const again = await post({ ...harness, app }, plainAlert({ id: 'hangs' }), { id: 'msg_hangs' });
    expect(again.json().status).toBe('duplicate');
    const rows = await harness.store.db.selectFrom('alerts').select('id').where('finding', '=', 'hangs/open').execute();
    expect(rows).toHaveLength(1);
    await app.close();
  });
});
