// password.expire: the password must be changed at the next sign-in.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';

const password = z.object({ expired: z.boolean() });

export const expirePassword = reversible({
  verb: 'password.expire',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ expired: z.boolean() }),
  permissions: 'passwords:expire',
  docs: '/idp/api/v1/users/{id}/password',
  example: { user: { id: 'user-007' } },
  landsWithinMs: 2_000,
  target: userTarget,
  read: async (client: BearerClient, _, entity, { signal }) =>
    parsed(password, await client.get({ path: '/api/v1/users/{id}/password', params: { id: targetOf(entity).id }, signal })),
  done: (state) => state.expired,
  run: (client, _, entity, __, context) => change(client, targetOf(entity).id, 'expire', context),
  result: (after) => ({ expired: after.expired }),
  undo: (client, _, entity, before, context) => change(client, targetOf(entity).id, before.expired ? 'expire' : 'accept', context),
  says: (_, entity) => `Ask ${targetOf(entity).name} (${targetOf(entity).id}) for a new password`,
  saysUndo: (_, entity) => `Let the password of ${targetOf(entity).name} (${targetOf(entity).id}) stand`,
});

async function change(client: BearerClient, id: string, to: 'expire' | 'accept', context: CallContext): Promise<void> {
  await client.change({ method: 'POST', path: '/api/v1/users/{id}/password/{to}', params: { id, to } }, context);
}
