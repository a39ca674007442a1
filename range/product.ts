// What a product of the practice range is: named things with a value each, and routes that say what a request does to them.
import type { Json } from '../connectors/connector.ts';

/** One thing that a product keeps: an account, a device, a ticket. `atMs`: when it got this value; 0 for the seed. */
export interface Thing {
  readonly value: Json;
  readonly atMs: number;
}

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Our idempotency key, where the request carries one. */
  readonly key: string | null;
  readonly things: ReadonlyMap<string, Thing>;
  readonly nowMs: number;
  /** How long an asynchronous effect takes to become true, ms. */
  readonly settleMs: number;
}

/** What a request comes to. Decided without touching anything, so that faults can drop it, or let it land later. */
export interface Outcome {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** The thing that it was about. */
  readonly target?: string;
  /** `word`: isolate, release, disable … `after` becomes the target's value. */
  readonly effect?: { readonly word: string; readonly after: Json };
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** `/api/v1/users/:id`, below the product's prefix. */
  readonly path: string;
  /** What it would do, for faults that pick by effect; null for reads. */
  readonly word: string | null;
  /** True: needs no token (a sign-in). */
  readonly open?: true;
  readonly handle: (call: Call) => Outcome;
}

export interface Product {
  /** Also the prefix of its paths. */
  readonly name: string;
  readonly seed: (nowMs: number) => ReadonlyMap<string, Json>;
  readonly routes: readonly Route[];
}

export const notFound = (what: string): Outcome => ({ status: 404, body: { error: `${what} not found` } });
export const badRequest = (error: string): Outcome => ({ status: 400, body: { error } });

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** undefined where no route has this path; 'method' where one has it with another method. */
export function matchRoute(product: Product, method: string, path: string): Match | 'method' | undefined {
  let other = false;
  for (const route of product.routes) {
    const params = matchPath(route.path, path);
    if (params === undefined) continue;
    if (route.method === method) return { route, params };
    other = true;
  }
  return other ? 'method' : undefined;
}

function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return undefined;
    } else if (value === '') return undefined;
    else params[part.slice(1)] = decode(value);
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
