// ip.block: the address goes on the block list, and comes off it again.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { ip, ipTarget } from '../params.ts';

const PATH = '/api/v1/blocklist/{ip}';

export const blockIp = reversible({
  verb: 'ip.block',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ ip }),
  output: z.strictObject({ blocked: z.boolean() }),
  permissions: 'blocklist:write',
  docs: '/firewall/api/v1/blocklist/{ip}',
  example: { ip: '203.0.113.7' },
  landsWithinMs: 2_000,
  target: ipTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({
    blocked: (await client.find({ path: PATH, params: { ip: targetOf(entity).id }, signal })) !== undefined,
  }),
  done: (state) => state.blocked,
  run: (client, _, entity, __, context) => put(client, targetOf(entity).id, true, context),
  result: (after) => ({ blocked: after.blocked }),
  undo: (client, _, entity, before, context) => put(client, targetOf(entity).id, before.blocked, context),
  says: (_, entity) => `Block ${targetOf(entity).id}`,
  saysUndo: (_, entity) => `Unblock ${targetOf(entity).id}`,
});

/** Deleting what is not there is done. */
async function put(client: BearerClient, address: string, blocked: boolean, context: CallContext): Promise<void> {
  const params = { ip: address };
  if (blocked) await client.change({ method: 'PUT', path: PATH, params, json: { comment: `Cordon ${context.key}` } }, context);
  else await client.change({ method: 'DELETE', path: PATH, params, accept: [404] }, context);
}
