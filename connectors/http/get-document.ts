// http.get: a document below the connector's address.
import { z } from 'zod';
import { type CallContext, read } from '../connector.ts';
import { type HttpProduct, map, output, path, segments, toOutput } from './document.ts';

const input = z.strictObject({ path, query: map.exactOptional() });

export async function fetchDocument(
  client: HttpProduct,
  wanted: z.infer<typeof input>,
  context: CallContext,
): Promise<z.infer<typeof output>> {
  // Only plain values make a query parameter; what is nested is sent as JSON text.
  const query = Object.fromEntries(
    Object.entries(wanted.query ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  const request = {
    method: 'GET' as const,
    ...segments(client, wanted.path),
    query,
    headers: await client.headers(),
    signal: context.signal,
  };
  return toOutput(await client.http.request(request));
}

export const getDocument = read({
  verb: 'http.get',
  risk: 'read',
  input,
  output,
  permissions: 'whatever the path needs',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#name-get',
  example: { path: '/status' },
  run: fetchDocument,
});
