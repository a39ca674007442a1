// The range is the outside ledger that other tests trust: so its own promises are tested first.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { COMPUTERS, PEOPLE } from '../../range/people.ts';
import { PRODUCT_NAMES } from '../../range/products.ts';
import { type Range, type RangeOptions, startRange } from '../../range/range.ts';
import type { RecordLine } from '../../range/record.ts';
import { rangeTokens } from '../../range/tokens.ts';

const TOKEN = 'made-up-token';
const tokens = Object.fromEntries(PRODUCT_NAMES.map((name) => [name, TOKEN]));

describe('the practice range', () => {
  let range: Range;
  let folder: string;
  let nowMs: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cordon-range-'));
    nowMs = Date.parse('2026-01-01T00:00:00Z');
  });
  afterEach(async () => {
    await range.close();
    rmSync(folder, { recursive: true });
  });
  const start = async (options: Partial<RangeOptions> = {}) => {
    range = await startRange({ port: 0, tokens, env: {}, now: () => nowMs, ...options });
  };
  const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const init = {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    };
    const answer = await fetch(`${range.url}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text,
    };
  };
  const record = async () => {
    const text = await (await fetch(`${range.url}/record`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordLine); // the range's own lines
  };
  const live = async () => (await call('GET', '/live?user=user-007&host=wks-007')).body;

  it('holds the same people and hosts every time: user-007 is Eve Adams, wks-007 is hers', async () => {
    await start();
    expect([PEOPLE.length, COMPUTERS.length, new Set(PEOPLE.map((each) => each.email)).size]).toEqual([500, 501, 500]);
    expect(await live()).toEqual({
      user: { id: 'user-007', name: 'Eve Adams', login: 'eve.adams', email: 'eve.adams@example.test', enabled: true, sessions: 3 },
      host: {
        id: 'wks-007',
        name: 'wks-007',
        ip: '10.20.0.8',
        owner: 'user-007',
        kind: 'workstation',
        online: true,
        status: 'normal',
        isolated: false,
      },
    });
    const { users, hosts, messages } = (await call('GET', '/directory')).body as Record<
      string,
      readonly { id: string; subject?: string }[]
    >; // lists, as documented
    expect([users?.length, hosts?.length, hosts?.at(-1)?.id]).toEqual([500, 501, 'dc-01']);
    expect(messages?.filter((each) => each.subject === 'Invoice overdue')).toHaveLength(5);
    expect((await call('GET', '/live?user=nobody&host=')).body).toEqual({ user: null, host: null });
  });

  it('records one line for each request, with what it did to whom, and shows no token', async () => {
    await start();
    await call('GET', '/idp/api/v1/users/user-007');
    await call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend', {}, { 'idempotency-key': 'key-1' });
    await call('DELETE', '/idp/api/v1/users/user-007/sessions');
    expect(await record()).toEqual([
      {
        at: '2026-01-01T00:00:00.000Z',
        product: 'idp',
        method: 'GET',
        path: '/idp/api/v1/users/user-007',
        key: null,
        effect: null,
        target: 'user-007',
        before: null,
        after: null,
        status: 200,
      },
      {
        at: '2026-01-01T00:00:00.000Z',
        product: 'idp',
        method: 'POST',
        path: '/idp/api/v1/users/user-007/lifecycle/suspend',
        key: 'key-1',
        effect: 'disable',
        target: 'user-007',
        before: { enabled: true, sessions: 3 },
        after: { enabled: false, sessions: 3 },
        status: 200,
      },
      {
        at: '2026-01-01T00:00:00.000Z',
        product: 'idp',
        method: 'DELETE',
        path: '/idp/api/v1/users/user-007/sessions',
        key: null,
        effect: 'revoke',
        target: 'user-007',
        before: { enabled: false, sessions: 3 },
        after: { enabled: false, sessions: 0 },
        status: 204,
      },
    ]);
    expect(JSON.stringify(await record())).not.toContain(TOKEN);
  });

  it('a second isolation is recorded as one that changed nothing', async () => {
    await start();
    await call('POST', '/edr/v1/devices/wks-007/isolate');
    await call('POST', '/edr/v1/devices/wks-007/isolate');
    const changes = (await record()).map((line) => [line.effect, JSON.stringify(line.before) !== JSON.stringify(line.after)]);
    expect(changes).toEqual([
      ['isolate', true],
      ['isolate', false],
    ]);
  });

  it('isolation becomes true a moment after the 202; on a host that is off, never', async () => {
    await start({ settleMs: 50 });
    const status = async (id: string) => ((await call('GET', `/edr/v1/devices/${id}`)).body as { status: string }).status; // as the EDR answers
    expect((await call('POST', '/edr/v1/devices/wks-007/isolate')).status).toBe(202);
    await call('POST', '/edr/v1/devices/wks-009/isolate');
    expect([await status('wks-007'), await status('wks-009')]).toEqual(['isolation_pending', 'isolation_pending']);
    nowMs += 50;
    expect([await status('wks-007'), await status('wks-009')]).toEqual(['isolated', 'isolation_pending']);
    await call('POST', '/edr/v1/devices/wks-007/release');
    expect(await status('wks-007')).toBe('release_pending');
    nowMs += 50;
    expect(await status('wks-007')).toBe('normal');
  });

  it('asks for the token of each product', async () => {
    await start({ tokens: { ...tokens, edr: 'made-up-other' } });
    const wrong: [string, string][] = [
      ['/idp/api/v1/me', ''],
      ['/idp/api/v1/me', 'Bearer '],
      ['/idp/api/v1/me', 'Bearer wrong'],
      ['/edr/v1/whoami', `Bearer ${TOKEN}`],
    ];
    for (const [path, authorization] of wrong)
      expect((await fetch(`${range.url}${path}`, { headers: { authorization } })).status).toBe(401);
    expect((await call('GET', '/idp/api/v1/me')).status).toBe(200);
  });

  it('refuses a search without a filter: everyone is never the answer', async () => {
    await start();
    for (const path of [
      '/idp/api/v1/users',
      '/idp/api/v1/users?id=x',
      '/edr/v1/devices',
      '/mail/v1/messages?from=a',
      '/tickets/v2/tickets',
    ])
      expect((await call('GET', path)).status).toBe(400);
    expect((await call('PUT', '/firewall/api/v1/blocklist/0.0.0.0%2F0', {})).status).toBe(400);
  });

  it.each([
    ['status', { status: 503, retryAfter: 9 }, 503, false],
    ['status after the effect', { status: 500, drop: 'after' }, 500, true],
    ['drop before', { drop: 'before' }, null, false],
    ['drop after', { drop: 'after' }, null, true],
  ])('the fault "%s" does what it says', async (_, fault, status, happens) => {
    await start();
    await call('PUT', '/faults', [{ product: 'edr', effect: 'isolate', target: 'wks-007', count: 1, ...fault }]);
    expect((await call('POST', '/edr/v1/devices/wks-008/isolate')).status).toBe(202); // another target is not met
    const answered = await call('POST', '/edr/v1/devices/wks-007/isolate').then(
      (answer) => answer.status,
      () => null,
    );
    const line = (await record()).at(-1);
    expect([answered, line?.status, JSON.stringify(line?.before) !== JSON.stringify(line?.after)]).toEqual([status, status, happens]);
    expect((await call('GET', '/faults')).body).toEqual([]); // its count is used up
    expect((await call('POST', '/edr/v1/devices/wks-007/isolate')).status).toBe(202);
  });

  it('an effect that lands late is nowhere before, and one line after', async () => {
    await start();
    await call('PUT', '/faults', { product: 'idp', effect: 'disable', landsAfterMs: 500 });
    await expect(call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend')).rejects.toThrow();
    expect([await live(), (await record()).length]).toEqual([
      expect.objectContaining({ user: expect.objectContaining({ enabled: true }) }),
      0,
    ]);
    const until = performance.now() + 2_000;
    while ((await record()).length === 0 && performance.now() < until);
    expect(await record()).toMatchObject([{ effect: 'disable', before: { enabled: true }, after: { enabled: false }, status: null }]);
  });

  it('hangs without an answer and without an effect', async () => {
    await start();
    await call('PUT', '/faults', { product: 'idp', hang: true });
    await expect(
      fetch(`${range.url}/idp/api/v1/users/user-007/sessions`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${TOKEN}` },
        signal: AbortSignal.timeout(60),
      }),
    ).rejects.toThrow();
    expect(await live()).toMatchObject({ user: { sessions: 3 } });
  });

  it('refuses faults that it would not understand', async () => {
    await start();
    for (const fault of [{}, { product: 'idp', drop: 'sometimes' }, { product: 'idp', delay: 5 }, [{ product: 'idp', count: 0 }], 'x'])
      expect((await call('PUT', '/faults', fault)).status).toBe(400);
  });

  it('remembers everything over a kill: state and record come back from one file', async () => {
    await start({ folder });
    await call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend');
    await call('POST', '/edr/v1/devices/wks-007/isolate');
    await call('POST', '/tickets/v2/tickets', { title: 'One', correlation_id: 'key-1' });
    const before = await record();
    // No close: what a kill -9 leaves is what is in the file now, perhaps with half a line more.
    const left = readFileSync(join(folder, 'record.ndjson'), 'utf8');
    await range.close();
    writeFileSync(join(folder, 'record.ndjson'), left);
    appendFileSync(join(folder, 'record.ndjson'), '{"at":"2026-01-01T00:00:0');
    nowMs += 1_000;
    await start({ folder });
    expect(await record()).toEqual(before);
    expect(await live()).toMatchObject({ user: { enabled: false, sessions: 3 }, host: { status: 'isolated' } });
    expect((await call('GET', '/tickets/v2/tickets?correlation_id=key-1')).body).toMatchObject([{ id: 'T-1' }]);
    await call('POST', '/tickets/v2/tickets', { title: 'Two' });
    expect((await record()).at(-1)).toMatchObject({ target: 'T-2' });
  });

  it('starts again where a full disk has cut a line short and others have followed, with all that is whole', async () => {
    await start({ folder });
    await call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend');
    await range.close();
    const path = join(folder, 'record.ndjson');
    const [whole = ''] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${whole.slice(0, 40)}\n${whole.slice(0, 60)}${whole}\n${whole}\n`);
    await start({ folder });
    expect(await live()).toMatchObject({ user: { enabled: false } });
    await call('POST', '/tickets/v2/tickets', { title: 'One' });
    expect((await record()).map(({ effect }) => effect)).toEqual(['disable', 'ticket']);
  });

  it('a reset is the seed again, also after a restart', async () => {
    await start({ folder });
    await call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend');
    expect((await call('POST', '/reset')).status).toBe(204);
    expect(await live()).toMatchObject({ user: { enabled: true, sessions: 3 } });
    await range.close();
    await start({ folder });
    expect(await live()).toMatchObject({ user: { enabled: true, sessions: 3 } });
    expect((await record()).map((line) => line.effect)).toEqual(['disable', 'reset']);
  });

  it.each([[{ NODE_ENV: 'production' }], [{ CORDON_MODE: 'production' }]])('does not start in production: %p', async (env) => {
    await start();
    await expect(startRange({ port: 0, tokens, env })).rejects.toThrow(/RANGE_IN_PRODUCTION/);
  });

  it('says which port is taken, and what to do', async () => {
    await start();
    await expect(startRange({ port: range.port, tokens, env: {} })).rejects.toThrow(/CORDON_RANGE_PORT/);
  });

  it('is not reachable by a foreign name, nor from a page of another origin, nor with a huge body', async () => {
    await start();
    const status = await new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: range.port, path: '/directory', headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
    const faults = (body: string, type: string) =>
      fetch(`${range.url}/faults`, { method: 'PUT', body, headers: { 'content-type': type } }).then((answer) => answer.status);
    expect([
      await faults('[]', 'text/plain'),
      await faults('[', 'application/json'),
      await faults(`"${'x'.repeat(1_100_000)}"`, 'application/json'),
    ]).toEqual([415, 400, 413]);
    for (const path of ['/nothing', '/idp/nothing', '/idp']) expect((await call('GET', path)).status).toBe(404);
    expect((await call('PUT', '/idp/api/v1/me', {})).status).toBe(405);
  });

  it('does nothing that a page of another origin asks for, with or without a body; its own may', async () => {
    await start({ folder });
    await call('POST', '/idp/api/v1/users/user-007/lifecycle/suspend');
    const reset = (origin: string) => fetch(`${range.url}/reset`, { method: 'POST', headers: { origin } }).then((answer) => answer.status);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example', `http://localhost:${range.port + 1}`])
      expect({ origin, status: await reset(origin) }).toEqual({ origin, status: 403 });
    expect(await live()).toMatchObject({ user: { enabled: false } });
    expect(await reset(range.url)).toBe(204);
    expect(await live()).toMatchObject({ user: { enabled: true } });
  });

  it('makes its tokens once, readable by nobody else', async () => {
    await start();
    const made = rangeTokens(join(folder, 'secrets'), ['idp', 'edr']);
    expect(made.idp).toMatch(/^[\w-]{32}$/);
    expect(made.idp).not.toBe(made.edr);
    expect(rangeTokens(join(folder, 'secrets'), ['idp', 'edr'])).toEqual(made);
    expect(statSync(join(folder, 'secrets', 'range-idp')).mode & 0o777).toBe(0o600);
  });
});
