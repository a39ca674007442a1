// mail.search: all copies of a message, in all mailboxes.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { ConnectorFailure, read } from '../connector.ts';
import { duration, durationSeconds, type MessageParam, message } from '../params.ts';
import { type Copy, searchCopies } from './messages.ts';

const DEFAULT_WITHIN = '14d';

// No `target`: what is looked for need not be a message that exists here.
export const searchMail = read({
  verb: 'mail.search',
  risk: 'read',
  input: z.strictObject({ like: message, within: duration.exactOptional() }),
  output: z.strictObject({ messages: z.array(message).readonly() }),
  permissions: 'messages:read',
  docs: '/mail/v1/messages',
  example: { like: { from: 'billing@invoices.example.test', subject: 'Invoice overdue' } },
  run: async (client: BearerClient, { like, within }, context) => {
    const newer = { newer_than_s: durationSeconds(within ?? DEFAULT_WITHIN) };
    const queries = queriesFor(like);
    if (queries.length === 0) {
      throw new ConnectorFailure(
        'permanent',
        'EMPTY_REFERENCE',
        'mail.search needs an id, or a sender and a subject: anything less finds too much.',
      );
    }
    const found = await Promise.all(queries.map((query) => searchCopies(client, { ...query, ...newer }, context.signal)));
    const byId = new Map(found.flat().map((each) => [each.id, each]));
    return { messages: [...byId.values()].map(toMessage) };
  },
});

/** The same id (the store's or the Message-ID), or the same sender and subject. */
function queriesFor(like: MessageParam): readonly Readonly<Record<string, string>>[] {
  const byId = like.id === undefined ? [] : [{ message_id: like.id }];
  return like.from === undefined || like.subject === undefined ? byId : [...byId, { from: like.from, subject: like.subject }];
}

const toMessage = ({ id, from, mailbox, subject, urls }: Copy) => ({ id, from, to: mailbox, subject, urls });
