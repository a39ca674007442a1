// The one guarded HTTP client (axios inside). Types first; the implementation stands below.
import type { Json } from './connector.ts';

export interface HttpOptions {
  /** All requests go below it. */
  readonly baseUrl: string;
  /** Host names or addresses that may be reached, beside the base URL's own. */
  readonly allowedHosts?: readonly string[];
  /** Whole request, ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Answer's size, bytes. Default 5 MiB. */
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
  /** Statuses that are answers, not failures. Default: 200-299. */
  readonly accept?: readonly number[];
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
}
