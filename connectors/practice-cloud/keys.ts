// The practice cloud's access keys.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const key = z.object({ id: z.string(), owner: z.string(), active: z.boolean(), idle_days: z.number() });

export type Key = z.infer<typeof key>;

export async function readKey(client: BearerClient, id: string, signal: AbortSignal): Promise<Key> {
  return parsed(key, await client.get({ path: '/v1/keys/{id}', params: { id }, signal }));
}

export async function readKeysOf(client: BearerClient, owner: string, signal: AbortSignal): Promise<readonly Key[]> {
  return parsed(z.array(key), await client.get({ path: '/v1/users/{id}/keys', params: { id: owner }, signal }));
}

export function findKeys(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const byId = async (id: string): Promise<readonly Entity[]> => {
    const answer = await client.find({ path: '/v1/keys/{id}', params: { id }, signal });
    if (answer === undefined) return [];
    const found = parsed(key, answer);
    return [{ kind: 'key', id: found.id, name: `${found.id} of ${found.owner}`, aliases: [] }];
  };
  return matchExactly('key', ref, { id: byId });
}
