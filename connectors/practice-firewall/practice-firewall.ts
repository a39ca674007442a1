// The practice range's firewall: block lists of single addresses and of domains.
import { z } from 'zod';
import { canonicalAddress } from '../address-guard.ts';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import { domain } from '../params.ts';
import { blockDomain } from './block-domain.ts';
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
  resolve: async (_, kind, ref) => {
    if (kind === 'ip') return addresses(ref);
    return kind === 'domain' ? domains(ref) : [];
  },
  actions: [blockIp, blockDomain],
});

/** An address is itself; a network or a name is none. */
function addresses(ref: EntityRef): Promise<readonly Entity[]> {
  const byAddress = async (text: string): Promise<readonly Entity[]> => {
    const address = canonicalAddress(text);
    return address === undefined ? [] : [{ kind: 'ip', id: address, name: address, aliases: [] }];
  };
  return matchExactly('ip', ref, { id: byAddress, ip: byAddress });
}

/** A domain is itself, in its one spelling. */
function domains(ref: EntityRef): Promise<readonly Entity[]> {
  return matchExactly('domain', ref, {
    id: async (text) => {
      const { success, data } = domain.safeParse(text);
      return success ? [{ kind: 'domain', id: data, name: data, aliases: [] }] : [];
    },
  });
}
