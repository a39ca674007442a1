// domain.block: the domain goes on the filter's list, and comes off it again.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { domain, domainTarget } from '../params.ts';

const PATH = '/api/v1/domains/{domain}';

export const blockDomain = reversible({
  verb: 'domain.block',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ domain }),
  output: z.strictObject({ blocked: z.boolean() }),
  permissions: 'domains:write',
  docs: '/firewall/api/v1/domains/{domain}',
  example: { domain: 'beacon.invalid' },
  landsWithinMs: 2_000,
  target: domainTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({
    blocked: (await client.find({ path: PATH, params: { domain: targetOf(entity).id }, signal })) !== undefined,
  }),
  done: (state) => state.blocked,
  run: (client, _, entity, __, context) => put(client, targetOf(entity).id, true, context),
  result: (after) => ({ blocked: after.blocked }),
  undo: (client, _, entity, before, context) => put(client, targetOf(entity).id, before.blocked, context),
  says: (_, entity) => `Block ${targetOf(entity).id} and all below it`,
  saysUndo: (_, entity) => `Unblock ${targetOf(entity).id}`,
});

/** Deleting what is not there is done. */
async function put(client: BearerClient, name: string, blocked: boolean, context: CallContext): Promise<void> {
  const params = { domain: name };
  if (blocked) await client.change({ method: 'PUT', path: PATH, params, json: { comment: `Cordon ${context.key}` } }, context);
  else await client.change({ method: 'DELETE', path: PATH, params, accept: [404] }, context);
}
