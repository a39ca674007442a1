// The plain HTTP connector: paths stay below what is allowed, a sent request is never repeated by itself, secrets stay in.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { contextOf, failureOf } from './runtime.ts';

describe('the HTTP connector', () => {
  let server: Server;
  let url: string;
  let answer: unknown;
  const seen: { line: string; headers: Readonly<Record<string, unknown>> }[] = [];
  beforeEach(async () => {
    seen.length = 0;
    answer = { ok: true };
    server = createServer((request, response) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
      if (answer === 'drop') request.resume().on('end', () => response.destroy());
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`; // a TCP server
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function open(settings: Readonly<Record<string, unknown>> = {}) {
    const secrets = { env: { KEY: 'made-up-key', TOKEN: 'made-up-token' }, folder: '/nonexistent' };
    const opened = openConnectors(
      [{ id: 'http', type: 'http', url, headers: { 'x-api-key': 'env:KEY' }, token: 'env:TOKEN', ...settings }],
      ports({ guard: { addresses: { loopback: true } }, secrets }),
    );
    const instance = opened.instance('http');
    if (instance === undefined) throw new Error('it opened');
    const [get, send] = ['http.get', 'http.send'].map((verb) => opened.actionOf(instance, verb));
    if (get?.risk !== 'read' || send === undefined || send.risk === 'read' || send.delivery === 'readable')
      throw new Error('a read, and a request that is sent');
    return {
      get: async (params: unknown) => get.output.parse(await get.run(instance.client, get.input.parse(params), contextOf('key-1'))),
      send: async (params: unknown, sending?: () => void) =>
        send.output.parse(await send.run(instance.client, send.input.parse(params), undefined, contextOf('key-1', sending))),
      delivery: send.delivery,
    };
  }

  it('gets and sends below its address, with its headers', async () => {
    const { get, send } = open();
    expect(await get({ path: '/a/b c/', query: { q: 'x&y', n: 1 } })).toEqual({ status: 200, body: { ok: true } });
    await send({ method: 'PATCH', path: '/a', body: { x: 1 } });
    expect(seen.map((each) => each.line)).toEqual(['GET /api/a/b%20c/?q=x%26y&n=1', 'PATCH /api/a']);
    expect(seen[1]?.headers).toMatchObject({
      'x-api-key': 'made-up-key',
      authorization: 'Bearer made-up-token',
      'idempotency-key': 'key-1',
    });
  });

  it.each([
    '/../admin',
    '/a/../../admin',
    '/a/%2e%2e/b',
    '/a//b',
    '/a\\b',
    '/allowedly',
    '/a?x=1',
    '//evil.example',
    'a',
    'http://evil.example/',
  ])('refuses the path %s', async (path) => {
    await expect(open({ paths: ['/allowed', '/a'] }).get({ path })).rejects.toThrow();
    expect(seen).toEqual([]);
  });

  it('allows only the configured paths and what is below them', async () => {
    const { get } = open({ paths: ['/allowed'] });
    await get({ path: '/allowed' });
    await get({ path: '/allowed/below' });
    expect((await failureOf(get({ path: '/other' }))).code).toBe('BAD_PATH');
    expect(seen.map((each) => each.line)).toEqual(['GET /api/allowed', 'GET /api/allowed/below']);
  });

  it('answers a map whatever the product sends', async () => {
    for (const [body, expected] of [
      [[1, 2], { value: [1, 2] }],
      ['text', { value: 'text' }],
      [{ a: 1 }, { a: 1 }],
    ] as const) {
      answer = body;
      expect(await open().get({ path: '/' })).toEqual({ status: 200, body: expected });
    }
  });

  it('a request whose answer is lost is ambiguous, and says that it may not be repeated', async () => {
    answer = 'drop';
    const { send, delivery } = open();
    const failure = await failureOf(send({ method: 'POST', path: '/a' }));
    expect([failure.kind, delivery]).toEqual(['ambiguous', 'once']);
    expect(failure.message).not.toContain('made-up');
    expect(seen).toHaveLength(1);
  });

  it('what is cancelled before sending is not sent', async () => {
    const stop = () => {
      throw new Error('lease ended');
    };
    await expect(open().send({ method: 'POST', path: '/a' }, stop)).rejects.toThrow('lease ended');
    expect(seen).toEqual([]);
  });
});
