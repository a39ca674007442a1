// Addresses and networks as numbers, so that no spelling of one slips past a rule.

export interface Network {
  readonly family: 4 | 6;
  /** Its first address, as a number. */
  readonly first: bigint;
  /** Leading bits that are fixed: 32 or 128 for one address. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;
/** ::ffff:0:0/96, where IPv4 lives within IPv6. */
const MAPPED = 0xffffn;

/** An address or a network in CIDR form; undefined when it is neither, or when bits stand behind the prefix. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const read = readAddress(address);
  if (!read || more.length > 0) return undefined;
  const bits = BITS[read.family];
  if (prefix !== undefined && !PREFIX.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits || read.value & ((1n << BigInt(bits - length)) - 1n)) return undefined;
  return mapped({ family: read.family, first: read.value, prefix: length });
}

/** Have they an address in common? */
export function overlaps(a: Network, b: Network): boolean {
  if (a.family !== b.family) return false;
  const shift = BigInt(BITS[a.family] - Math.min(a.prefix, b.prefix));
  return a.first >> shift === b.first >> shift;
}

/** IPv4 written within IPv6 is the same machine. */
function mapped(network: Network): Network {
  if (network.family === 4 || network.prefix < 96 || network.first >> 32n !== MAPPED) return network;
  return { family: 4, first: network.first & 0xffffffffn, prefix: network.prefix - 96 };
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

function readAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = readFour(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => readGroups(half, index === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])];
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | group, 0n) };
}

/** Dotted decimal only, without leading zeros: other notations mean different things to different products. */
function readFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => PREFIX.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readGroups(text: string, mayEndInFour: boolean): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const four = mayEndInFour && index === parts.length - 1 && part.includes('.') ? readFour(part) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
