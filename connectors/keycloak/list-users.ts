// All accounts of the realm with their groups, for the inventory. Groups are asked for one by one: Keycloak lists them of one user, or users of one group, only.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import type { DirectoryEntry } from '../connector.ts';
import type { AdminClient } from './admin-client.ts';
import { toEntity, user } from './users.ts';

const PAGE = 100;

const group = z.object({ id: z.string().min(1), name: z.string(), subGroupCount: z.number().default(0) });
const member = z.object({ id: z.string().min(1) });

export async function* listUsers(client: AdminClient, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
  const groups = await groupsByUser(client, signal);
  for await (const page of pages(client, { path: '/users', query: { briefRepresentation: true } }, user, signal)) {
    yield page.map((one) => ({ ...toEntity(one), groups: groups.get(one.id) ?? [] }));
  }
}

async function groupsByUser(client: AdminClient, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for await (const { id, names } of allGroups(client, { path: '/groups' }, [], signal)) {
    const members = { path: '/groups/{id}/members', params: { id }, query: { briefRepresentation: true } };
    for await (const page of pages(client, members, member, signal))
      for (const one of page) found.set(one.id, new Set([...(found.get(one.id) ?? []), ...names]));
  }
  return new Map([...found].map(([id, names]) => [id, [...names]]));
}

/** Who is in a group is in those above it too, as for Keycloak itself: what protects a group protects all below it. */
async function* allGroups(
  client: AdminClient,
  ask: Ask,
  above: readonly string[],
  signal: AbortSignal,
): AsyncIterable<{ readonly id: string; readonly names: readonly string[] }> {
  for await (const some of pages(client, { ...ask, query: { briefRepresentation: true } }, group, signal)) {
    for (const { id, name, subGroupCount } of some) {
      const names = [...above, name];
      yield { id, names };
      if (subGroupCount > 0) yield* allGroups(client, { path: '/groups/{id}/children', params: { id } }, names, signal);
    }
  }
}

type Ask = Parameters<AdminClient['get']>[0];

async function* pages<T>(client: AdminClient, ask: Ask, schema: z.ZodType<T>, signal: AbortSignal): AsyncIterable<readonly T[]> {
  for (let first = 0; ; first += PAGE) {
    const page = parsed(z.array(schema), await client.get({ ...ask, query: { ...ask.query, first, max: PAGE } }, signal));
    yield page;
    if (page.length < PAGE) return;
  }
}
