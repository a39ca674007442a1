// ticket.open: search by our key, create, search again, and merge what a race has doubled into the oldest.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { type CallContext, readable } from '../connector.ts';
import { line, severity, text, ticket } from '../params.ts';
import { ticketRow, ticketsByKey } from './tickets.ts';

const input = z.strictObject({ title: line, body: text.exactOptional(), severity: severity.exactOptional() });

export const openTicket = readable({
  verb: 'ticket.open',
  risk: 'additive',
  delivery: 'readable',
  input,
  output: z.strictObject({ ticket }),
  permissions: 'tickets:write',
  docs: '/tickets/v2/tickets',
  example: { title: 'Account of Eve Adams contained', severity: 'high' },
  landsWithinMs: 2_000,
  read: async (client: BearerClient, _, __, context) => {
    const ids = await ticketsByKey(client, context.key, context.signal);
    const [id] = ids;
    return { ticket: id === undefined ? null : { id, url: `${client.url}/view/${id}` }, doubles: Math.max(0, ids.length - 1) };
  },
  done: (state) => state.ticket !== null && state.doubles === 0,
  run: async (client, wanted, _, before, context) => {
    if (before.ticket === null) await create(client, wanted, context);
    await mergeDoubles(client, context);
  },
  result: (after) => {
    if (after.ticket === null) throw new Error('a ticket that was read back has an id');
    return { ticket: after.ticket };
  },
  says: (wanted) => `Open a ticket: ${wanted.title}`,
});

async function create(client: BearerClient, wanted: z.infer<typeof input>, context: CallContext): Promise<void> {
  const json = { title: wanted.title, body: wanted.body ?? '', severity: wanted.severity ?? 'unknown', correlation_id: context.key };
  parsed(ticketRow, await client.change({ method: 'POST', path: '/v2/tickets', json }, context), 'change');
}

async function mergeDoubles(client: BearerClient, context: CallContext): Promise<void> {
  const [kept, ...doubles] = await ticketsByKey(client, context.key, context.signal);
  if (kept === undefined) return;
  for (const id of doubles) {
    await client.change({ method: 'POST', path: '/v2/tickets/{id}/merge', params: { id }, json: { into: kept } }, context);
  }
}
