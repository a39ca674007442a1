// user.lookup: the account, whether it may sign in, and its open sessions.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { countSessions, findUsers, isEnabled } from './accounts.ts';

export const lookupUser = read({
  verb: 'user.lookup',
  risk: 'read',
  input: z.strictObject({ user }),
  output: z.strictObject({ user, enabled: z.boolean(), sessions: z.number() }),
  permissions: 'users:read',
  docs: '/idp/api/v1/users',
  example: { user: { email: 'eve.adams@example.test' } },
  target: userTarget,
  run: async (client: BearerClient, input, context, entity) => {
    const found = entity ?? theOnly('user', await findUsers(client, input.user, context.signal));
    const [enabled, sessions] = await Promise.all([
      isEnabled(client, found.id, context.signal),
      countSessions(client, found.id, context.signal),
    ]);
    const email = found.aliases.find((each) => each.includes('@'));
    return { user: { id: found.id, name: found.name, ...(email !== undefined && { email }) }, enabled, sessions };
  },
});
