// What is read of users: the account, its open sessions, and the clients that hold offline tokens for it.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { type CallContext, ConnectorFailure, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import type { AdminClient } from './admin-client.ts';

export const user = z.object({
  id: z.string().min(1),
  username: z.string(),
  enabled: z.boolean(),
  email: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
});
const consents = z.array(z.object({ clientId: z.string(), additionalGrants: z.array(z.object({ key: z.string() })).optional() }));

export type User = z.infer<typeof user>;

export async function readUser(client: AdminClient, id: string, signal: AbortSignal): Promise<User> {
  return parsed(user, await client.get({ path: '/users/{id}', params: { id } }, signal));
}

export async function findUsers(client: AdminClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const search = async (member: 'username' | 'email', value: string): Promise<readonly Entity[]> => {
    const answer = await client.get({ path: '/users', query: { [member]: value, exact: true, max: 10 } }, signal);
    // Keycloak's own idea of exact may change with its version: only what really is equal counts. It keeps both in lower case.
    return parsed(z.array(user), answer)
      .filter((each) => each[member]?.toLowerCase() === value.toLowerCase())
      .map(toEntity);
  };
  const byId = (id: string) =>
    readUser(client, id, signal).then(
      (found) => [toEntity(found)],
      (error: unknown) => {
        if (error instanceof ConnectorFailure && (error.code === 'NOT_FOUND' || error.code === 'BAD_PATH')) return [];
        throw error;
      },
    );
  return matchExactly('user', ref, { id: byId, email: (email) => search('email', email), name: (name) => search('username', name) });
}

/** Sessions in browsers and apps. Offline tokens are not among them. */
export async function countSessions(client: AdminClient, id: string, signal: AbortSignal): Promise<number> {
  return parsed(z.array(z.unknown()), await client.get({ path: '/users/{id}/sessions', params: { id } }, signal)).length;
}

/** Clients that hold an offline token, which outlives a logout in the list though it is refused. */
export async function offlineClients(client: AdminClient, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const rows = parsed(consents, await client.get({ path: '/users/{id}/consents', params: { id } }, signal));
  const isOffline = (row: (typeof rows)[number]) => (row.additionalGrants ?? []).some((grant) => grant.key === 'Offline Token');
  return rows
    .filter(isOffline)
    .map((row) => row.clientId)
    .sort();
}

/** Ends all sessions, and sets the user's notBefore: tokens from before this second are refused (one of the same second is not). Repeatable. */
export async function logout(client: AdminClient, id: string, context: CallContext): Promise<void> {
  await client.change('POST', { path: '/users/{id}/logout', params: { id } }, context);
}

/** Only `enabled`: an update that carries attributes would erase names and mail address. */
export async function setEnabled(client: AdminClient, id: string, enabled: boolean, context: CallContext): Promise<void> {
  await client.change('PUT', { path: '/users/{id}', params: { id }, json: { enabled } }, context);
}

export function toEntity({ id, username, email, firstName, lastName }: User): Entity {
  const name = [firstName, lastName].filter((each) => each !== undefined && each !== '').join(' ');
  return {
    kind: 'user',
    id,
    name: name === '' ? username : name,
    aliases: [username, ...(email === undefined || email === '' ? [] : [email])],
  };
}
