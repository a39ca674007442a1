// The practice identity provider's API: accounts and their sessions.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const account = z.object({
  id: z.string(),
  status: z.enum(['ACTIVE', 'SUSPENDED']),
  profile: z.object({ login: z.string(), email: z.string(), displayName: z.string() }),
});

type Account = z.infer<typeof account>;

export async function findUsers(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const search = async (query: Readonly<Record<string, string>>) =>
    parsed(z.array(account), await client.get({ path: '/api/v1/users', query, signal })).map(toEntity);
  const byId = async (id: string) => {
    const answer = await client.find({ path: '/api/v1/users/{id}', params: { id }, signal });
    return answer === undefined ? [] : [toEntity(parsed(account, answer))];
  };
  const byName = async (name: string) => (await Promise.all([search({ login: name }), search({ displayName: name })])).flat();
  return matchExactly('user', ref, { id: byId, email: (email) => search({ email }), name: byName });
}

const PAGE = 200;

export async function* listUsers(client: BearerClient, signal: AbortSignal): AsyncIterable<readonly Entity[]> {
  let after = '';
  for (;;) {
    const query = { limit: String(PAGE), ...(after === '' ? {} : { after }) };
    const page = parsed(z.array(account), await client.get({ path: '/api/v1/users', query, signal }));
    yield page.map(toEntity);
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.id;
  }
}

export async function isEnabled(client: BearerClient, id: string, signal: AbortSignal): Promise<boolean> {
  return parsed(account, await client.get({ path: '/api/v1/users/{id}', params: { id }, signal })).status === 'ACTIVE';
}

export async function countSessions(client: BearerClient, id: string, signal: AbortSignal): Promise<number> {
  return parsed(z.array(z.unknown()), await client.get({ path: '/api/v1/users/{id}/sessions', params: { id }, signal })).length;
}

function toEntity({ id, profile }: Account): Entity {
  return { kind: 'user', id, name: profile.displayName, aliases: [profile.login, profile.email] };
}
