// IP addresses and networks as numbers. Strict: four plain decimal parts, or RFC 4291; no zone, no leading zero (some readers take 010 for 8).

export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

export interface Network {
  readonly version: 4 | 6;
  readonly bits: number;
  readonly first: bigint;
  readonly last: bigint;
}

const WIDTH: Readonly<Record<4 | 6, number>> = { 4: 32, 6: 128 };
const MAPPED = 0xffffn << 32n;

/** `::ffff:10.0.0.1` is 10.0.0.1. Undefined for what is no address. */
export function parseAddress(text: string): Address | undefined {
  const four = parseFour(text);
  if (four !== undefined) return { version: 4, value: four };
  const six = parseSix(text);
  if (six === undefined) return undefined;
  return six >> 32n === 0xffffn ? { version: 4, value: six - MAPPED } : { version: 6, value: six };
}

/** `10.0.0.0/8`; a plain address is a network of one. Bits below the mask are cut off. */
export function parseNetwork(text: string): Network | undefined {
  const [written = '', mask, more] = text.split('/');
  const address = parseAddress(written);
  if (!address || more !== undefined) return undefined;
  const { version } = address;
  const width = WIDTH[version];
  // The mask of a mapped address counts all 128 bits.
  const given = mask === undefined ? width : /^\d{1,3}$/.test(mask) ? Number(mask) - (version === 4 && written.includes(':') ? 96 : 0) : -1;
  if (given < 0 || given > width) return undefined;
  const size = 1n << BigInt(width - given);
  const first = address.value - (address.value % size);
  return { version, bits: given, first, last: first + size - 1n };
}

export const contains = (outer: Network, inner: Network): boolean =>
  outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;

/** As RFC 5952 writes it. */
export function addressText({ version, value }: Address): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => `${(value >> shift) & 255n}`).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  const zeros = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!zeros) return groups.join(':');
  const all = groups.join(':');
  return `${all.slice(0, zeros.index).replace(/:$/, '')}::${all.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`;
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseSix(text: string): bigint | undefined {
  if (text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : groupsOf(half)));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])].reduce((value, group) => value * 65536n + group, 0n);
}

function groupsOf(half: string): readonly bigint[] | undefined {
  const parts = half.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 && part.includes('.') ? parseFour(part) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
