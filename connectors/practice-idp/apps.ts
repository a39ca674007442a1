// Applications that people have let into their accounts.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const app = z.object({
  id: z.string(),
  name: z.string(),
  publisher: z.string(),
  verified: z.boolean(),
  scopes: z.array(z.string()),
  people: z.number(),
  enabled: z.boolean(),
});

export type App = z.infer<typeof app>;

export async function findApps(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const byId = async (id: string) => {
    const answer = await client.find({ path: '/api/v1/apps/{id}', params: { id }, signal });
    return answer === undefined ? [] : [toEntity(parsed(app, answer))];
  };
  const byName = async (name: string) =>
    parsed(z.array(app), await client.get({ path: '/api/v1/apps', query: { name }, signal })).map(toEntity);
  return matchExactly('app', ref, { id: byId, name: byName });
}

export async function readApp(client: BearerClient, id: string, signal: AbortSignal): Promise<App> {
  return parsed(app, await client.get({ path: '/api/v1/apps/{id}', params: { id }, signal }));
}

/** The same text is tried as id and as name; where both name something else, it is ambiguous and refused. */
export const appTarget = (input: { readonly app: string }) => ({ kind: 'app' as const, ref: { id: input.app, name: input.app } });

function toEntity({ id, name }: App): Entity {
  return { kind: 'app', id, name, aliases: [] };
}
