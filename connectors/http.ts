// The one guarded HTTP client (axios inside). Types first; the implementation stands below.
import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { mayHoldUnstorable, storableJson, storableText } from '../language/storable-text.ts';
import { type AddressRules, isAddressAllowed } from './address-guard.ts';
import { ConnectorFailure, type Json } from './connector.ts';
import { guardedLookup, hostRefused, type ResolveName, systemResolver } from './guarded-lookup.ts';
import { type Asked, brokenFailure, statusFailure } from './http-failure.ts';
import { checkedHeaders, secretValues } from './http-headers.ts';
import { observedTransport, type Progress } from './observed-transport.ts';
import { fillPath } from './path-template.ts';

export interface HttpOptions {
  /** All requests go below it. */
  readonly baseUrl: string;
  /** Whole request, ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Answer's size after decompression, and the request's, bytes. Default 5 MiB. */
  readonly maxBytes?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path template with named segments, `/users/{id}`: each value is checked and encoded, "." and ".." and "/" are refused. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json | undefined;
  readonly form?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Statuses that are answers beside 200-299. */
  readonly accept?: readonly number[];
  /** The request changes nothing although its method could: a search or a token by POST. Default: only GET is safe. */
  readonly safe?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text, or null for none. Untrusted: parse it with a schema. */
  readonly body: unknown;
}

/** Throws ConnectorFailure only: retryable before sending and for 429/503, ambiguous after sending, permanent for other 4xx. */
export interface HttpClient {
  readonly request: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Ends idle connections. */
  readonly close: () => void;
}

/** The deployment's rules for what goes out; the same for all connectors. */
export interface HttpGuard {
  readonly addresses: AddressRules;
  /** Hosts that may be reached at all. Default: whatever a connector's configuration names. */
  readonly hosts?: readonly string[];
  /** Plain http:// beyond loopback. Default false: tokens would travel in the clear. */
  readonly plainHttp?: boolean;
  readonly resolveName?: ResolveName;
  /** Clock for HTTP dates in Retry-After, ms. */
  readonly now?: () => number;
}

export const DEFAULT_TIMEOUT_MS = 10_000;
/** A connection without a request on it is closed after this, ms. Requests have a time limit of their own. */
const IDLE_MS = 4_000;
const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;

/** Only public addresses, only https: what holds where nothing else is said. */
const STRICT_GUARD: HttpGuard = { addresses: {} };

