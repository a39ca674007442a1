// session.revoke: all sessions end, refresh tokens are refused, offline tokens too.
import { z } from 'zod';
import { readable } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import type { AdminClient } from './admin-client.ts';
import { countSessions, logout, offlineClients } from './users.ts';

export const revokeSessions = readable({
  verb: 'session.revoke',
  risk: 'destructive',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ ended: z.number() }),
  permissions: 'realm-management: manage-users',
  docs: 'https://www.keycloak.org/docs-api/latest/rest-api/index.html#_users',
  example: { user: { name: 'alice' } },
  landsWithinMs: 10_000,
  target: userTarget,
  read: async (client: AdminClient, _, entity, { signal }) => {
    const { id } = targetOf(entity);
    const [sessions, offline] = await Promise.all([countSessions(client, id, signal), offlineClients(client, id, signal)]);
    return { sessions, offline };
  },
  done: (state) => state.sessions === 0 && state.offline.length === 0,
  run: async (client, _, entity, before, context) => {
    const { id } = targetOf(entity);
    await logout(client, id, context);
    // 404: gone by itself in the meantime.
    for (const each of before.offline) {
      await client.change('DELETE', { path: '/users/{id}/consents/{client}', params: { id, client: each }, accept: [404] }, context);
    }
  },
  result: (after, before) => ({ ended: Math.max(0, before.sessions + before.offline.length - after.sessions - after.offline.length) }),
  says: (_, entity, before) => {
    const { name, aliases } = targetOf(entity);
    const count = before === undefined ? 'all' : `${before.sessions + before.offline.length}`;
    return `End ${count} sessions of ${name} (${aliases[0] ?? ''})`;
  },
});
