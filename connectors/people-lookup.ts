// People at products of the range that know them beside their own things: found by exactly one name each.
import { z } from 'zod';
import { type BearerClient, parsed } from './bearer-client.ts';
import type { Entity, EntityRef } from './connector.ts';
import { matchExactly } from './exact-match.ts';

const person = z.object({ id: z.string(), login: z.string(), email: z.string(), name: z.string() });

/** `path` answers `?id=`, `?login=`, `?email=` and `?name=`. */
export function findPeople(client: BearerClient, path: string, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const search = async (query: Readonly<Record<string, string>>) =>
    parsed(z.array(person), await client.get({ path, query, signal })).map(toEntity);
  const byName = async (name: string) => (await Promise.all([search({ login: name }), search({ name })])).flat();
  return matchExactly('user', ref, { id: (id) => search({ id }), email: (email) => search({ email }), name: byName });
}

function toEntity({ id, login, email, name }: z.infer<typeof person>): Entity {
  return { kind: 'user', id, name, aliases: [login, email] };
}
