// The practice range's mail store.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { findPeople } from '../people-lookup.ts';
import { disableRules } from './disable-rules.ts';
import { listRules } from './list-rules.ts';
import { findMessages } from './messages.ts';
import { quarantineMessage } from './quarantine-message.ts';
import { searchMail } from './search-mail.ts';

export const practiceMail = connector({
  type: 'practice-mail',
  title: 'Practice mail store',
  simulated: true,
  config: practiceConfig('mail'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ application: z.string() }), await client.get({ path: '/v1/whoami', signal }));
    return { as: me.application };
  },
  resolve: async (client, kind, ref, signal) => {
    if (kind === 'message') return findMessages(client, ref, signal);
    return kind === 'user' ? findPeople(client, '/v1/mailboxes', ref, signal) : [];
  },
  actions: [searchMail, quarantineMessage, listRules, disableRules],
});
