// POST /hooks/<source>: the only door for alerts. Checks that need no secret come first and are the same for every source, known or not.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Intake, Post } from '../intake.ts';
import { problem } from '../problems.ts';
import { type BodyReader, bodyReader } from '../read-body.ts';

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;
const OTHERS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

interface HookRoute {
  readonly Params: { readonly source: string };
}

/** A scope of its own: no other route may receive raw bytes. */
export function hooks(intake: Intake, reader: BodyReader = bodyReader()): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    app.post<HookRoute>(
      '/hooks/:source',
      { onRequest: checkHeaders, schema: { hide: false, tags: ['alerts'], summary: 'Post alerts', description: DESCRIPTION } },
      async (request, reply) => {
        const body = await reader.read(request.raw);
        return reply.code(202).send(await intake.take(postOf(request, body)));
      },
    );
    app.route({
      method: [...OTHERS],
      url: '/hooks/:source',
      schema: { hide: true },
      onRequest: async () => {
        throw problem('METHOD_NOT_ALLOWED', 'Webhooks are posted.', { allow: 'POST' });
      },
      handler: async () => undefined,
    });
  };
}

const DESCRIPTION =
  'One alert (plain, signed as a Standard Webhook) or a notification of Alertmanager (Bearer or Basic). ' +
  'Answers 202 {id, status: accepted | duplicate | quarantined, alerts?} after the commit. 401, 413 (1 MiB), 415, 429 and 503 take nothing.';

async function checkHeaders(request: FastifyRequest): Promise<void> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (type === undefined || !JSON_TYPE.test(type))
    throw problem('UNSUPPORTED_TYPE', 'The Content-Type is not application/json in UTF-8.', CLOSE);
  if (encoding !== undefined) throw problem('UNSUPPORTED_TYPE', 'Bodies with a Content-Encoding are not taken.', CLOSE);
}

/** The body is not read. */
const CLOSE = { connection: 'close' };

function postOf(request: FastifyRequest<HookRoute>, body: Buffer): Post {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    source: request.params.source,
    body,
    contentType: header('content-type') ?? '',
    peer: request.socket.remoteAddress ?? 'unknown',
    webhookId: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signature: header('webhook-signature'),
    authorization: header('authorization'),
  };
}
