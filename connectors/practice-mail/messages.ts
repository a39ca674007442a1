// The practice mail store's API: copies of messages in mailboxes.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const copy = z.object({
  id: z.string(),
  mailbox: z.string(),
  from: z.string(),
  subject: z.string(),
  urls: z.array(z.string()),
  quarantined: z.boolean(),
});

export type Copy = z.infer<typeof copy>;

export async function searchCopies(
  client: BearerClient,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<readonly Copy[]> {
  return parsed(z.array(copy), await client.get({ path: '/v1/messages', query, signal }));
}

export async function readCopy(client: BearerClient, id: string, signal: AbortSignal): Promise<Copy> {
  return parsed(copy, await client.get({ path: '/v1/messages/{id}', params: { id }, signal }));
}

/** One copy in one mailbox, by the store's id. A Message-ID names all copies: find them with mail.search, quarantine each. */
export function findMessages(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const byId = async (id: string): Promise<readonly Entity[]> => {
    const answer = await client.find({ path: '/v1/messages/{id}', params: { id }, signal });
    if (answer === undefined) return [];
    const found = parsed(copy, answer);
    return [{ kind: 'message', id: found.id, name: `"${found.subject}" in ${found.mailbox}`, aliases: [found.mailbox] }];
  };
  return matchExactly('message', ref, { id: byId });
}
