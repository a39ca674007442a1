// Which addresses a connector may be connected to. Pure: the caller has resolved the name, and asks for every address it got.
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Loopback is reachable: the trial form, where the practice range lives, and tests. Default false. */
  readonly loopback?: boolean;
  /** Networks that the configuration names, CIDRs or single addresses: an EDR at 10.1.2.3. Default none: only public addresses. */
  readonly networks?: readonly string[];
  /** Names that the configuration allows to be private: their addresses may be RFC 1918 or unique local, and nothing else that is special. */
  readonly privateHosts?: readonly string[];
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** True where `address` (as text, from the resolver or a URL) may be connected to. Anything that does not parse is refused. */
export function isAddressAllowed(address: string, rules: AddressRules, host = ''): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  const range = parsed.range();
  if (NEVER.has(range)) return false;
  if (range === 'loopback' && rules.loopback === true) return true;
  if ((rules.networks ?? []).some((network) => isWithin(parsed, network))) return true;
  if (PRIVATE.has(range)) return (rules.privateHosts ?? []).some((name) => sameHost(name, host));
  // Everything else that is not plainly public: link-local (cloud metadata), loopback, NAT64, 6to4, documentation, benchmarks …
  return range === 'unicast' && !isEmbedded(parsed);
}

/** True where the text is a network or an address that `isAddressAllowed` can use. For checks of a configuration. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Is the address inside of the network? Both as text; false for what does not parse. */
export function isInNetwork(address: string, network: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && isWithin(parsed, network);
}

/** The one spelling of an address: lower case, shortest, mapped IPv4 unwrapped; undefined for anything but a full address. */
export function canonicalAddress(text: string): string | undefined {
  return parseAddress(text)?.toString();
}

// Nothing answers there that a connector could want, whatever the configuration says.
const NEVER: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast']);
const PRIVATE: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/** Full spellings only: ipaddr.js also reads 0x7f.1 and 2130706433, which no resolver answers. */
function parseAddress(text: string): Address | undefined {
  if (text.includes('%')) return undefined; // a zone id reaches the local link only
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  // ipaddr.js takes ::1.2.3.4 for the mapped ::ffff:1.2.3.4; the kernel does not.
  if (text.includes('.') && !/^::ffff:/i.test(text)) return undefined;
  const six = ipaddr.IPv6.parse(text);
  return six.isIPv4MappedAddress() ? six.toIPv4Address() : six;
}

/** IPv4 in other clothes (::a.b.c.d): the network might unwrap it, so it is not public. */
function isEmbedded(address: Address): boolean {
  return address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('::/96'));
}

function isWithin(address: Address, network: string): boolean {
  const parsed = parseNetwork(network);
  return parsed !== undefined && parsed[0].kind() === address.kind() && address.match(parsed);
}

function parseNetwork(text: string): [Address, number] | undefined {
  const [base = '', bits, ...rest] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  const size = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return size >= 0 && size <= width ? [address, size] : undefined;
}

function sameHost(a: string, b: string): boolean {
  return a !== '' && a.toLowerCase().replace(/\.$/, '') === b.toLowerCase().replace(/\.$/, '');
}
