// Groups that give administrative rights: which of them an account is in.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { CallContext } from '../connector.ts';

const PATH = '/api/v1/users/{id}/privileges';

export async function readGroups(client: BearerClient, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const { groups } = parsed(z.object({ groups: z.array(z.string()) }), await client.get({ path: PATH, params: { id }, signal }));
  // A set, whatever order the product gives: states are compared.
  return groups.toSorted();
}

export async function putGroups(client: BearerClient, id: string, groups: readonly string[], context: CallContext): Promise<void> {
  await client.change({ method: 'PUT', path: PATH, params: { id }, json: { groups } }, context);
}
