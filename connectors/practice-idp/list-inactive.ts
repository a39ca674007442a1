// user.list_inactive: enabled accounts that nobody uses.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { duration, durationSeconds } from '../params.ts';

const account = z.object({ id: z.string(), name: z.string(), email: z.string(), manager: z.string(), away_days: z.number() });

export const listInactive = read({
  verb: 'user.list_inactive',
  risk: 'read',
  input: z.strictObject({ for: duration }),
  output: z.strictObject({ users: z.array(account).readonly() }),
  permissions: 'users:read',
  docs: '/idp/api/v1/inactive',
  example: { for: '90d' },
  run: async (client: BearerClient, input, { signal }) => {
    const query = { for_s: durationSeconds(input.for) };
    return { users: parsed(z.array(account), await client.get({ path: '/api/v1/inactive', query, signal })) };
  },
});
