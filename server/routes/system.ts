// For machines that look after machines: alive, ready, numbers.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { countOpen } from '../../store/views/counts.ts';
import type { ServerDeps } from '../deps.ts';
import { identify } from '../guard.ts';
import { problem } from '../problems.ts';
import type { App, RouteContext } from './route.ts';

const readyQuery = z.strictObject({ for: z.enum(['intake', 'runs']).default('intake') });

export function systemRoutes(app: App, { deps, metrics }: RouteContext): void {
  app.get('/healthz', { schema: { tags: ['system'], summary: 'The process answers' } }, async () => ({
    status: 'ok',
    version: deps.version,
  }));
  app.get(
    '/readyz',
    { schema: { tags: ['system'], summary: 'Alerts and decisions are taken; for=runs: and runs go on', querystring: readyQuery } },
    async (request) => {
      const missing = (await deps.store.ready()) ? await deps.ready(request.query.for) : 'the store does not answer';
      if (missing !== undefined) throw problem('NOT_READY', missing, { 'retry-after': '2' });
      return { status: 'ready', version: deps.version };
    },
  );
  app.get(
    '/metrics',
    { schema: { tags: ['system'], summary: 'Prometheus metrics; beyond this machine a token is needed' } },
    async (request, reply) => {
      if (!isLocal(request, deps)) await mustRead(request, deps);
      const text = await metrics.text(await countOpen(deps.store.db));
      return reply.type(text.type).send(text.body);
    },
  );
}

const PEERS: ReadonlySet<string | undefined> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const NAMES: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** From this machine itself, and not through a proxy on it: some say nothing of themselves, but then the address that people open is known. */
function isLocal({ socket, headers, host }: FastifyRequest, { publicUrl }: ServerDeps): boolean {
  const called = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  const isProxied = publicUrl !== undefined && !NAMES.has(new URL(publicUrl).hostname);
  return PEERS.has(socket.remoteAddress) && NAMES.has(called) && !isProxied && PROXIES.every((name) => headers[name] === undefined);
}

async function mustRead(request: FastifyRequest, deps: ServerDeps): Promise<void> {
  const who = await identify(request, deps);
  if (!who.scopes.includes('read')) throw problem('SCOPE_MISSING', 'This needs a token with the scope read.');
}
