// The practice range's cloud: people and their access keys.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { findPeople } from '../people-lookup.ts';
import { disableKey } from './disable-key.ts';
import { findKeys } from './keys.ts';
import { listKeys } from './list-keys.ts';

export const practiceCloud = connector({
  type: 'practice-cloud',
  title: 'Practice cloud',
  simulated: true,
  config: practiceConfig('cloud'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ principal: z.string() }), await client.get({ path: '/v1/identity', signal }));
    return { as: me.principal };
  },
  resolve: async (client, kind, ref, signal) => {
    if (kind === 'key') return findKeys(client, ref, signal);
    return kind === 'user' ? findPeople(client, '/v1/users', ref, signal) : [];
  },
  actions: [listKeys, disableKey],
});
