// What the nftables connector asks for.
import { z } from 'zod';
import { canonicalAddress, isNetwork } from '../address-guard.ts';
import { timeoutMs } from '../config.ts';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a plain nftables name');
// Nothing that ssh could take for an option or that a shell at the far side could take for more than a name.
const plain = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,253}$/, 'holds characters that are not allowed here');
const path = z.string().regex(/^\/[^\0\n\r"'\\%]*$/, 'must be an absolute path');
const network = z.string().refine(isNetwork, 'is no address or network such as 10.77.1.0/24');
const address = z.string().refine((text) => canonicalAddress(text) !== undefined, 'is no single IP address');

const shared = {
  family: z.enum(['inet', 'ip', 'ip6']).default('inet'),
  table: name,
  set: name.describe(
    'A set of single addresses; the ruleset drops what comes from and goes to its members, ahead of any rule for established connections.',
  ),
  networks: z.array(network).min(1).describe('Only addresses in these may be isolated.'),
  hosts: z.record(z.string().min(1), address).default({}).describe('Names of hosts and their addresses.'),
  timeoutMs,
};

export const nftablesConfig = z.discriminatedUnion('via', [
  z.strictObject({
    ...shared,
    via: z.literal('ssh'),
    ssh: z.strictObject({
      host: plain,
      port: z.number().int().min(1).max(65_535).default(22),
      user: plain,
      key: path.describe('Private key file; at the far side it should be bound to a forced command.'),
      knownHosts: path.describe("File with the router's host key. It is always checked."),
    }),
  }),
  z.strictObject({
    ...shared,
    via: z.literal('local'),
    prefix: z.array(z.string().min(1)).default([]).describe('Put before nft, such as [ip, netns, exec, router].'),
  }),
]);

export type NftablesConfig = z.infer<typeof nftablesConfig>;
