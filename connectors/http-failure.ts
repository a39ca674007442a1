// What an answer or a broken connection means for a retry. A refusal is the product's word that nothing happened, not a proof: what can be read is
// read before it is believed (activities/proof.ts). What has no answer at all may have happened, and that is said here.
import { ConnectorFailure, type FailureKind } from './connector.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What of a request is safe to say: the template, never the values. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** A repeat could do something twice. */
  readonly changes: boolean;
  /** Values of this request that must not come back in a message. */
  readonly secrets: readonly string[];
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  412: 'PRECONDITION_FAILED',
  413: 'TOO_LARGE',
  422: 'BAD_REQUEST',
};

/** A failure for every status that is no answer. `body` is only used for the product's own sentence, cleaned and cut. */
export function statusFailure(asked: Asked, status: number, headers: Readonly<Record<string, string>>, body: unknown, nowMs: number) {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs);
  const fail = (kind: FailureKind, code: string, what: string) =>
    new ConnectorFailure(kind, code, `${where(asked)} ${what}${sentence(body, asked.secrets)}`, { retryAfterMs });
  const afterSending: FailureKind = asked.changes ? 'ambiguous' : 'retryable';
  if (status >= 300 && status < 400)
    return fail('permanent', 'REDIRECT_REFUSED', `answered ${status}, a redirect; those are never followed.`);
  if (status === 429) return fail('retryable', 'RATE_LIMITED', 'answered 429: too many requests.');
  if (status === 425) return fail('retryable', 'UNAVAILABLE', 'answered 425: too early.');
  if (status === 408) return fail(afterSending, 'TIMEOUT', 'answered 408: it waited too long for the request.');
  if (status === 503 && retryAfterMs !== undefined) return fail('retryable', 'UNAVAILABLE', 'answered 503 and when to come back.');
  if (status >= 500) return fail(afterSending, status === 503 ? 'UNAVAILABLE' : 'SERVER_ERROR', `answered ${status}.`);
  if (status >= 400) return fail('permanent', CODES[status] ?? 'REFUSED', `answered ${status}.`);
  return fail(afterSending, 'BAD_ANSWER', `answered ${status}, which is no final answer.`);
}

/** A failure for a request that got no whole answer. `sent`: some of it may have reached the product. */
export function brokenFailure(
  asked: Asked,
  why: 'timeout' | 'cancelled' | 'broken' | 'too-large' | 'bad-json',
  sent: boolean,
): ConnectorFailure {
  const { changes } = asked;
  const kind: FailureKind = sent && changes ? 'ambiguous' : 'retryable';
  if (why === 'too-large')
    return new ConnectorFailure(changes ? 'ambiguous' : 'permanent', 'BAD_ANSWER', `${where(asked)} answered more than is allowed.`);
  if (why === 'bad-json')
    return new ConnectorFailure(changes ? 'ambiguous' : 'permanent', 'BAD_ANSWER', `${where(asked)} said JSON and sent something else.`);
  if (!sent && why !== 'cancelled')
    return new ConnectorFailure('retryable', 'UNREACHABLE', `${asked.host} could not be reached; nothing was sent.`);
  if (why === 'timeout') return new ConnectorFailure(kind, 'TIMEOUT', `${where(asked)} did not answer in time.`);
  if (why === 'cancelled')
    return new ConnectorFailure(kind, 'CANCELLED', `${where(asked)} was cancelled ${sent ? 'after' : 'before'} it was sent.`);
  return new ConnectorFailure(kind, 'CONNECTION_LOST', `${where(asked)}: the connection broke before a whole answer was there.`);
}

const where = (asked: Asked): string => `${asked.method} ${asked.path} at ${asked.host}`;

/** The product's own words, where they are in one of the usual members. Hostile text: one line without format marks, 200 characters, no secret of ours. */
function sentence(body: unknown, secrets: readonly string[]): string {
  const text = said(body);
  if (text === undefined) return '';
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  return ` It says: "${clean
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"]+/gu, ' ')
    .trim()
    .slice(0, 200)}"`;
}

function said(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  for (const name of ['error_description', 'errorMessage', 'errorSummary', 'detail', 'message', 'error', 'title']) {
    // Own members only, of whatever the product sent.
    const value: unknown = Object.hasOwn(body, name) ? (body as Readonly<Record<string, unknown>>)[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
