// The practice range's endpoint protection: devices, isolation that answers 202 and becomes true a moment later.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { findHosts, listHosts } from './devices.ts';
import { isolateHost } from './isolate-host.ts';
import { lookupHost } from './lookup-host.ts';

export const practiceEdr = connector({
  type: 'practice-edr',
  title: 'Practice EDR',
  simulated: true,
  config: practiceConfig('edr'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ client: z.string() }), await client.get({ path: '/v1/whoami', signal }));
    return { as: me.client };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'host' ? findHosts(client, ref, signal) : []),
  directory: listHosts,
  actions: [lookupHost, isolateHost],
});
