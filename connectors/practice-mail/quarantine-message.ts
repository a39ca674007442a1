// mail.quarantine: one copy leaves its mailbox, and can be put back.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { type MessageParam, message } from '../params.ts';
import { readCopy } from './messages.ts';

export const quarantineMessage = reversible({
  verb: 'mail.quarantine',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ message }),
  output: z.strictObject({ quarantined: z.boolean() }),
  permissions: 'messages:quarantine',
  docs: '/mail/v1/messages/{id}/quarantine',
  example: { message: { id: 'msg-001' } },
  landsWithinMs: 2_000,
  target: ({ message: { id } }: { readonly message: MessageParam }) => ({ kind: 'message', ref: id === undefined ? {} : { id } }),
  read: async (client: BearerClient, _, entity, { signal }) => ({
    quarantined: (await readCopy(client, targetOf(entity).id, signal)).quarantined,
  }),
  done: (state) => state.quarantined,
  run: (client, _, entity, __, context) => move(client, targetOf(entity).id, 'quarantine', context),
  result: (after) => ({ quarantined: after.quarantined }),
  undo: (client, _, entity, before, context) => move(client, targetOf(entity).id, before.quarantined ? 'quarantine' : 'restore', context),
  says: (_, entity) => `Quarantine ${targetOf(entity).name}`,
  saysUndo: (_, entity) => `Put back ${targetOf(entity).name}`,
});

async function move(client: BearerClient, id: string, to: 'quarantine' | 'restore', context: CallContext): Promise<void> {
  await client.change({ method: 'POST', path: '/v1/messages/{id}/{to}', params: { id, to } }, context);
}
