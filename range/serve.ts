// A request to a product: token, route, fault, effect, record, answer.
import type { ServerResponse } from 'node:http';
import type { Fault, Faults } from './faults.ts';
import { matchRoute, type Outcome, type Product, type Route } from './product.ts';
import type { RangeRecord } from './record.ts';
import { Refused, type Request, readJson, sendJson } from './request.ts';
import { type RangeState, same } from './state.ts';

export interface Serving {
  readonly products: readonly Product[];
  readonly state: RangeState;
  readonly record: RangeRecord;
  readonly faults: Faults;
  readonly tokens: Readonly<Record<string, string>>;
  readonly settleMs: number;
  readonly now: () => number;
  /** Effects that have yet to land, and answers that wait. */
  readonly timers: Set<NodeJS.Timeout>;
}

interface Asked {
  readonly product: Product;
  readonly request: Request;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function answerProduct(serving: Serving, product: Product, request: Request, response: ServerResponse): Promise<void> {
  const match = matchRoute(product, request.method, request.path.slice(product.name.length + 1));
  const body = await readJson(request);
  if (match === undefined || match === 'method') throw new Refused(match === undefined ? 404 : 405, 'This product has no such operation.');
  if (match.route.open !== true && !hasToken(serving, product, request, body)) throw new Refused(401, 'The token is missing or wrong.');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refused(400, 'The body is no object.');
  const asked: Asked = { product, request, ...match, body: body as Readonly<Record<string, unknown>> }; // an object, as was just checked
  const fault = faultFor(serving, asked);
  const late = fault?.delayMs !== undefined || fault?.landsAfterMs !== undefined ? { sinceMs: serving.now() } : {};
  await waitMs(serving, fault?.delayMs ?? 0);
  if (fault?.landsAfterMs !== undefined) {
    lose(response, fault.hang);
    await waitMs(serving, fault.landsAfterMs);
    commit(serving, asked, { happens: true, status: null, ...late });
    return;
  }
  const dropped = fault?.drop !== undefined || fault?.hang === true;
  const happens = fault === undefined || fault.drop === 'after' || (!dropped && fault.status === undefined);
  const silent = dropped && fault?.status === undefined;
  const outcome = commit(serving, asked, { happens, status: silent ? null : fault?.status, ...late });
  if (silent) return lose(response, fault?.hang);
  if (fault?.status === undefined) return sendJson(response, outcome.status, outcome.body, outcome.headers);
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  return sendJson(response, fault.status, { error: 'a fault that was asked for' }, headers);
}

/** What it is about has to be worked out for that, so only where there are faults at all. */
function faultFor(serving: Serving, asked: Asked): Fault | undefined {
  if (serving.faults.list().length === 0) return undefined;
  return serving.faults.take(asked.product.name, asked.route.word, plan(serving, asked).target ?? null);
}

/** Where products take it: a header, the address (Teams' workflows), or the body (PagerDuty's events). */
function hasToken({ tokens }: Serving, product: Product, { headers, query }: Request, body: unknown): boolean {
  const token = tokens[product.name];
  const inBody = typeof body === 'object' && body !== null && 'routing_key' in body ? body.routing_key : undefined;
  const given = [(headers.authorization ?? '').replace(/^(Bearer |token (token=)?)/i, ''), query.get('sig'), inBody];
  return token !== undefined && token !== '' && given.includes(token);
}

/** What it would do now. Touches nothing. */
function plan(serving: Serving, { product, request, route, params, body }: Asked): Outcome {
  const { query, headers } = request;
  const things = serving.state.things(product.name);
  return route.handle({ params, query, body, headers, key: keyOf(headers), things, nowMs: serving.now(), settleMs: serving.settleMs });
}

interface Happening {
  readonly happens: boolean;
  readonly status: number | null | undefined;
  /** When it came, where a fault made it wait since. */
  readonly sinceMs?: number;
}

/** Decides once more (the world may have changed while a fault delayed it), records, and changes state: one step, no await in it. */
function commit(serving: Serving, asked: Asked, how: Happening): Outcome {
  const outcome = plan(serving, asked);
  const { product, request, route } = asked;
  const nowMs = serving.now();
  const target = outcome.target ?? null;
  const before = target === null ? null : (serving.state.things(product.name).get(target)?.value ?? null);
  const after = how.happens && outcome.effect !== undefined ? outcome.effect.after : before;
  serving.record.append({
    at: new Date(nowMs).toISOString(),
    ...(how.sinceMs === undefined ? {} : { since: new Date(how.sinceMs).toISOString() }),
    product: product.name,
    method: request.method,
    path: request.path,
    key: keyOf(request.headers),
    effect: outcome.effect?.word ?? route.word,
    target,
    before: route.word === null ? null : before,
    after: route.word === null ? null : after,
    status: how.status === undefined ? outcome.status : how.status,
  });
  if (target !== null && !same(before, after)) serving.state.place(product.name, target, after, nowMs);
  return outcome;
}

const keyOf = (headers: Request['headers']): string | null => headers['idempotency-key'] ?? null;

function lose(response: ServerResponse, hang: boolean | undefined): void {
  if (hang !== true) response.destroy();
}

function waitMs({ timers }: Serving, delayMs: number): Promise<void> {
  if (delayMs === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, delayMs);
    timers.add(timer);
  });
}
