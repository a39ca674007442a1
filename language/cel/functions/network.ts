// Addresses, networks, domains, URLs. What is a registrable domain depends on a list that changes from week to week, so that a run could not be replayed:
// domain_parent() and domain_within() need none.
import { raise } from '../failure.ts';
import { toCelValue } from '../values.ts';
import { type Address, addressText, contains, type Network, parseAddress, parseNetwork } from './address.ts';
import type { FunctionRow } from './row.ts';

export const NETWORK_ROWS: readonly FunctionRow[] = [
  {
    name: 'cidr_contains',
    group: 'network',
    takes: { network: 'text', address: 'text' },
    gives: 'boolean',
    on: 'argument',
    doc: 'True when the address (or the network) lies within the network. IPv4 and IPv6; fails for text that is neither.',
    example: ["cidr_contains('10.0.0.0/8', '10.1.2.3')", true],
    call: (given) => contains(network('cidr_contains', given.text(0)), network('cidr_contains', given.text(1))),
  },
  {
    name: 'cidr_parse',
    group: 'network',
    takes: { network: 'text' },
    gives: 'map',
    on: 'argument',
    doc: 'The network in parts: `version`, `bits`, `first` and `last` address.',
    example: ["cidr_parse('192.0.2.7/30')", { version: 4, bits: 30, first: '192.0.2.4', last: '192.0.2.7' }],
    call: (given) => {
      const { version, bits, first, last } = network('cidr_parse', given.text(0));
      return toCelValue({ version, bits, first: addressText({ version, value: first }), last: addressText({ version, value: last }) });
    },
  },
  {
    name: 'ip_kind',
    group: 'network',
    takes: { text: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'public, private, loopback, link-local, multicast, documentation or reserved; null for what is no IP address.',
    example: ["ip_kind('192.168.1.1')", 'private'],
    call: (given) => {
      const address = parseAddress(given.text(0));
      return address ? kindOf(address) : null;
    },
  },
  {
    name: 'ip_normal',
    group: 'network',
    takes: { text: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The address in its one usual spelling, so that equal addresses are equal texts; null for what is no IP address.',
    example: ["ip_normal('2001:DB8:0:0::1')", '2001:db8::1'],
    call: (given) => {
      const address = parseAddress(given.text(0));
      return address ? addressText(address) : null;
    },
  },
  {
    name: 'domain_parent',
    group: 'network',
    takes: { domain: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The domain one level up, in small letters; null above the last level.',
    example: ["domain_parent('login.example.org')", 'example.org'],
    call: (given) => {
      const labels = domain(given.text(0)).split('.');
      return labels.length > 1 ? labels.slice(1).join('.') : null;
    },
  },
  {
    name: 'domain_within',
    group: 'network',
    takes: { domain: 'text', parent: 'text' },
    gives: 'boolean',
    on: 'argument',
    doc: 'True when the domain is the other or lies below it. Not fooled by `notexample.org`, capitals or a dot at the end.',
    example: ["domain_within('mail.example.org', 'example.org')", true],
    call: (given) => `.${domain(given.text(0))}`.endsWith(`.${domain(given.text(1))}`),
  },
  {
    name: 'email_domain',
    group: 'network',
    takes: { address: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'What stands after the last @, in small letters; null without one.',
    example: ["email_domain('Eve@Example.org')", 'example.org'],
    call: (given) => {
      const at = given.text(0).lastIndexOf('@');
      return at < 0
        ? null
        : domain(
            given
              .text(0)
              .slice(at + 1)
              .replace(/>\s*$/, ''),
          );
    },
  },
  {
    name: 'url_parse',
    group: 'network',
    takes: { url: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The URL in parts: `scheme`, `host` (small letters), `port` (or null), `path`, `query`, `fragment`; null for what is no URL with a host. Nothing is fetched.',
    example: [
      "url_parse('https://Evil.example.org:8443/a?b=1')",
      { scheme: 'https', host: 'evil.example.org', port: 8443, path: '/a', query: 'b=1', fragment: '' },
    ],
    call: (given) => urlParts(given.text(0)),
  },
];

function network(name: string, text: string): Network {
  return parseNetwork(text.trim()) ?? raise('EXPRESSION_FAILED', `${name}() was given text that is no address and no network`);
}

const domain = (text: string): string => text.trim().toLowerCase().replace(/\.$/, '');

/** The first that holds it says what it is. From the registries of special-purpose addresses (RFC 6890 and its updates). */
const KINDS: readonly (readonly [kind: string, networks: readonly string[]])[] = [
  ['loopback', ['127.0.0.0/8', '::1']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '198.18.0.0/15', '240.0.0.0/4', '::', '100::/64', '2001::/23']],
];

function kindOf({ version, value }: Address): string {
  const one = { version, bits: version === 4 ? 32 : 128, first: value, last: value };
  const found = KINDS.find(([, networks]) => networks.some((text) => contains(network('ip_kind', text), one)));
  return found?.[0] ?? 'public';
}

// RFC 3986, appendix B; a backslash is a slash to browsers, so it is one here. What stands before an @ is no host.
const URL = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;

function urlParts(text: string) {
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = URL.exec(text.trim().replaceAll('\\', '/')) ?? [];
  const [, host = '', port] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d{0,5}))?$/i.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? [];
  if (host === '') return null;
  return toCelValue({
    scheme: scheme.toLowerCase(),
    host: domain(host),
    port: port ? Number(port) : null,
    path,
    query,
    fragment,
  });
}
