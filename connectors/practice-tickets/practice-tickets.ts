// The practice range's ticket system.
import { z } from 'zod';
import { type BearerClient, bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import { commentOnTicket } from './comment-on-ticket.ts';
import { openTicket } from './open-ticket.ts';

export const practiceTickets = connector({
  type: 'practice-tickets',
  title: 'Practice ticket system',
  simulated: true,
  config: practiceConfig('tickets'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ user: z.string() }), await client.get({ path: '/v2/whoami', signal }));
    return { as: me.user };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'ticket' ? findTickets(client, ref, signal) : []),
  actions: [openTicket, commentOnTicket],
});

function findTickets(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const byId = async (id: string): Promise<readonly Entity[]> => {
    const answer = await client.find({ path: '/v2/tickets/{id}', params: { id }, signal });
    if (answer === undefined) return [];
    const found = parsed(z.object({ id: z.string(), title: z.string() }), answer);
    return [{ kind: 'ticket', id: found.id, name: found.title, aliases: [] }];
  };
  return matchExactly('ticket', ref, { id: byId });
}
