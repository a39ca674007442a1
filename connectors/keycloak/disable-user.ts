// user.disable: disable, then log out, then read back. Disabling alone leaves sessions that come alive again when it is undone.
import { z } from 'zod';
import { reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import type { AdminClient } from './admin-client.ts';
import { countSessions, logout, readUser, setEnabled } from './users.ts';

export const disableUser = reversible({
  verb: 'user.disable',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ enabled: z.boolean() }),
  permissions: 'realm-management: manage-users',
  docs: 'https://www.keycloak.org/docs-api/latest/rest-api/index.html#_users',
  example: { user: { name: 'alice' } },
  landsWithinMs: 10_000,
  target: userTarget,
  read: async (client: AdminClient, _, entity, { signal }) => {
    const { id } = targetOf(entity);
    const [account, sessions] = await Promise.all([readUser(client, id, signal), countSessions(client, id, signal)]);
    return { enabled: account.enabled, sessions };
  },
  // A crash between disable and logout leaves sessions: then it is not done.
  done: (state) => !state.enabled && state.sessions === 0,
  run: async (client, _, entity, before, context) => {
    const { id } = targetOf(entity);
    if (before.enabled) {
      await setEnabled(client, id, false, context);
      // Half of it is done: a failure from here on, also of a new token, does not mean that nothing has left.
      context.sending();
    }
    await logout(client, id, context);
  },
  result: (after) => ({ enabled: after.enabled }),
  undo: async (client, _, entity, before, context) => setEnabled(client, targetOf(entity).id, before.enabled, context),
  // Ended sessions do not come back, and must not.
  restored: (now, before) => now.enabled === before.enabled,
  says: (_, entity, before) =>
    `Disable ${whom(targetOf(entity))}${before !== undefined && before.sessions > 0 ? ` and end ${before.sessions} of their sessions` : ''}`,
  saysUndo: (_, entity) => `Enable ${whom(targetOf(entity))}; ended sessions stay ended`,
});

const whom = (entity: { readonly name: string; readonly aliases: readonly string[] }): string =>
  `${entity.name} (${entity.aliases[0] ?? ''})`;
