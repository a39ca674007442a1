// ticket.comment: a comment that carries our key, so that a repeat finds it.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { readable } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { text, ticket } from '../params.ts';
import { commentKeys } from './tickets.ts';

export const commentOnTicket = readable({
  verb: 'ticket.comment',
  risk: 'additive',
  delivery: 'readable',
  input: z.strictObject({ ticket, text }),
  output: z.strictObject({ commented: z.boolean() }),
  permissions: 'tickets:comment',
  docs: '/tickets/v2/tickets/{id}/comments',
  example: { ticket: { id: 'T-1' }, text: 'Released after a false positive.' },
  landsWithinMs: 2_000,
  target: (input: { readonly ticket: { readonly id: string } }) => ({ kind: 'ticket', ref: { id: input.ticket.id } }),
  read: async (client: BearerClient, _, entity, context) => ({
    commented: (await commentKeys(client, targetOf(entity).id, context.signal)).includes(context.key),
  }),
  done: (state) => state.commented,
  run: async (client, input, entity, _, context) => {
    const params = { id: targetOf(entity).id };
    await client.change(
      { method: 'POST', path: '/v2/tickets/{id}/comments', params, json: { text: input.text, correlation_id: context.key } },
      context,
    );
  },
  result: (after) => ({ commented: after.commented }),
  says: (input, entity) => `Comment on ticket ${targetOf(entity).id}: ${input.text}`,
});
