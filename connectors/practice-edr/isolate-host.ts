// host.isolate: the agent cuts the host off, but for its own line to the EDR.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { isIsolated, readDevice } from './devices.ts';

export const isolateHost = reversible({
  verb: 'host.isolate',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ host }),
  output: z.strictObject({ isolated: z.boolean() }),
  permissions: 'devices:contain',
  docs: '/edr/v1/devices/{id}/isolate',
  example: { host: { name: 'wks-007' } },
  landsWithinMs: 2_000,
  settle: { everyMs: 25, forMs: 5_000 },
  target: hostTarget,
  read: async (client: BearerClient, _, entity, context) => ({
    isolated: isIsolated(await readDevice(client, targetOf(entity).id, context.signal)),
  }),
  done: (state) => state.isolated,
  run: (client, _, entity, __, context) => change(client, targetOf(entity).id, 'isolate', context),
  result: (after) => ({ isolated: after.isolated }),
  undo: (client, _, entity, before, context) => change(client, targetOf(entity).id, before.isolated ? 'isolate' : 'release', context),
  says: (_, entity) => `Isolate ${targetOf(entity).name}`,
  saysUndo: (_, entity) => `Release ${targetOf(entity).name}`,
});

async function change(client: BearerClient, id: string, to: 'isolate' | 'release', context: CallContext): Promise<void> {
  await client.change(
    { method: 'POST', path: '/v1/devices/{id}/{to}', params: { id, to }, json: { comment: `Cordon ${context.key}` } },
    context,
  );
}
