// host.isolate: the host's address goes into the set, and out of it again.
import { z } from 'zod';
import { type CallContext, ConnectorFailure, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import type { NftablesConfig } from './config.ts';
import { isMember } from './members.ts';
import type { RunNft } from './runner.ts';

interface Nft {
  readonly config: NftablesConfig;
  readonly nft: RunNft;
}

export const isolateHost = reversible({
  verb: 'host.isolate',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ host }),
  output: z.strictObject({ isolated: z.boolean() }),
  permissions: 'nft add element, delete element and list set, of one set (a forced command can hold the key to that)',
  docs: 'https://wiki.nftables.org/wiki-nftables/index.php/Sets',
  example: { host: { name: 'ws-1' } },
  landsWithinMs: 10_000,
  target: hostTarget,
  read: async (client: Nft, _, entity, { signal }) => ({ isolated: await isIsolated(client, targetOf(entity).id, signal) }),
  done: (state) => state.isolated,
  run: (client, _, entity, __, context) => change(client, targetOf(entity).id, true, context),
  result: (after) => ({ isolated: after.isolated }),
  undo: (client, _, entity, before, context) => change(client, targetOf(entity).id, before.isolated, context),
  says: (_, entity) => `Isolate ${targetOf(entity).name} (${targetOf(entity).id}) at the router`,
  saysUndo: (_, entity) => `Release ${targetOf(entity).name} (${targetOf(entity).id}) at the router`,
});

async function isIsolated({ config, nft }: Nft, address: string, signal: AbortSignal): Promise<boolean> {
  const ran = await nft(['-j', 'list', 'set', config.family, config.table, config.set], signal, false);
  if (ran.status !== 0)
    throw new ConnectorFailure('permanent', 'SET_MISSING', `The set ${config.family} ${config.table} ${config.set} cannot be listed.`);
  return isMember(ran.out, address);
}

/** Adding twice is the same as once. Deleting what is not there exits 1, and so does everything else that fails: so it is read. */
async function change(client: Nft, address: string, isolated: boolean, context: CallContext): Promise<void> {
  const { family, table, set } = client.config;
  context.sending();
  const ran = await client.nft([isolated ? 'add' : 'delete', 'element', family, table, set, `{ ${address} }`], context.signal, true);
  if (ran.status === 0 || (await isIsolated(client, address, context.signal)) === isolated) return;
  throw new ConnectorFailure('permanent', 'REFUSED', `nft refused to ${isolated ? 'add' : 'delete'} the address (exit ${ran.status}).`);
}
