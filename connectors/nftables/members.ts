// The members of a set, from nft's JSON.
import { z } from 'zod';
import { canonicalAddress, isInNetwork } from '../address-guard.ts';
import { ConnectorFailure } from '../connector.ts';

// An element is an address, one with a timeout or comment, or (in sets with intervals) a prefix or a range.
const prefix = z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) });
const plain = z.union([z.string(), prefix, z.looseObject({})]);
const element = z.union([z.object({ elem: z.object({ val: plain }) }).transform((each) => each.elem.val), plain]);
const listing = z.object({
  nftables: z.array(z.object({ set: z.object({ type: z.string().optional(), elem: z.array(element).optional() }).optional() })),
});

/** What the set holds (ipv4_addr); undefined for what is no listing of a set. */
export function setType(out: string): string | undefined {
  return readSet(out)?.type;
}

/** Throws ConnectorFailure permanent BAD_ANSWER for what is no listing of a set. */
export function isMember(out: string, address: string): boolean {
  const set = readSet(out);
  if (set === undefined) throw new ConnectorFailure('permanent', 'BAD_ANSWER', 'nft answered with something that is no listing of a set.');
  return (set.elem ?? []).some((each) => {
    if (typeof each === 'string') return canonicalAddress(each) === address;
    const network = prefix.safeParse(each);
    return network.success && isInNetwork(address, `${network.data.prefix.addr}/${network.data.prefix.len}`);
  });
}

function readSet(out: string) {
  const read = listing.safeParse(parseJson(out));
  return read.success ? read.data.nftables.find((each) => each.set !== undefined)?.set : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
