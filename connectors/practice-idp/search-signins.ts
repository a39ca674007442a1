// signin.search: who tried from an address, and for whom it worked.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { duration, durationSeconds, ip, user } from '../params.ts';

const DEFAULT_WITHIN = '24h';

const signIn = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  succeeded: z.boolean(),
  at: z.string(),
});

// No `target`: the address is somebody else's, and nothing that lives here.
export const searchSignIns = read({
  verb: 'signin.search',
  risk: 'read',
  input: z.strictObject({ ip, within: duration.exactOptional() }),
  output: z.strictObject({ succeeded: z.array(user).readonly(), failed: z.array(user).readonly() }),
  permissions: 'signins:read',
  docs: '/idp/api/v1/signins',
  example: { ip: '203.0.113.66' },
  run: async (client: BearerClient, input, { signal }) => {
    const query = { ip: input.ip, newer_than_s: durationSeconds(input.within ?? DEFAULT_WITHIN) };
    const found = parsed(z.array(signIn), await client.get({ path: '/api/v1/signins', query, signal }));
    const named = (list: typeof found) => [...new Map(list.map((each) => [each.user.id, each.user])).values()];
    const succeeded = named(found.filter((each) => each.succeeded));
    const isIn = new Set(succeeded.map((each) => each.id));
    return { succeeded, failed: named(found.filter((each) => !isIn.has(each.user.id))) };
  },
});
