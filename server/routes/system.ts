// For machines that look after machines: alive, ready, numbers.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countOpen } from '../../store/views/counts.ts';
import type { ServerDeps } from '../deps.ts';
import { identify } from '../guard.ts';
import { problem } from '../problems.ts';
import type { RouteContext } from './route.ts';

export function systemRoutes(app: FastifyInstance, { deps, metrics }: RouteContext): void {
  app.get('/healthz', { schema: { tags: ['system'], summary: 'The process answers' } }, async () => ({
    status: 'ok',
    version: deps.version,
  }));
  app.get('/readyz', { schema: { tags: ['system'], summary: 'Alerts and decisions are taken' } }, async () => {
    const missing = (await deps.store.ready()) ? await deps.ready() : 'the store does not answer';
    if (missing !== undefined) throw problem('NOT_READY', missing, { 'retry-after': '2' });
    return { status: 'ready', version: deps.version };
  });
  app.get(
    '/metrics',
    { schema: { tags: ['system'], summary: 'Prometheus metrics; beyond this machine a token is needed' } },
    async (request, reply) => {
      if (!isLocal(request)) await mustRead(request, deps);
      const text = await metrics.text(await countOpen(deps.store.db));
      return reply.type(text.type).send(text.body);
    },
  );
}

/** From this machine itself, and not through a proxy on it. */
function isLocal(request: FastifyRequest): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !isForwarded && (peer === '127.0.0.1' || peer === '::1' || peer === '::ffff:127.0.0.1');
}

async function mustRead(request: FastifyRequest, deps: ServerDeps): Promise<void> {
  const who = await identify(request, deps);
  if (!who.scopes.includes('read')) throw problem('SCOPE_MISSING', 'This needs a token with the scope read.');
}
