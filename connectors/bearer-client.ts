// A product's API behind one bearer token: the plain case. The token is resolved at each request, so that a rotated one is picked up.
import type { z } from 'zod';
import type { BearerConfig } from './config.ts';
import { type CallContext, ConnectorFailure, type Ports } from './connector.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';

type Read = Pick<HttpRequest, 'path' | 'params' | 'query' | 'accept' | 'signal'>;
type Change = Omit<HttpRequest, 'signal' | 'form'>;

export interface BearerClient {
  readonly url: string;
  readonly get: (request: Read) => Promise<HttpAnswer>;
  /** undefined where the product has no such thing: 404, or an id that cannot even be part of a path. */
  readonly find: (request: Read) => Promise<HttpAnswer | undefined>;
  /** Sends our key as Idempotency-Key, after `context.sending()` has agreed. */
  readonly change: (request: Change, context: CallContext) => Promise<HttpAnswer>;
  readonly close: () => void;
}

export function bearerClient(config: BearerConfig, ports: Ports): BearerClient {
  const http = ports.http({ baseUrl: config.url, timeoutMs: config.timeoutMs });
  const authorization = async () => `Bearer ${(await ports.secret(config.token)).reveal()}`;
  const get = async (request: Read) => http.request({ ...request, method: 'GET', headers: { authorization: await authorization() } });
  return {
    url: config.url,
    get,
    find: (request) => get(request).catch(nothing),
    change: async (request, context) => {
      const headers = { ...request.headers, authorization: await authorization(), 'idempotency-key': context.key };
      context.sending();
      return http.request({ ...request, headers, signal: context.signal });
    },
    close: http.close,
  };
}

function nothing(error: unknown): undefined {
  if (error instanceof ConnectorFailure && (error.code === 'NOT_FOUND' || error.code === 'BAD_PATH')) return undefined;
  throw error;
}

/** An answer's body by its schema. Throws ConnectorFailure BAD_ANSWER; ambiguous where the answer was to a change. */
export function parsed<T>(schema: z.ZodType<T>, answer: HttpAnswer, change?: 'change'): T {
  const result = schema.safeParse(answer.body);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') ?? '';
  throw new ConnectorFailure(
    change === undefined ? 'permanent' : 'ambiguous',
    'BAD_ANSWER',
    `The product answered ${answer.status} with something else than expected${where === '' ? '' : ` (at ${where})`}. Is the address right, and its version one that is supported?`,
  );
}
