// Slack's web API: always 200, and the truth is in `ok` and a word. Bodies are forms, as its own description has them.
import { z } from 'zod';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import { ConnectorFailure, type Ports } from '../connector.ts';
import type { HttpRequest } from '../http.ts';

export const slackConfig = z.strictObject({
  url: baseUrl.default('https://slack.com/api').describe('Address of the web API.'),
  token: secretReference.describe("The app's bot token (xoxb-…), as env:NAME or file:path."),
  signing_secret: z
    .union([secretReference, z.array(secretReference).min(1).max(2)])
    .exactOptional()
    .describe(
      "The app's signing secret, or two while it is being replaced. Without it nobody can decide in Slack; messages then only link.",
    ),
  timeoutMs,
});

export type SlackConfig = z.infer<typeof slackConfig>;

export interface SlackClient {
  /** Clicks come back, and can be checked. */
  readonly hasClicks: boolean;
  /** `answer`: what a good answer holds beside `ok`. Throws ConnectorFailure. */
  readonly call: <T>(method: string, form: Readonly<Record<string, string>>, answer: z.ZodType<T>, signal: AbortSignal) => Promise<T>;
  readonly read: <T>(method: string, query: Readonly<Record<string, string>>, answer: z.ZodType<T>, signal: AbortSignal) => Promise<T>;
  readonly close: () => void;
}

export function slackClient(config: SlackConfig, ports: Ports): SlackClient {
  const http = ports.http({ baseUrl: config.url, timeoutMs: config.timeoutMs });
  const ask = async <T>(request: HttpRequest, answer: z.ZodType<T>): Promise<T> => {
    const headers = { authorization: `Bearer ${(await ports.secret(config.token)).reveal()}` };
    const { body } = await http.request({ ...request, headers });
    const changes = request.method === 'POST';
    const said = envelope.safeParse(body);
    if (said.success && !said.data.ok) throw slackRefusal(said.data.error, changes);
    const good = answer.safeParse(body);
    if (said.success && good.success) return good.data;
    throw new ConnectorFailure(changes ? 'ambiguous' : 'permanent', 'BAD_ANSWER', 'Slack answered with something else than expected.');
  };
  return {
    hasClicks: config.signing_secret !== undefined,
    call: (method, form, answer, signal) => ask({ method: 'POST', path: `/${method}`, form, signal }, answer),
    read: (method, query, answer, signal) => ask({ method: 'GET', path: `/${method}`, query, signal }, answer),
    close: http.close,
  };
}

const envelope = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

const RETRYABLE: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'accesslimited']);
/** Something went wrong in Slack, which does not say how far it had come. */
const UNCLEAR: ReadonlySet<string> = new Set(['internal_error', 'fatal_error', 'request_timeout']);
const UNAUTHORIZED: ReadonlySet<string> = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);
const FORBIDDEN: ReadonlySet<string> = new Set([
  'missing_scope',
  'not_in_channel',
  'restricted_action',
  'ekm_access_denied',
  'is_archived',
]);

/** Its word, as a failure. */
export function slackRefusal(word = 'unknown_error', changes = true): ConnectorFailure {
  const known = /^[a-z_]{1,60}$/.test(word) ? word : 'unknown_error';
  const kind = RETRYABLE.has(known) ? 'retryable' : UNCLEAR.has(known) ? (changes ? 'ambiguous' : 'retryable') : 'permanent';
  const code = UNAUTHORIZED.has(known)
    ? 'UNAUTHORIZED'
    : FORBIDDEN.has(known)
      ? 'FORBIDDEN'
      : known.startsWith('rate')
        ? 'RATE_LIMITED'
        : known === 'channel_not_found'
          ? 'NOT_FOUND'
          : known === 'message_not_found'
            ? 'MESSAGE_GONE'
            : 'REFUSED';
  return new ConnectorFailure(kind, code, `Slack refused it: ${known}.`);
}
