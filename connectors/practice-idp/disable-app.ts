// app.disable: nobody signs in to it, and it gets no new tokens.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { line } from '../params.ts';
import { appTarget, readApp } from './apps.ts';

export const disableApp = reversible({
  verb: 'app.disable',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ app: line }),
  output: z.strictObject({ enabled: z.boolean() }),
  permissions: 'apps:write',
  docs: '/idp/api/v1/apps/{id}/disable',
  example: { app: 'Mail Helper' },
  landsWithinMs: 2_000,
  target: appTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({ enabled: (await readApp(client, targetOf(entity).id, signal)).enabled }),
  done: (state) => !state.enabled,
  run: (client, _, entity, __, context) => change(client, targetOf(entity).id, 'disable', context),
  result: (after) => ({ enabled: after.enabled }),
  undo: (client, _, entity, before, context) => change(client, targetOf(entity).id, before.enabled ? 'enable' : 'disable', context),
  says: (_, entity) => `Disable the application ${targetOf(entity).name} (${targetOf(entity).id})`,
  saysUndo: (_, entity) => `Enable the application ${targetOf(entity).name} (${targetOf(entity).id})`,
});

async function change(client: BearerClient, id: string, to: 'enable' | 'disable', context: CallContext): Promise<void> {
  await client.change({ method: 'POST', path: '/api/v1/apps/{id}/{to}', params: { id, to } }, context);
}
