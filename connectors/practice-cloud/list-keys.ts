// key.list: the access keys of a person.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { findPeople } from '../people-lookup.ts';
import { readKeysOf } from './keys.ts';

export const listKeys = read({
  verb: 'key.list',
  risk: 'read',
  input: z.strictObject({ user }),
  output: z.strictObject({ keys: z.array(z.object({ id: z.string(), active: z.boolean(), idle_days: z.number() })).readonly() }),
  permissions: 'keys:read',
  docs: '/cloud/v1/users/{id}/keys',
  example: { user: { id: 'user-001' } },
  target: userTarget,
  run: async (client: BearerClient, input, { signal }, entity) => {
    const found = entity ?? theOnly('user', await findPeople(client, '/v1/users', input.user, signal));
    const keys = await readKeysOf(client, found.id, signal);
    return { keys: keys.map(({ id, active, idle_days }) => ({ id, active, idle_days })) };
  },
});
