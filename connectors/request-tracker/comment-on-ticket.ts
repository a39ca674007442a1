// ticket.comment: a comment with our key as a marker, which a repeat looks for.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { ConnectorFailure, readable } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { text, ticket } from '../params.ts';
import { type RtClient, rtId } from './rt-client.ts';

/** Transactions and attachments that are looked through, newest first. */
const MAX_LOOKED_AT = 100;

export const commentOnTicket = readable({
  verb: 'ticket.comment',
  risk: 'additive',
  delivery: 'readable',
  input: z.strictObject({ ticket, text }),
  output: z.strictObject({ commented: z.boolean() }),
  permissions: 'ShowTicket, ShowTicketComments, CommentOnTicket',
  docs: 'https://docs.bestpractical.com/rt/5.0/RT/REST2.html',
  example: { ticket: { id: '42' }, text: 'Released after a false positive.' },
  landsWithinMs: 15_000,
  target: (input: { readonly ticket: { readonly id: string } }) => ({ kind: 'ticket', ref: { id: input.ticket.id } }),
  read: async (client: RtClient, _, entity, { key, signal }) => ({
    commented: await hasMarker(client, targetOf(entity).id, marker(key), signal),
  }),
  done: (state) => state.commented,
  run: async (client, input, entity, _, context) => {
    const json = { Content: `${input.text}\n\n${marker(context.key)}`, ContentType: 'text/plain' };
    const answer = await client.change('POST', { path: '/ticket/{id}/comment', params: { id: targetOf(entity).id }, json }, context);
    if (answer.status !== 201)
      throw new ConnectorFailure('ambiguous', 'BAD_ANSWER', `Request Tracker answered ${answer.status} to a comment.`);
  },
  result: (after) => ({ commented: after.commented }),
  says: (input, entity) => `Comment on ticket ${targetOf(entity).id}: ${input.text}`,
});

const marker = (key: string): string => `[cordon ${key}]`;

const history = z.object({ items: z.array(z.object({ id: rtId, Type: z.string().optional() })) });
const transaction = z.object({ _hyperlinks: z.array(z.object({ ref: z.string(), _url: z.string().optional() })) });

async function hasMarker(client: RtClient, id: string, wanted: string, signal: AbortSignal): Promise<boolean> {
  const query = { fields: 'Type', per_page: MAX_LOOKED_AT, orderby: 'id', order: 'DESC' };
  const { items } = parsed(history, await client.get({ path: '/ticket/{id}/history', params: { id }, query }, signal));
  for (const item of [...items].sort((a, b) => b.id - a.id)) {
    if (item.Type === 'Comment' && (await commentText(client, item.id, signal)).includes(wanted)) return true;
  }
  return false;
}

/** The list has no texts: each comment's stands in its first attachment, in base64. */
async function commentText(client: RtClient, id: number, signal: AbortSignal): Promise<string> {
  const links = parsed(transaction, await client.get({ path: '/transaction/{id}', params: { id: String(id) } }, signal))._hyperlinks;
  const attachment = links.find((link) => link.ref === 'attachment')?._url?.match(/\/attachment\/(\d{1,12})$/)?.[1];
  if (attachment === undefined) return '';
  const answer = await client.get({ path: '/attachment/{id}', params: { id: attachment } }, signal);
  const { Content } = parsed(z.object({ Content: z.string().nullish() }), answer);
  return Buffer.from(Content ?? '', 'base64').toString('utf8');
}
