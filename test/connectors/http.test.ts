// The guarded client against a server of its own, and a canary that nothing may reach.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HttpGuard, type HttpRequest, httpClient } from '../../connectors/http.ts';
import { failureOf } from './runtime.ts';

const TOKEN = 'made-up-secret-4711';
const LOCAL: HttpGuard = { addresses: { loopback: true } };

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string; port: number }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server
  return { server, url: `http://127.0.0.1:${port}`, port };
}

describe('the HTTP client', () => {
  let url: string;
  let port: number;
  let canary: string;
  let canaryPort: number;
  const servers: Server[] = [];
  const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let canaryHits = 0;
  let reply: (request: IncomingMessage, response: ServerResponse, body: string) => void;

  beforeAll(async () => {
    const main = await listen(async (request, response) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      reply(request, response, body);
    });
    const other = await listen((_, response) => {
      canaryHits += 1;
      response.end();
    });
    servers.push(main.server, other.server);
    ({ url, port } = main);
    canary = other.url;
    canaryPort = other.port;
  });
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  beforeEach(() => {
    seen.length = 0;
    canaryHits = 0;
    reply = (_, response) => response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  const clients: { close: () => void }[] = [];
  const client = (guard: HttpGuard = LOCAL, more: { baseUrl?: string; timeoutMs?: number; maxBytes?: number } = {}) => {
    const opened = httpClient({ baseUrl: url, ...more }, guard);
    clients.push(opened);
    return opened;
  };
  afterEach(() => {
    for (const each of clients.splice(0)) each.close();
  });
  const get = (more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', path: '/x', ...more });
  const post = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    path: '/x',
    json: { a: 1 },
    headers: { authorization: `Bearer ${TOKEN}` },
    ...more,
  });

  it('sends what was asked, below its base URL', async () => {
    const answer = await client(LOCAL, { baseUrl: `${url}/base/` }).request(
      post({ path: '/users/{id}', params: { id: 'a b@c' }, query: { q: "1' or 1", n: 2, no: undefined } }),
    );
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/base/users/a%20b%40c?q=1%27+or+1&n=2', body: '{"a":1}' });
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' });
  });

  it.each([
    '',
    '.',
    '..',
    '../admin',
    'a/b',
    'a\\b',
    'a\0',
    'a\r\nX: 1',
    '%2e%2e',
    '%2e%2e%2fadmin',
    '%252e%252e%252f',
    '%5c',
    '\ud800',
    'x'.repeat(2_000),
  ])('refuses the path value %p before anything is sent', async (id) => {
    const failure = await failureOf(client().request(get({ path: '/users/{id}/x', params: { id } })));
    expect([failure.kind, failure.code]).toEqual(['permanent', 'BAD_PATH']);
    expect(seen).toEqual([]);
  });

  it.each(['x', '//evil.example/x', '/x?y', '/x#y', '/x y', '/{id', 'http://evil.example/', '/\\evil.example'])(
    'refuses the path template %p',
    async (path) => {
      expect((await failureOf(client().request(get({ path })))).code).toBe('BAD_PATH');
      expect(seen).toEqual([]);
    },
  );

  it.each([
    ['x-test', 'made-up\r\nhost: evil'],
    ['x-test', 'made-up\nb'],
    ['x-test', 'made-up\0'],
    ['x\r\ny', 'made-up'],
    ['host', 'evil.example'],
    ['transfer-encoding', 'chunked'],
  ])('refuses the header %p: %p, and does not repeat its value', async (name, value) => {
    const failure = await failureOf(client().request(get({ headers: { [name]: value } })));
    expect([failure.kind, failure.code]).toEqual(['permanent', 'BAD_HEADER']);
    expect(failure.message).not.toContain(value);
    expect(seen).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d: the canary is not reached', async (status) => {
    reply = (_, response) => response.writeHead(status, { location: `${canary}/steal` }).end();
    expect(await failureOf(client().request(get()))).toMatchObject({ kind: 'permanent', code: 'REDIRECT_REFUSED' });
    expect(canaryHits).toBe(0);
  });

  it('does not use a proxy of the environment', async () => {
    process.env.http_proxy = canary;
    try {
      expect((await client().request(get())).status).toBe(200);
    } finally {
      delete process.env.http_proxy;
    }
    expect([canaryHits, seen.length]).toEqual([0, 1]);
  });

  it('a name that resolves to a refused address is not connected to, and says nothing of the address', async () => {
    const rebinding: HttpGuard = { addresses: {}, plainHttp: true, resolveName: async () => [{ address: '127.0.0.1', family: 4 }] };
    const failure = await failureOf(client(rebinding, { baseUrl: `http://products.example:${canaryPort}` }).request(get()));
    expect(failure).toMatchObject({ kind: 'permanent', code: 'HOST_REFUSED' });
    expect(failure.message).not.toContain('127.0.0.1');
    expect(canaryHits).toBe(0);
  });

  it('one refused address among good ones refuses the name', async () => {
    const mixed: HttpGuard = {
      addresses: {},
      plainHttp: true,
      resolveName: async () => [
        { address: '127.0.0.1', family: 4 },
        { address: '8.8.8.8', family: 4 },
      ],
    };
    expect((await failureOf(client(mixed, { baseUrl: `http://products.example:${canaryPort}` }).request(get()))).code).toBe('HOST_REFUSED');
    expect(canaryHits).toBe(0);
  });

  it('connects to the address that was checked, whatever the name says later', async () => {
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '169.254.169.254', family: 4 }]];
    let asked = 0;
    const resolveName: HttpGuard['resolveName'] = async () => answers[asked++] ?? [];
    expect(
      (await client({ ...LOCAL, plainHttp: true, resolveName }, { baseUrl: `http://products.example:${port}` }).request(get())).status,
    ).toBe(200);
    expect(asked).toBe(1);
  });

  it.each([
    'http://127.0.0.1:1',
    'http://2130706433:1',
    'http://0x7f.1:1',
    'http://0177.0.0.1:1',
    'http://[::1]:1',
    'http://[::ffff:7f00:1]:1',
    'https://169.254.169.254',
    'https://10.0.0.1',
  ])('refuses the literal address %s without the rule for it', (baseUrl) => {
    expect(() => httpClient({ baseUrl }, { addresses: {}, plainHttp: true })).toThrow(expect.objectContaining({ code: 'HOST_REFUSED' }));
  });

  it.each([
    'ftp://a.example',
    'https://user:made-up@a.example',
    'https://a.example?x=1',
    'https://a.example#x',
    'nonsense',
    'file:///etc/passwd',
    'http://a.example',
  ])('refuses the base URL %s', (baseUrl) => {
    expect(() => httpClient({ baseUrl }, LOCAL)).toThrow(expect.objectContaining({ code: 'BAD_URL' }));
  });

  it('reaches only the hosts of the egress list where there is one', () => {
    expect(() => httpClient({ baseUrl: url }, { ...LOCAL, hosts: ['a.example'] })).toThrow(
      expect.objectContaining({ code: 'HOST_REFUSED' }),
    );
    expect(httpClient({ baseUrl: url }, { ...LOCAL, hosts: ['127.0.0.1'] })).toBeDefined();
  });

  it('a refused connection and an unknown name are retryable, for writes too: nothing was sent', async () => {
    expect(await failureOf(client(LOCAL, { baseUrl: 'http://127.0.0.1:1' }).request(post()))).toMatchObject({
      kind: 'retryable',
      code: 'UNREACHABLE',
    });
    const nowhere: HttpGuard = { ...LOCAL, plainHttp: true, resolveName: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await failureOf(client(nowhere, { baseUrl: 'http://nowhere.example' }).request(post()))).toMatchObject({
      kind: 'retryable',
      code: 'UNREACHABLE',
    });
  });

  it('a TLS handshake that never ends is retryable for writes: nothing was sent', async () => {
    const silent = await listen(() => undefined);
    servers.push(silent.server);
    // A plain HTTP server waits for more of what it takes for a request line.
    const failure = await failureOf(client(LOCAL, { baseUrl: silent.url.replace('http:', 'https:'), timeoutMs: 200 }).request(post()));
    expect(failure).toMatchObject({ kind: 'retryable', code: 'UNREACHABLE' });
  });

  it('a whole answer has to come in time, however slowly it drips', async () => {
    reply = (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await failureOf(client(LOCAL, { timeoutMs: 200 }).request(get()))).toMatchObject({ kind: 'retryable', code: 'TIMEOUT' });
    expect(await failureOf(client(LOCAL, { timeoutMs: 200 }).request(post()))).toMatchObject({ kind: 'ambiguous', code: 'TIMEOUT' });
    expect(await failureOf(client(LOCAL, { timeoutMs: 200 }).request(post({ safe: true })))).toMatchObject({
      kind: 'retryable',
      code: 'TIMEOUT',
    });
  });

  it('a reset within the answer is ambiguous for a write and retryable for a read', async () => {
    reply = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    expect((await failureOf(client().request(post()))).kind).toBe('ambiguous');
    expect((await failureOf(client().request(get()))).kind).toBe('retryable');
  });

  it('cancelled before it was sent: retryable, and nothing is sent', async () => {
    expect(await failureOf(client().request(post({ signal: AbortSignal.abort() })))).toMatchObject({
      kind: 'retryable',
      code: 'CANCELLED',
    });
    expect(seen).toEqual([]);
  });

  it('cancelled after it was sent: ambiguous', async () => {
    const stop = new AbortController();
    reply = () => stop.abort();
    expect(await failureOf(client().request(post({ signal: stop.signal })))).toMatchObject({ kind: 'ambiguous', code: 'CANCELLED' });
  });

  it('what no store takes becomes visible, in JSON and in text; what only looks like it stays', async () => {
    const escaped = String.raw`{"a\u0000":["\ud800","\ud83d\ude00","\\u0000"]}`;
    reply = (_, response) => response.setHeader('content-type', 'application/json').end(escaped);
    expect((await client().request({ method: 'GET', path: '/x' })).body).toEqual({ 'a\u2400': ['\ufffd', '😀', '\\u0000'] });
    reply = (_, response) => response.setHeader('content-type', 'text/plain').end('a\0b');
    expect((await client().request({ method: 'GET', path: '/x' })).body).toBe('a\u2400b');
  });

  it('bounds the answer, also when it is compressed', async () => {
    reply = (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(2_000_000)));
    expect(await failureOf(client(LOCAL, { maxBytes: 100_000 }).request(get()))).toMatchObject({ kind: 'permanent', code: 'BAD_ANSWER' });
    reply = (_, response) => response.end(Buffer.alloc(200_000));
    expect(await failureOf(client(LOCAL, { maxBytes: 100_000 }).request(post()))).toMatchObject({ kind: 'ambiguous', code: 'BAD_ANSWER' });
  });

  it('JSON that is none is an error where it was promised; text is text, nothing is null', async () => {
    reply = (_, response) => response.setHeader('content-type', 'application/json').end('{"a":');
    expect(await failureOf(client().request(get()))).toMatchObject({ kind: 'permanent', code: 'BAD_ANSWER' });
    reply = (_, response) => response.setHeader('content-type', 'text/plain').end('hello');
    expect((await client().request(get())).body).toBe('hello');
    reply = (_, response) => response.writeHead(204).end();
    expect((await client().request(get())).body).toBeNull();
  });

  it.each([
    [400, 'permanent', 'BAD_REQUEST'],
    [401, 'permanent', 'UNAUTHORIZED'],
    [403, 'permanent', 'FORBIDDEN'],
    [404, 'permanent', 'NOT_FOUND'],
    [409, 'permanent', 'CONFLICT'],
    [418, 'permanent', 'REFUSED'],
    [408, 'ambiguous', 'TIMEOUT'],
    [500, 'ambiguous', 'SERVER_ERROR'],
    [502, 'ambiguous', 'SERVER_ERROR'],
    [503, 'ambiguous', 'UNAVAILABLE'],
    [504, 'ambiguous', 'SERVER_ERROR'],
    [425, 'retryable', 'UNAVAILABLE'],
    [429, 'retryable', 'RATE_LIMITED'],
  ])('a write that is answered %d is %s %s', async (status, kind, code) => {
    reply = (_, response) => response.writeHead(status).end();
    expect(await failureOf(client().request(post()))).toMatchObject({ kind, code });
  });

  it('accepted statuses are answers', async () => {
    reply = (_, response) => response.writeHead(404).end();
    expect((await client().request(get({ accept: [404] }))).status).toBe(404);
  });

  it("says the product's own words, on one line, without our secret or marks that turn text around", async () => {
    reply = (_, response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message: `bad\r\ntoken ${TOKEN} \u202e"x"` }));
    const failure = await failureOf(client().request(post()));
    expect(failure.message).toMatch(/It says: "bad token \[secret\] +x"$/);
  });

  it('no failure carries the secret anywhere', async () => {
    const failures = [];
    for (const status of [302, 400, 401, 429, 500]) {
      reply = (_, response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', location: `/${TOKEN}` })
          .end(JSON.stringify({ error: `You sent Bearer ${TOKEN}` }));
      failures.push(await failureOf(client().request(post())));
    }
    reply = (_, response) => response.destroy();
    failures.push(
      await failureOf(client().request(post())),
      await failureOf(client(LOCAL, { baseUrl: 'http://127.0.0.1:1' }).request(post())),
    );
    const { inspect } = await import('node:util');
    for (const failure of failures)
      expect(`${inspect(failure, { depth: 9, showHidden: true })}${JSON.stringify(failure)}`).not.toContain(TOKEN);
  });

  it('keeps connections open between requests', async () => {
    const sockets = new Set<number | undefined>();
    reply = (request, response) => {
      sockets.add(request.socket.remotePort);
      response.end();
    };
    const one = client();
    for (let count = 0; count < 5; count += 1) await one.request(get());
    expect(sockets.size).toBe(1);
  });
});
