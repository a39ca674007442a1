// Over a real socket: what app.inject cannot show.
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signPost } from '../../server/webhook-signature.ts';
import { type Harness, plainAlert, SECRET, startHarness } from './harness.ts';

let harness: Harness;
let port: number;
beforeAll(async () => {
  harness = await startHarness({ now: () => new Date(), requestTimeoutMs: 2_000 });
  await harness.app.listen({ host: '127.0.0.1', port: 0 });
  const address = harness.app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await harness.close();
});

/** Sends what `write` writes, and gives back all that came until the socket closed. */
const talk = (write: (socket: Socket) => void): Promise<string> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => write(socket));
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', () => undefined); // the server may hang up while we still send
    socket.on('close', () => resolve(Buffer.concat(pieces).toString()));
  });
const statusOf = (answer: string): string => answer.split(' ', 2)[1] ?? '';

function signedHead(body: string): string[] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const id = `msg_socket_${body.length}`;
  return [
    'POST /hooks/plain HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `webhook-id: ${id}`,
    `webhook-timestamp: ${timestamp}`,
    `webhook-signature: ${signPost(id, timestamp, Buffer.from(body), SECRET)}`,
    'Connection: close',
  ];
}

/** Asks, never reads, and asks again, until an answer stays with the server. Gives its end there. */
async function unread(server: Server, to: number): Promise<{ readonly here: Socket; readonly there: Socket }> {
  const here = connect(to, '127.0.0.1');
  here.on('error', () => undefined).pause(); // it is closed on purpose
  const ask = (): void => void here.write('GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n');
  const there = await new Promise<Socket>((stuck) => {
    const look = ({ socket }: IncomingMessage, response: ServerResponse): void => {
      if (socket.remotePort !== here.localPort) return;
      const answered = (): void => {
        if (socket.writableLength === 0) ask();
        else {
          server.off('request', look);
          stuck(socket);
        }
      };
      response.once('prefinish', () => setImmediate(answered));
    };
    server.on('request', look);
    here.once('connect', ask);
  });
  return { here, there };
}

describe('the server on a socket', () => {
  it('takes a signed alert in chunks', async () => {
    const body = plainAlert({ id: 'chunked' });
    const head = [...signedHead(body), 'Transfer-Encoding: chunked', '', ''].join('\r\n');
    const answer = await talk((socket) => {
      socket.write(head);
      for (const piece of [body.slice(0, 10), body.slice(10)]) socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
      socket.write('0\r\n\r\n');
    });
    expect(statusOf(answer)).toBe('202');
  });

  it('refuses a body that says it is too large without waiting for it', async () => {
    const answer = await talk((socket) => {
      socket.write(
        ['POST /hooks/plain HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 104857600', '', ''].join('\r\n'),
      );
    });
    expect(statusOf(answer)).toBe('413');
    expect(answer).toContain('"code":"TOO_LARGE"');
  });

  it('refuses 100 MB in chunks without holding them', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const answer = await talk((socket) => {
      socket.write(
        ['POST /hooks/plain HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Transfer-Encoding: chunked', '', ''].join('\r\n'),
      );
      const piece = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
      let left = 1_600;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          left -= 1;
          most = Math.max(most, process.memoryUsage().rss);
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
      };
      more();
    });
    expect(statusOf(answer)).toBe('413');
    expect((most - before) / 1024 / 1024).toBeLessThan(32);
  });

  it.each([
    ['Content-Length and Transfer-Encoding', 'Content-Length: 4\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5'],
    ['a folded header', 'X-Folded: a\r\n b'],
    ['a bare line feed', 'X-A: b\nX-C: d'],
  ])('answers 400 to %s', async (_what, lines) => {
    const answer = await talk((socket) => {
      socket.write(`POST /hooks/plain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${lines}\r\n\r\n`);
      socket.end('0\r\n\r\n');
    });
    expect(statusOf(answer)).toBe('400');
  });

  it('closes senders that are slow with their headers or their body, and readers that do not read, and answers others all the while', async () => {
    const slow = (head: string): Promise<number> => {
      const startedMs = performance.now();
      return talk((socket) => {
        socket.write(head);
        const drip = setInterval(() => socket.write('x'), 200);
        socket.on('close', () => clearInterval(drip));
      }).then(() => performance.now() - startedMs);
    };
    const slowOnes = [
      ...Array.from({ length: 50 }, () => slow('POST /hooks/plain HTTP/1.1\r\nX-Slow: ')),
      ...Array.from({ length: 50 }, () =>
        slow('POST /hooks/plain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n'),
      ),
    ];
    const startedMs = performance.now();
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    for (const tookMs of await Promise.all(slowOnes)) expect(tookMs).toBeLessThan(10_000);
    const { here, there } = await unread(harness.app.server, port);
    if (!there.destroyed) await once(there, 'close'); // else the test's own time limit ends it
    here.destroy();
  });

  it('closes those that have waited longest where too many connect and ask nothing; others are answered all the while', async () => {
    const few = await startHarness({ now: () => new Date(), maxConnections: 56 });
    await few.app.listen({ host: '127.0.0.1', port: 0 });
    const address = few.app.server.address();
    const to = typeof address === 'object' && address !== null ? address.port : 0;
    const opened = async (bytes: string): Promise<Socket> => {
      const socket = connect(to, '127.0.0.1');
      socket.on('error', () => undefined); // it is closed on purpose
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write(bytes);
      return socket;
    };
    const listening = await fetch(`http://127.0.0.1:${to}/api/v1/live`, { headers: { authorization: `Bearer ${few.token}` } });
    const ways = [
      '',
      'GET / HTTP/1.1\r\nX-Slow: ',
      'POST /hooks/plain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ];
    const sockets: Socket[] = [];
    for (let index = 0; index < 120; index++) {
      sockets.push(await opened(ways[index % ways.length] ?? ''));
      if (index % 20 === 0) expect((await fetch(`http://127.0.0.1:${to}/healthz`)).status).toBe(200);
    }
    await Promise.all(
      sockets.slice(0, 70).map(async (socket) => socket.destroyed || (await new Promise((done) => socket.once('close', done)))),
    );
    // Whoever is being answered is not among those that wait.
    few.store.wake('approvals');
    const reader = listening.body?.getReader();
    let heard = '';
    while (!heard.includes('data:')) heard += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    for (const socket of sockets) socket.destroy();
    await few.close();
  });

  it('closes those that never read what they have asked for, where others need the place', async () => {
    const few = await startHarness({ now: () => new Date(), maxConnections: 8 });
    await few.app.listen({ host: '127.0.0.1', port: 0 });
    const address = few.app.server.address();
    const to = typeof address === 'object' && address !== null ? address.port : 0;
    const greedy: Socket[] = [];
    for (let index = 0; index < 10; index++) {
      greedy.push((await unread(few.app.server, to)).here);
      expect((await fetch(`http://127.0.0.1:${to}/healthz`, { headers: { connection: 'close' } })).status).toBe(200);
    }
    for (const socket of greedy) socket.destroy();
    await few.close();
  });

  it('sends what changes to whoever listens, and ends with the server', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/live`, { headers: { authorization: `Bearer ${harness.token}` } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const reader = response.body?.getReader();
    let heard = '';
    harness.store.wake('approvals');
    while (!heard.includes('data:')) heard += new TextDecoder().decode((await reader?.read())?.value);
    expect(heard).toContain('data: {"topic":"approvals"}');
    await reader?.cancel();
  });
});
