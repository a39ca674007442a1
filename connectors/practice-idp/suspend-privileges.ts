// privilege.suspend: out of every group that gives administrative rights, and back into the same ones.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { putGroups, readGroups } from './privileges.ts';

export const suspendPrivileges = reversible({
  verb: 'privilege.suspend',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ groups: z.array(z.string()).readonly() }),
  permissions: 'groups:write',
  docs: '/idp/api/v1/users/{id}/privileges',
  example: { user: { id: 'user-001' } },
  landsWithinMs: 2_000,
  target: userTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({ groups: await readGroups(client, targetOf(entity).id, signal) }),
  done: (state) => state.groups.length === 0,
  run: (client, _, entity, __, context) => putGroups(client, targetOf(entity).id, [], context),
  result: (after, before) => ({ groups: before.groups.filter((group) => !after.groups.includes(group)) }),
  undo: (client, _, entity, before, context) => putGroups(client, targetOf(entity).id, before.groups, context),
  says: (_, entity, before) => `Take ${targetOf(entity).name} (${targetOf(entity).id}) out of ${groupsIn(before?.groups)}`,
  saysUndo: (_, entity) => `Give ${targetOf(entity).name} (${targetOf(entity).id}) the administrative rights back`,
});

function groupsIn(groups: readonly string[] | undefined): string {
  return groups === undefined || groups.length === 0 ? 'all administrative groups' : groups.join(', ');
}
