// POST /channels/<connector>/clicks: buttons that people press in Slack. Proved by Slack's signature over the raw bytes.
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { problem } from '../problems.ts';
import { type BodyReader, bodyReader } from '../read-body.ts';
import { takeClick } from '../take-click.ts';

const FORM_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;.*)?$/i;

interface ClickRoute {
  readonly Params: { readonly connector: string };
}

/** A scope of its own: no other route may receive forms. */
export function clicks(deps: ServerDeps, reader: BodyReader = bodyReader()): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    app.post<ClickRoute>(
      '/channels/:connector/clicks',
      { schema: { tags: ['approvals'], summary: 'Buttons pressed in Slack', description: DESCRIPTION } },
      async (request, reply) => {
        const header = (name: string) => (typeof request.headers[name] === 'string' ? request.headers[name] : undefined);
        if (!FORM_TYPE.test(header('content-type') ?? '')) throw problem('UNSUPPORTED_TYPE', 'Slack posts forms.', { connection: 'close' });
        const post = { timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') };
        const body = await reader.read(request.raw);
        await takeClick(deps, { connector: request.params.connector, ...post, body });
        return reply.code(200).send();
      },
    );
  };
}

const DESCRIPTION =
  'The Interactivity Request URL of the Slack app. A click counts as the person that the Slack account is bound to, by the same rules as in the console; ' +
  'of an account that is bound to nobody it only answers with a link. 401 where the signature is wrong, older than five minutes, or was taken before.';
