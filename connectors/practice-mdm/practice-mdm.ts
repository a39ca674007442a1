// The practice range's management of devices.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { checkCompliance } from './check-compliance.ts';
import { findDevices } from './devices.ts';
import { lockHost } from './lock-host.ts';
import { quarantineHost } from './quarantine-host.ts';
import { wipeHost } from './wipe-host.ts';

export const practiceMdm = connector({
  type: 'practice-mdm',
  title: 'Practice device management',
  simulated: true,
  config: practiceConfig('mdm'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ account: z.string() }), await client.get({ path: '/v1/session', signal }));
    return { as: me.account };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'host' ? findDevices(client, ref, signal) : []),
  actions: [checkCompliance, quarantineHost, lockHost, wipeHost],
});
