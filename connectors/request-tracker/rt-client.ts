// Request Tracker's REST 2.0, as it really behaves: searches are consistent at once, creates are not idempotent, and a PUT
// answers 200 even when it did nothing.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import { type CallContext, ConnectorFailure, type Json, type Ports } from '../connector.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';

const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,99}$/, 'may hold letters, digits, blanks, "_", "." and "-"');

export const rtConfig = z
  .strictObject({
    url: baseUrl.describe('Address of the API, ending in /REST/2.0.'),
    token: secretReference.describe('Authentication token of the account, as env:NAME or file:path.'),
    user: word.describe("The account's name. A ping proves that the token is its."),
    queue: word.describe('Tickets are opened in it.'),
    keyField: word.exactOptional().describe('Ticket custom field for our key: one value, and not "unique values".'),
    keyLink: baseUrl
      .exactOptional()
      .describe('Instead of keyField: our key is put into RefersTo as <keyLink>/<key>. Needs no custom field.'),
    timeoutMs,
  })
  .refine((config) => (config.keyField === undefined) !== (config.keyLink === undefined), {
    message: 'give one of keyField and keyLink',
    path: ['keyField'],
  });

export type RtConfig = z.infer<typeof rtConfig>;

type Ask = Pick<HttpRequest, 'path' | 'params' | 'query' | 'accept'>;

export interface RtClient {
  readonly config: RtConfig;
  readonly get: (ask: Ask, signal: AbortSignal) => Promise<HttpAnswer>;
  readonly change: (method: 'POST' | 'PUT', ask: Ask & { readonly json: Json }, context: CallContext) => Promise<HttpAnswer>;
  readonly close: () => void;
}

export function rtClient(config: RtConfig, ports: Ports): RtClient {
  const http = ports.http({ baseUrl: config.url, timeoutMs: config.timeoutMs });
  const authorization = async () => `token ${(await ports.secret(config.token)).reveal()}`;
  return {
    config,
    get: async (ask, signal) => http.request({ ...ask, method: 'GET', headers: { authorization: await authorization() }, signal }),
    change: async (method, ask, context) => {
      const headers = { authorization: await authorization() };
      context.sending();
      return http.request({ ...ask, method, headers, signal: context.signal });
    },
    close: http.close,
  };
}

/** An id as RT gives it: a number, or text that is one. */
export const rtId = z.union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,11}$/)]).transform(Number);

const found = z.object({ items: z.array(z.object({ id: rtId })), total: z.number() });

/** Tickets that carry the key, lowest id first. What was merged away is not among them. */
export async function ticketsByKey(client: RtClient, key: string, signal: AbortSignal): Promise<readonly number[]> {
  const query = { query: keyQuery(client.config, key), orderby: 'id', order: 'ASC', per_page: 100 };
  const { items } = parsed(found, await client.get({ path: '/tickets', query }, signal));
  return items.map((item) => item.id).sort((a, b) => a - b);
}

/** TicketSQL has no parameters: the key is checked, the names were checked with the configuration. */
function keyQuery({ keyField, keyLink }: RtConfig, key: string): string {
  if (!/^[A-Za-z0-9._~-]{1,200}$/.test(key))
    throw new ConnectorFailure('permanent', 'BAD_REQUEST', 'The key of this step cannot be searched for; nothing was sent.');
  return keyField !== undefined ? `CF.{${keyField}} = '${key}'` : `RefersTo = '${keyLink}/${key}'`;
}

/** The members of a new ticket that carry the key. */
export function keyMembers({ keyField, keyLink }: RtConfig, key: string): Readonly<Record<string, Json>> {
  return keyField !== undefined ? { CustomFields: { [keyField]: key } } : { RefersTo: `${keyLink}/${key}` };
}

/** Address of a ticket for people. */
export const ticketUrl = ({ url }: RtConfig, id: number): string => `${url.replace(/\/REST\/2\.0\/?$/, '')}/Ticket/Display.html?id=${id}`;
