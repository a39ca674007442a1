// The practice ticket system's API. Like most real ones it has no idempotency: it takes the same ticket twice.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';

export const ticketRow = z.object({ id: z.string(), number: z.number() });

/** Tickets that carry the key, oldest first. Merged ones are not among them. */
export async function ticketsByKey(client: BearerClient, key: string, signal: AbortSignal): Promise<readonly string[]> {
  const rows = parsed(z.array(ticketRow), await client.get({ path: '/v2/tickets', query: { correlation_id: key }, signal }));
  return [...rows].sort((a, b) => a.number - b.number).map((row) => row.id);
}

/** Keys of the comments on a ticket. */
export async function commentKeys(client: BearerClient, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const comment = z.object({ correlation_id: z.string().nullable() });
  const rows = parsed(z.array(comment), await client.get({ path: '/v2/tickets/{id}/comments', params: { id }, signal }));
  return rows.flatMap((row) => row.correlation_id ?? []);
}
