// user.disable: suspends the account; its sessions live on until session.revoke.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { isEnabled } from './accounts.ts';

export const disableUser = reversible({
  verb: 'user.disable',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ enabled: z.boolean() }),
  permissions: 'users:suspend',
  docs: '/idp/api/v1/users/{id}/lifecycle',
  example: { user: { email: 'eve.adams@example.test' } },
  landsWithinMs: 2_000,
  target: userTarget,
  read: async (client: BearerClient, _, entity, context) => ({ enabled: await isEnabled(client, targetOf(entity).id, context.signal) }),
  done: (state) => !state.enabled,
  run: (client, _, entity, __, context) => lifecycle(client, targetOf(entity).id, 'suspend', context),
  result: (after) => ({ enabled: after.enabled }),
  undo: (client, _, entity, before, context) => lifecycle(client, targetOf(entity).id, before.enabled ? 'unsuspend' : 'suspend', context),
  says: (_, entity) => `Disable ${targetOf(entity).name} (${targetOf(entity).id})`,
  saysUndo: (_, entity) => `Enable ${targetOf(entity).name} (${targetOf(entity).id})`,
});

/** The product answers 400 where the account is in that state already; what holds is read back anyway. */
async function lifecycle(client: BearerClient, id: string, change: 'suspend' | 'unsuspend', context: CallContext): Promise<void> {
  await client.change({ method: 'POST', path: '/api/v1/users/{id}/lifecycle/{change}', params: { id, change }, accept: [400] }, context);
}
