// Keycloak's admin API behind a service account's token, which lasts minutes and is fetched again in time.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import { type CallContext, ConnectorFailure, type Ports } from '../connector.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';

export const keycloakConfig = z.strictObject({
  url: baseUrl.describe('Address of Keycloak, without /realms.'),
  realm: z.string().min(1).max(200).describe('The realm whose users are acted on.'),
  client: z
    .string()
    .min(1)
    .max(200)
    .describe(
      'A confidential client with a service account, which has manage-users of realm-management; with view-users alone it reads, but is shown as failed.',
    ),
  secret: secretReference.describe("The client's secret, as env:NAME or file:path."),
  timeoutMs,
});

export type KeycloakConfig = z.infer<typeof keycloakConfig>;

type Ask = Pick<HttpRequest, 'path' | 'params' | 'query' | 'accept' | 'json'>;

export interface AdminClient {
  /** Below /admin/realms/{realm}. */
  readonly get: (ask: Ask, signal: AbortSignal) => Promise<HttpAnswer>;
  readonly change: (method: 'PUT' | 'POST' | 'DELETE', ask: Ask, context: CallContext) => Promise<HttpAnswer>;
  /** Who the token says that we are. */
  readonly whoAmI: (signal: AbortSignal) => Promise<{ readonly subject: string; readonly roles: readonly string[] }>;
  readonly close: () => void;
}

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number() });
const claims = z.object({
  preferred_username: z.string(),
  resource_access: z.record(z.string(), z.object({ roles: z.array(z.string()) })).default({}),
});

interface Token {
  readonly value: string;
  readonly goodUntilMs: number;
}

export function adminClient(config: KeycloakConfig, ports: Ports, nowMs: () => number = () => performance.now()): AdminClient {
  const http = ports.http({ baseUrl: config.url, timeoutMs: config.timeoutMs });
  let current: Promise<Token> | undefined;

  const fetchToken = async (): Promise<Token> => {
    const form = {
      grant_type: 'client_credentials',
      client_id: config.client,
      client_secret: (await ports.secret(config.secret)).reveal(),
    };
    const path = '/realms/{realm}/protocol/openid-connect/token';
    const askedMs = nowMs();
    // Safe: a token more or less changes nothing.
    const answer = await http.request({ method: 'POST', path, params: { realm: config.realm }, form, safe: true });
    const { access_token: value, expires_in: seconds } = parsed(tokenAnswer, answer);
    return { value, goodUntilMs: askedMs + seconds * 800 }; // 80 % of its life
  };
  const token = async (): Promise<string> => {
    const known = await current?.catch(() => undefined);
    if (known !== undefined && nowMs() < known.goodUntilMs) return known.value;
    if (known === undefined || current === undefined || known === (await current)) current = fetchToken();
    return (await current).value;
  };
  /** Once more with a fresh token after a 401: it may have been revoked or the server restarted. */
  const withToken = async (send: (authorization: string) => Promise<HttpAnswer>): Promise<HttpAnswer> => {
    try {
      return await send(`Bearer ${await token()}`);
    } catch (error) {
      if (!(error instanceof ConnectorFailure && error.code === 'UNAUTHORIZED' && current !== undefined)) throw error;
      current = undefined;
      return send(`Bearer ${await token()}`);
    }
  };
  const inRealm = (ask: Ask) => ({ ...ask, path: `/admin/realms/{realm}${ask.path}`, params: { ...ask.params, realm: config.realm } });
  return {
    get: (ask, signal) =>
      withToken((authorization) => http.request({ ...inRealm(ask), method: 'GET', headers: { authorization }, signal })),
    change: (method, ask, context) =>
      withToken((authorization) => {
        context.sending();
        return http.request({ ...inRealm(ask), method, headers: { authorization }, signal: context.signal });
      }),
    whoAmI: async (signal) => {
      signal.throwIfAborted();
      const payload = (await token()).split('.')[1] ?? '';
      const read = claims.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
      if (!read.success) throw new ConnectorFailure('permanent', 'BAD_ANSWER', 'Keycloak gave a token that does not say whose it is.');
      return { subject: read.data.preferred_username, roles: read.data.resource_access['realm-management']?.roles ?? [] };
    },
    close: http.close,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
