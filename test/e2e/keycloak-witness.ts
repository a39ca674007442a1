// Keycloak as others see it: people who sign in, an application that asks about a token, and its own record of admin events.
import { type Running, startSystem } from './system.ts';

/** Made up, as in systems/keycloak.sh. */
export const CLIENT_SECRET = 'made-up-client-secret';

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export type KeycloakWitness = Awaited<ReturnType<typeof startKeycloak>>;

type Json = Record<string, unknown>;

export async function startKeycloak() {
  const running: Running = await startSystem('keycloak');
  const url = `http://127.0.0.1:${running.port}`;
  const oidc = async (path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(`${url}/realms/cordon/protocol/openid-connect/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers,
    });
    return (await answer.json()) as Json; // Keycloak answers JSON to all of these
  };
  let known: { readonly bearer: string; readonly goodUntilMs: number } | undefined;
  const adminToken = async (): Promise<string> => {
    if (known !== undefined && performance.now() < known.goodUntilMs) return known.bearer;
    const form = { grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: 'made-up-admin' };
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: bearer } = (await answer.json()) as { access_token: string };
    known = { bearer, goodUntilMs: performance.now() + 30_000 }; // Keycloak's own default is 60 s
    return bearer;
  };
  const admin = async (method: string, path: string, body?: object): Promise<unknown> => {
    const bearer = await adminToken();
    const answer = await fetch(`${url}/admin/realms/cordon${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : await answer.json();
  };
  const idOf = async (login: string): Promise<string> => {
    const found = (await admin('GET', `/users?username=${login}&exact=true`)) as { id: string }[];
    return found[0]?.id ?? '';
  };
  return {
    url,
    stop: running.stop,
    admin,
    idOf,
    /** Signs in; throws with Keycloak's words when that is refused. */
    signIn: async (login: string, scope = 'openid'): Promise<Tokens> => {
      const form = { grant_type: 'password', client_id: 'portal', username: login, password: `made-up-${login}`, scope };
      const answer = await oidc('token', form);
      if (typeof answer.access_token !== 'string') throw new Error(String(answer.error_description));
      return { access: answer.access_token, refresh: String(answer.refresh_token) };
    },
    /** "ok", or why the refresh was refused. */
    refresh: async ({ refresh }: Tokens): Promise<string> => {
      const answer = await oidc('token', { grant_type: 'refresh_token', client_id: 'portal', refresh_token: refresh });
      return String(answer.error_description ?? 'ok');
    },
    /** As an application in the token's audience sees it; any other client is always told "inactive". */
    isActive: async ({ access }: Tokens): Promise<boolean> => {
      const authorization = `Basic ${Buffer.from(`api:${CLIENT_SECRET}`).toString('base64')}`;
      return (await oidc('token/introspect', { token: access }, { authorization })).active === true;
    },
    account: async (login: string) => {
      const id = await idOf(login);
      const user = (await admin('GET', `/users/${id}`)) as { enabled: boolean; firstName?: string; email?: string };
      const sessions = (await admin('GET', `/users/${id}/sessions`)) as unknown[];
      return { enabled: user.enabled, firstName: user.firstName ?? null, email: user.email ?? null, sessions: sessions.length };
    },
    /** Clients that hold an offline token of this user. */
    offline: async (login: string): Promise<string[]> => {
      const consents = (await admin('GET', `/users/${await idOf(login)}/consents`)) as { clientId: string; additionalGrants?: unknown[] }[];
      return consents.filter((consent) => (consent.additionalGrants ?? []).length > 0).map((consent) => consent.clientId);
    },
    /** As on the first day: enabled, signed in nowhere. */
    enable: async (login: string): Promise<void> => {
      const id = await idOf(login);
      await admin('PUT', `/users/${id}`, { enabled: true });
      await admin('POST', `/users/${id}/logout`);
      const consents = (await admin('GET', `/users/${id}/consents`)) as { clientId: string }[];
      for (const { clientId } of consents) await admin('DELETE', `/users/${id}/consents/${clientId}`);
    },
    /** What Cordon's account changed of a user, oldest first, by Keycloak's own events: "UPDATE {"enabled":false}", "ACTION logout". */
    changes: async (login: string): Promise<string[]> => {
      const id = await idOf(login);
      const events = (await admin('GET', `/admin-events?resourcePath=users/${id}*&max=100`)) as {
        operationType: string;
        resourcePath: string;
        representation?: string;
        authDetails?: { clientId?: string; userId?: string };
      }[];
      return events
        .map((event) => `${event.operationType} ${event.resourcePath.replace(`users/${id}`, 'user')} ${event.representation ?? ''}`.trim())
        .reverse();
    },
  };
}
