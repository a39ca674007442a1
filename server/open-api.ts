// The API's description: requests from the schemas that check them, answers from responses.ts, every error as a problem.
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RESPONSES } from './responses.ts';
import * as shape from './schemas.ts';

export async function openApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cordon',
        version,
        description:
          'Every error is application/problem+json with a stable `code`. Lists answer {items, next?}; give `next` as `before` for the page after it. ' +
          'Sign in with a cookie (the console) or send `Authorization: Bearer cdn_…`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token. It acts as its person, within its scopes.' },
        },
      },
      security: [{ token: [] }],
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      // The transform's result has no narrower type than this.
      return { url, schema: { ...(schema as object), response: responsesOf([route.route.method].flat()[0] ?? 'GET', route.url) } };
    },
  });
  // One text for all: anybody may ask for it, and as often as they like.
  let text: string | undefined;
  app.get('/api/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

const json = (schema: z.ZodType): object => z.toJSONSchema(schema, { io: 'output' });
const PROBLEM = {
  description: 'What went wrong, with a stable code.',
  content: { 'application/problem+json': { schema: json(shape.problem) } },
};

function responsesOf(method: string, route: string): object {
  const answer = RESPONSES[`${method} ${route}`];
  const good = answer
    ? { [answer.status]: { description: 'Done.', content: { 'application/json': { schema: json(answer.schema) } } } }
    : {};
  return { ...good, default: PROBLEM };
}
