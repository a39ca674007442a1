// Any product with an HTTP API, for which there is no connector of its own: GET, and single requests that are never repeated.
import { z } from 'zod';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import { connector, type Ports } from '../connector.ts';
import type { HttpProduct } from './document.ts';
import { fetchDocument, getDocument } from './get-document.ts';
import { sendRequest } from './send-request.ts';

const config = z.strictObject({
  url: baseUrl.describe('All paths are below it.'),
  headers: z
    .record(z.string(), secretReference)
    .default({})
    .describe('Headers of each request, such as x-api-key; their values as env:NAME or file:path.'),
  token: secretReference.exactOptional().describe('Sent as Authorization: Bearer.'),
  paths: z.array(z.string().startsWith('/')).min(1).default(['/']).describe('Only paths that are one of these, or below one of them.'),
  ping: z.string().startsWith('/').default('/').describe('A path that answers 2xx only to those who are signed in.'),
  timeoutMs,
});

export const httpProduct = connector({
  type: 'http',
  title: 'HTTP',
  config,
  open: (settings, ports): HttpProduct => ({
    http: ports.http({ baseUrl: settings.url, timeoutMs: settings.timeoutMs }),
    paths: settings.paths,
    ping: settings.ping,
    headers: () => resolveHeaders(settings, ports),
  }),
  close: async (client) => client.http.close(),
  ping: async (client, signal) => {
    const { status } = await fetchDocument(client, { path: client.ping }, { key: 'ping', signal, sending: () => undefined });
    return { as: 'the configured headers', detail: `${client.ping} answered ${status}` };
  },
  actions: [getDocument, sendRequest],
});

async function resolveHeaders(settings: z.infer<typeof config>, ports: Ports): Promise<Readonly<Record<string, string>>> {
  const named = Object.entries(settings.headers).map(
    async ([name, reference]) => [name, (await ports.secret(reference)).reveal()] as const,
  );
  const token = settings.token === undefined ? [] : [['authorization', `Bearer ${(await ports.secret(settings.token)).reveal()}`] as const];
  return Object.fromEntries([...(await Promise.all(named)), ...token]);
}
