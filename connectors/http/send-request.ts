// http.send: one request that changes something. Nothing tells whether it took effect, so it is never sent a second time by itself.
import { z } from 'zod';
import { sent } from '../connector.ts';
import { type HttpProduct, map, output, path, segments, toOutput } from './document.ts';

export const sendRequest = sent({
  verb: 'http.send',
  risk: 'destructive',
  delivery: 'once',
  input: z.strictObject({ method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']), path, body: map.exactOptional() }),
  output,
  permissions: 'whatever the path needs',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#name-post',
  example: { method: 'POST', path: '/actions', body: { note: 'from Cordon' } },
  landsWithinMs: 30_000,
  run: async (client: HttpProduct, input, _, context) => {
    const headers = { ...(await client.headers()), 'idempotency-key': context.key };
    const request = { method: input.method, ...segments(client, input.path), headers, json: input.body, signal: context.signal };
    context.sending();
    return toOutput(await client.http.request(request));
  },
  says: (input) => `Send ${input.method} ${input.path}`,
});
