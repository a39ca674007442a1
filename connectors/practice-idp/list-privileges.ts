// privilege.list: the groups that give an account administrative rights.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { findUsers } from './accounts.ts';
import { readGroups } from './privileges.ts';

export const listPrivileges = read({
  verb: 'privilege.list',
  risk: 'read',
  input: z.strictObject({ user }),
  output: z.strictObject({ groups: z.array(z.string()).readonly() }),
  permissions: 'groups:read',
  docs: '/idp/api/v1/users/{id}/privileges',
  example: { user: { id: 'user-001' } },
  target: userTarget,
  run: async (client: BearerClient, input, { signal }, entity) => {
    const found = entity ?? theOnly('user', await findUsers(client, input.user, signal));
    return { groups: await readGroups(client, found.id, signal) };
  },
});