/** Throws ConnectorFailure permanent at once where the base URL itself is refused. */
export function httpClient(options: HttpOptions, guard: HttpGuard = STRICT_GUARD): HttpClient {
  const base = checkedBase(options.baseUrl, guard);
  const lookup = guardedLookup(guard.addresses, guard.resolveName ?? systemResolver);
  // Idle connections end before the usual servers' five seconds: a request on a connection that just died would be ambiguous.
  const settings = { keepAlive: true, maxFreeSockets: 32, scheduling: 'lifo' as const, timeout: IDLE_MS, lookup };
  const agents = { httpAgent: new HttpAgent(settings), httpsAgent: new HttpsAgent(settings) };
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const instance = axios.create({
    ...agents,
    adapter: 'http',
    proxy: false, // no HTTP_PROXY from the environment: the guard must see the true address
    maxRedirects: 0,
    maxContentLength: maxBytes,
    maxBodyLength: maxBytes,
    decompress: true,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    request: (request) => send(instance, base, request, timeoutMs, guard.now ?? Date.now),
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function checkedBase(text: string, guard: HttpGuard): URL {
  const base = URL.canParse(text) ? new URL(text) : undefined;
  if (
    base === undefined ||
    !/^https?:$/.test(base.protocol) ||
    base.username !== '' ||
    base.password !== '' ||
    base.search !== '' ||
    base.hash !== ''
  ) {
    throw new ConnectorFailure(
      'permanent',
      'BAD_URL',
      'The address must be http(s)://host[:port][/path], with no sign-in, query or fragment in it.',
    );
  }
  const host = base.hostname.replace(/^\[|\]$/g, '');
  if (guard.hosts !== undefined && !guard.hosts.some((each) => each.toLowerCase() === host)) throw hostRefused(host);
  if (isIP(host) !== 0 && !isAddressAllowed(host, guard.addresses, host)) throw hostRefused(host);
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (base.protocol === 'http:' && !local && guard.plainHttp !== true) {
    throw new ConnectorFailure('permanent', 'BAD_URL', `${host} must be https:// (plain http would show the token to the network).`);
  }
  return base;
}

async function send(instance: AxiosInstance, base: URL, request: HttpRequest, timeoutMs: number, now: () => number): Promise<HttpAnswer> {
  const url = target(base, request);
  const { headers, data } = content(request);
  const asked: Asked = {
    method: request.method,
    path: request.path,
    host: base.host,
    changes: request.method !== 'GET' && request.safe !== true,
    secrets: secretValues(headers, request.form ?? {}),
  };
  const progress: Progress = { sent: false };
  const stop = new AbortController();
  const state = { late: false };
  const timer = setTimeout(() => {
    state.late = true;
    stop.abort();
  }, timeoutMs);
  const cancel = () => stop.abort();
  if (request.signal?.aborted === true) stop.abort();
  if (request.signal !== undefined) setMaxListeners(0, request.signal); // one step may have many requests on their way
  request.signal?.addEventListener('abort', cancel, { once: true });
  try {
    const transport = observedTransport(base.protocol === 'https:' ? httpsRequest : httpRequest, progress);
    const config = { url, method: request.method, headers, data, signal: stop.signal, transport };
    return answer(asked, await instance.request<Buffer>(config), request.accept ?? [], now());
  } catch (error) {
    throw failure(asked, error, stop.signal.aborted ? (state.late ? 'timeout' : 'cancelled') : undefined, progress.sent);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', cancel);
  }
}

function target(base: URL, request: HttpRequest): string {
  const path = base.pathname.replace(/\/$/, '') + fillPath(request.path, request.params);
  const url = new URL(path, base);
  // Whatever a parser makes of the path, it must be what was built.
  if (url.origin !== base.origin || url.pathname !== path)
    throw new ConnectorFailure('permanent', 'BAD_PATH', `The path ${request.path} leads elsewhere.`);
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) url.searchParams.append(name, String(value));
  return url.href;
}

function content(request: HttpRequest): { headers: Record<string, string>; data: string | undefined } {
  const headers = { accept: 'application/json', 'user-agent': 'cordon', ...checkedHeaders(request.headers ?? {}) };
  if (request.form !== undefined) {
    return {
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      data: new URLSearchParams(request.form).toString(),
    };
  }
  if (request.json === undefined) return { headers, data: undefined };
  return { headers: { ...headers, 'content-type': 'application/json' }, data: JSON.stringify(request.json) };
}

function answer(asked: Asked, response: AxiosResponse<Buffer>, accept: readonly number[], nowMs: number): HttpAnswer {
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const { status } = response;
  const isAnswer = (status >= 200 && status < 300) || accept.includes(status);
  const body = parseBody(asked, response.data, headers['content-type'] ?? '', isAnswer);
  if (!isAnswer) throw statusFailure(asked, status, headers, body, nowMs);
  return { status, headers, body };
}

function parseBody(asked: Asked, data: Buffer | undefined, type: string, isAnswer: boolean): unknown {
  const text = data === undefined ? '' : Buffer.from(data).toString('utf8');
  if (text === '') return null;
  if (!/[/+]json\b/i.test(type)) return storableText(text);
  try {
    const value: unknown = JSON.parse(text);
    return mayHoldUnstorable(text) ? storableJson(value) : value;
  } catch {
    if (isAnswer) throw brokenFailure(asked, 'bad-json', true);
    return storableText(text);
  }
}

/** Never passes the library's error on, not even as a cause: it carries the request's headers. */
function failure(asked: Asked, error: unknown, stopped: 'timeout' | 'cancelled' | undefined, sent: boolean): ConnectorFailure {
  if (error instanceof ConnectorFailure) return error;
  const cause: unknown = axios.isAxiosError(error) ? error.cause : undefined;
  if (cause instanceof ConnectorFailure) return cause; // from the guarded lookup
  if (stopped !== undefined) return brokenFailure(asked, stopped, sent);
  const code = axios.isAxiosError(error) ? error.code : undefined;
  const tooLarge = code === 'ERR_BAD_RESPONSE' && error instanceof Error && error.message.includes('maxContentLength');
  return brokenFailure(asked, tooLarge ? 'too-large' : 'broken', sent);
}
