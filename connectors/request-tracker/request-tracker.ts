// Request Tracker 5: tickets and comments, one of each and never two.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { ConnectorFailure, connector, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import { commentOnTicket } from './comment-on-ticket.ts';
import { openTicket } from './open-ticket.ts';
import { type RtClient, rtClient, rtConfig, rtId } from './rt-client.ts';

export const requestTracker = connector({
  type: 'request-tracker',
  title: 'Request Tracker',
  config: rtConfig,
  open: rtClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    await provesWhoWeAre(client, signal);
    await provesTheKeyField(client, signal);
    return { as: client.config.user, detail: `queue ${client.config.queue}` };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'ticket' ? findTickets(client, ref, signal) : []),
  actions: [openTicket, commentOnTicket],
});

/** Memberships are shown of one's own account only (or to administrators): so the token is this account's. */
async function provesWhoWeAre(client: RtClient, signal: AbortSignal): Promise<void> {
  const { user } = client.config;
  const shown = parsed(
    z.object({ Name: z.string().optional(), Memberships: z.unknown().optional() }),
    await client.get({ path: '/user/{user}', params: { user } }, signal),
  );
  if (shown.Memberships === undefined || shown.Name !== user) {
    throw new ConnectorFailure(
      'permanent',
      'WRONG_ACCOUNT',
      `The token is not that of the account ${user}. Make one for it under its own settings.`,
    );
  }
}

/** A misspelt field is ignored by creates and finds nothing in searches: every retry would open another ticket. */
async function provesTheKeyField(client: RtClient, signal: AbortSignal): Promise<void> {
  const { queue, keyField } = client.config;
  const shown = parsed(
    z.object({ TicketCustomFields: z.array(z.object({ name: z.string() })).default([]) }),
    await client.get({ path: '/queue/{queue}', params: { queue } }, signal),
  );
  if (keyField !== undefined && !shown.TicketCustomFields.some((field) => field.name === keyField)) {
    throw new ConnectorFailure(
      'permanent',
      'KEY_FIELD_MISSING',
      `The queue ${queue} has no ticket custom field "${keyField}" that this account may see. Apply it to the queue, or use keyLink.`,
    );
  }
}

/** By number. A number that was merged away leads to the ticket that stayed. */
function findTickets(client: RtClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const shape = z.object({ id: rtId, Subject: z.string().nullish(), EffectiveId: z.object({ id: rtId }).optional() });
  const byId = async (id: string): Promise<readonly Entity[]> => {
    if (!/^[1-9]\d{0,11}$/.test(id)) return [];
    const answer = await client.get({ path: '/ticket/{id}', params: { id }, accept: [404] }, signal);
    if (answer.status === 404) return [];
    const found = parsed(shape, answer);
    return [{ kind: 'ticket', id: String(found.EffectiveId?.id ?? found.id), name: found.Subject ?? `ticket ${id}`, aliases: [] }];
  };
  return matchExactly('ticket', ref, { id: byId });
}
