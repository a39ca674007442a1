// user.lookup: the account, whether it may sign in, and its open sessions.
import { z } from 'zod';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import type { AdminClient } from './admin-client.ts';
import { countSessions, findUsers, readUser } from './users.ts';

export const lookupUser = read({
  verb: 'user.lookup',
  risk: 'read',
  input: z.strictObject({ user }),
  output: z.strictObject({ user, enabled: z.boolean(), sessions: z.number() }),
  permissions: 'realm-management: view-users',
  docs: 'https://www.keycloak.org/docs-api/latest/rest-api/index.html#_users',
  example: { user: { name: 'alice' } },
  target: userTarget,
  run: async (client: AdminClient, input, { signal }, entity) => {
    const { id, name } = entity ?? theOnly('user', await findUsers(client, input.user, signal));
    const [account, sessions] = await Promise.all([readUser(client, id, signal), countSessions(client, id, signal)]);
    return { user: { id, name, ...(account.email !== undefined && { email: account.email }) }, enabled: account.enabled, sessions };
  },
});
