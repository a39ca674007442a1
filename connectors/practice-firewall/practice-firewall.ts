// The practice range's firewall: a block list of single addresses.
import { z } from 'zod';
import { canonicalAddress } from '../address-guard.ts';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import { blockIp } from './block-ip.ts';

export const practiceFirewall = connector({
  type: 'practice-firewall',
  title: 'Practice firewall',
  simulated: true,
  config: practiceConfig('firewall'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ admin: z.string() }), await client.get({ path: '/api/v1/whoami', signal }));
    return { as: me.admin };
  },
  resolve: async (_, kind, ref) => (kind === 'ip' ? addresses(ref) : []),
  actions: [blockIp],
});

/** An address is itself; a network or a name is none. */
function addresses(ref: EntityRef): Promise<readonly Entity[]> {
  const byAddress = async (text: string): Promise<readonly Entity[]> => {
    const address = canonicalAddress(text);
    return address === undefined ? [] : [{ kind: 'ip', id: address, name: address, aliases: [] }];
  };
  return matchExactly('ip', ref, { id: byAddress, ip: byAddress });
}
