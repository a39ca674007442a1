// key.disable: the key opens nothing, and is kept.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { line } from '../params.ts';
import { readKey } from './keys.ts';

export const disableKey = reversible({
  verb: 'key.disable',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ key: line }),
  output: z.strictObject({ active: z.boolean() }),
  permissions: 'keys:write',
  docs: '/cloud/v1/keys/{id}/deactivate',
  example: { key: 'key-001-a' },
  landsWithinMs: 2_000,
  target: (input: { readonly key: string }) => ({ kind: 'key', ref: { id: input.key } }),
  read: async (client: BearerClient, _, entity, { signal }) => ({ active: (await readKey(client, targetOf(entity).id, signal)).active }),
  done: (state) => !state.active,
  run: (client, _, entity, __, context) => change(client, targetOf(entity).id, 'deactivate', context),
  result: (after) => ({ active: after.active }),
  undo: (client, _, entity, before, context) => change(client, targetOf(entity).id, before.active ? 'activate' : 'deactivate', context),
  says: (_, entity) => `Disable the access key ${targetOf(entity).name}`,
  saysUndo: (_, entity) => `Enable the access key ${targetOf(entity).name}`,
});

async function change(client: BearerClient, id: string, to: 'activate' | 'deactivate', context: CallContext): Promise<void> {
  await client.change({ method: 'POST', path: '/v1/keys/{id}/{to}', params: { id, to } }, context);
}
