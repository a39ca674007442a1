// The practice range's identity provider, shaped like a cloud one: ids, a status, sessions.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { findUsers } from './accounts.ts';
import { disableUser } from './disable-user.ts';
import { lookupUser } from './lookup-user.ts';
import { revokeSessions } from './revoke-sessions.ts';

export const practiceIdp = connector({
  type: 'practice-idp',
  title: 'Practice identity provider',
  simulated: true,
  config: practiceConfig('idp'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ login: z.string() }), await client.get({ path: '/api/v1/me', signal }));
    return { as: me.login };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'user' ? findUsers(client, ref, signal) : []),
  actions: [lookupUser, disableUser, revokeSessions],
});
