// Whether an address is this machine's. A cordon.yaml comes with the folder that one works in, which may be somebody else's: it must not say where a token goes.
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** What listens on all addresses. */
export const isWildcard = (host: string): boolean => ['0.0.0.0', '::'].includes(canonical(host));

/** Loopback, all addresses, or one of this machine. Names are not asked for: whoever answers for them may say anything. */
export function isOwnAddress(host: string, addresses: readonly string[] = ownAddresses()): boolean {
  const at = canonical(host);
  if (at === 'localhost' || at === '::1' || isWildcard(at) || (isIP(at) === 4 && at.startsWith('127.'))) return true;
  return isIP(at) !== 0 && addresses.some((address) => canonical(address) === at);
}

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));

/** IPv6 has many ways to write one address. */
const canonical = (host: string): string =>
  isIP(host) === 6 && URL.canParse(`http://[${host}]`) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host.toLowerCase();
