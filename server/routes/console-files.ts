// The console's files. Every address that is none of them is the console itself, whose page gets a fresh nonce each time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { consolePolicy, newNonce } from '../headers.ts';
import { problem } from '../problems.ts';

export async function consoleFiles(app: FastifyInstance, deps: ServerDeps): Promise<void> {
  const { consoleDir } = deps;
  if (consoleDir === undefined) return;
  const page = await readFile(join(consoleDir, 'index.html'), 'utf8');
  await app.register(fastifyStatic, { root: consoleDir, serve: false, dotfiles: 'deny' });
  app.get<{ Params: { '*': string } }>('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = request.params['*'];
    if (path.startsWith('api/') || path.startsWith('hooks/')) throw problem('NOT_FOUND', `There is nothing at GET /${path}.`);
    // Built files have a digest in their name; everything else is an address of the console.
    if (path.startsWith('assets/')) return reply.sendFile(path, consoleDir, { maxAge: '365d', immutable: true });
    return sendPage(reply, page);
  });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = newNonce();
  return reply
    .header('content-security-policy', consolePolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll('__NONCE__', nonce));
}
