// Serves the console's build with the real headers, and the API's contract from a world of fixtures. For browser tests only.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LiveEvent } from '../../server/contract.ts';
import { consolePolicy, newNonce, securityHeaders } from '../../server/headers.ts';
import { answer } from './answers.ts';
import type { World } from './world.ts';

export interface FixtureServer {
  readonly url: string;
  /** What the API answers from; replace it to begin anew. */
  world: World;
  /** Tells every open page that something changed. */
  tell(topic: LiveEvent['topic']): void;
  /** While false, live connections are cut and refused. */
  isLive: boolean;
  /** Live connections that were. */
  refused: number;
  cut(): void;
  close(): Promise<void>;
}

/** Builds the console into a temporary folder: 1 to 2 s. */
export async function buildConsole(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-console-'));
  // As it is shipped: a test runner's own NODE_ENV would bring React's development build along.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder, '--logLevel', 'error'], {
    env,
  });
  return folder;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};

export async function startFixtureServer(folder: string, world: World): Promise<FixtureServer> {
  const live = new Set<ServerResponse>();
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(false))) response.setHeader(name, value);
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  const fixture: FixtureServer = {
    url: '',
    world,
    isLive: true,
    refused: 0,
    tell: (topic) => {
      for (const stream of live) stream.write(`data: ${JSON.stringify({ topic })}\n\n`);
    },
    cut: () => {
      for (const stream of live) stream.destroy();
    },
    close: async () => {
      fixture.cut();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (url.pathname === '/api/v1/live') return openLive(response);
    if (url.pathname.startsWith('/api/v1')) return api(request, response, url);
    const type = TYPES[extname(url.pathname)];
    if (type) return void response.writeHead(200, { 'content-type': type }).end(await readFile(join(folder, url.pathname)));
    const nonce = newNonce();
    response.writeHead(200, {
      'content-type': TYPES['.html'],
      'content-security-policy': consolePolicy(nonce),
      'cache-control': 'no-store',
    });
    response.end(page.replaceAll('__NONCE__', nonce));
  }

  function openLive(response: ServerResponse): void {
    if (!fixture.isLive) {
      fixture.refused += 1;
      return void response.writeHead(503).end();
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    live.add(response);
    response.on('close', () => live.delete(response));
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    const call = {
      method: request.method ?? 'GET',
      path: url.pathname.slice('/api/v1'.length),
      query: url.searchParams,
      body: text ? JSON.parse(text) : {},
    };
    const { status, body, changed = [], type } = answer(fixture.world, call);
    response.writeHead(status, {
      'content-type': type ?? (status < 400 ? 'application/json' : 'application/problem+json'),
      'cache-control': 'no-store',
    });
    response.end(body === undefined ? '' : type === undefined ? JSON.stringify(body) : String(body));
    for (const topic of changed) fixture.tell(topic);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  return Object.assign(fixture, { url: `http://127.0.0.1:${port}` });
}
