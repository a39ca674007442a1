// Paths and answers of the plain HTTP connector.
import { z } from 'zod';
import { ConnectorFailure } from '../connector.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http.ts';

export interface HttpProduct {
  readonly http: HttpClient;
  readonly paths: readonly string[];
  readonly ping: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

export const path = z
  .string()
  .max(2_000)
  .regex(/^\/[^?#\p{Cc}]*$/u, 'must start with "/" and hold no query or fragment');
export const map = z.record(z.string(), z.json());
export const output = z.strictObject({ status: z.number(), body: z.record(z.string(), z.unknown()) });

/** A path from a playbook, segment by segment, so that none of them can be "..". Throws ConnectorFailure permanent BAD_PATH. */
export function segments(client: HttpProduct, wanted: string): Pick<HttpRequest, 'path' | 'params'> {
  const parts = wanted.replace(/^\/|\/$/g, '').split('/');
  if (wanted === '/') return { path: '/' };
  const within = client.paths.some(
    (allowed) => allowed === '/' || wanted === allowed || wanted.startsWith(`${allowed.replace(/\/$/, '')}/`),
  );
  if (!within)
    throw new ConnectorFailure('permanent', 'BAD_PATH', 'The path is not one that "paths" of this connector allows; nothing was sent.');
  const params = Object.fromEntries(parts.map((part, index) => [`s${index}`, part]));
  const slash = wanted.endsWith('/') ? '/' : '';
  return { path: `/${parts.map((_, index) => `{s${index}}`).join('/')}${slash}`, params };
}

/** A map whatever the product sends: lists, texts and numbers stand under `value`. */
export function toOutput({ status, body }: HttpAnswer): z.infer<typeof output> {
  const isMap = typeof body === 'object' && body !== null && !Array.isArray(body);
  return { status, body: isMap ? Object.fromEntries(Object.entries(body)) : { value: body } };
}
