// nftables on a router: hosts are isolated by their address in a set that the ruleset drops.
// It matches an address: a host that takes a new one evades it, and neighbours on its own segment can still talk to it.
import { canonicalAddress, isInNetwork } from '../address-guard.ts';
import { ConnectorFailure, connector, type Entity, type EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';
import { type NftablesConfig, nftablesConfig } from './config.ts';
import { isolateHost } from './isolate-host.ts';
import { setType } from './members.ts';
import { openRunner, type RunNft } from './runner.ts';

export interface NftClient {
  readonly config: NftablesConfig;
  readonly nft: RunNft;
}

export const nftables = connector({
  type: 'nftables',
  title: 'nftables',
  config: nftablesConfig,
  open: (config): NftClient => ({ config, nft: openRunner(config) }),
  ping: async ({ config, nft }, signal) => {
    const { family, table, set } = config;
    const ran = await nft(['-j', 'list', 'set', family, table, set], signal, false);
    const type = ran.status === 0 ? setType(ran.out) : undefined;
    if (type === undefined)
      throw new ConnectorFailure('permanent', 'SET_MISSING', `The set ${family} ${table} ${set} is not there, or may not be listed.`);
    return { as: config.via === 'ssh' ? `${config.ssh.user}@${config.ssh.host}` : 'this machine', detail: `${set} holds ${type}` };
  },
  resolve: async (client, kind, ref) => (kind === 'host' ? findHosts(client.config, ref) : []),
  actions: [isolateHost],
});

/** By a configured name or by address; only inside of the configured networks. Names are compared without regard to case. */
function findHosts(config: NftablesConfig, ref: EntityRef): Promise<readonly Entity[]> {
  const named = Object.entries(config.hosts);
  const byAddress = async (text: string): Promise<readonly Entity[]> => {
    const id = canonicalAddress(text);
    if (id === undefined || !config.networks.some((network) => isInNetwork(id, network))) return [];
    const names = named.filter(([, address]) => canonicalAddress(address) === id).map(([name]) => name);
    return [{ kind: 'host', id, name: names[0] ?? id, aliases: [...names.slice(1), id] }];
  };
  const byName = async (name: string) => {
    const own = named.filter(([each]) => each.toLowerCase() === name.toLowerCase());
    return (await Promise.all(own.map(([, address]) => byAddress(address)))).flat();
  };
  return matchExactly('host', ref, { id: async (id) => [...(await byName(id)), ...(await byAddress(id))], name: byName, ip: byAddress });
}
