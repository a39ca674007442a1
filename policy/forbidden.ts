// Targets that no rule can allow: ourselves, whoever asked, break-glass accounts, our own addresses, networks that are too broad.
import { type Network, overlaps, readNetwork } from './network.ts';
import type { Facts, Forbidden, Reason } from './policy.ts';

/** Where the policy names none. */
export const FORBIDDEN_TAGS: readonly string[] = ['cordon', 'break-glass'];

/** A network with a shorter prefix is never a target. */
const BROADEST = { 4: 24, 6: 48 } as const;
/** Nobody's target anywhere: this host, this network. */
const NEVER: readonly string[] = ['0.0.0.0/8', '127.0.0.0/8', '::/127', '::1', '255.255.255.255'];

/** A message to one of them is an ordinary target. */
const MACHINES_AND_ACCOUNTS: readonly string[] = ['user', 'host', 'ip', 'domain', 'url', 'service'];

type Target = NonNullable<Facts['target']>;

/** Names of the rules, as decisions say them. */
export const FORBIDDEN_RULES = [
  'forbidden-target',
  'forbidden-ourselves',
  'forbidden-requester',
  'forbidden-break-glass',
  'forbidden-address',
  'forbidden-network',
  'forbidden-domain',
] as const;

/** Undefined where nothing forbids it. What only reads or adds information is not asked about. */
export function whyForbidden(forbidden: Forbidden, facts: Facts): Reason | undefined {
  const { target } = facts;
  if (!target || facts.risk === 'read' || facts.risk === 'additive') return undefined;
  const tag = forbidden.tags.find((one) => target.tags.includes(one));
  if (tag !== undefined) return reason('forbidden-target', `what is tagged ${tag} is never a target`);
  const name = forbidden.names.find((one) => target.names.includes(one));
  if (name !== undefined) return reason('forbidden-target', `${name} is never a target`);
  if (MACHINES_AND_ACCOUNTS.includes(target.kind) && isAmong(facts.ourselves, target))
    return reason('forbidden-ourselves', 'Cordon does not act against the machine or the accounts it uses');
  if (target.kind === 'user' && isAmong(facts.requester, target))
    return reason('forbidden-requester', 'who started a run by hand is never its target');
  if (target.kind === 'user' && isAmong(facts.breakGlass, target))
    return reason('forbidden-break-glass', 'an account for emergencies must work when nothing else does');
  if (target.kind === 'ip') return whyForbiddenAddress(forbidden, facts, target);
  if (target.kind === 'domain' || target.kind === 'url') return whyForbiddenDomain(forbidden, target);
  return undefined;
}

const reason = (rule: (typeof FORBIDDEN_RULES)[number], words: string): Reason => ({ rule, reason: words });

const isAmong = (names: readonly string[], target: Target): boolean => names.some((name) => target.names.includes(name));

function whyForbiddenAddress(forbidden: Forbidden, { ourselves }: Facts, target: Target): Reason | undefined {
  const networks = target.names.flatMap((name) => readNetwork(name) ?? []);
  if (networks.length === 0) return reason('forbidden-address', 'it cannot be read as an address');
  const broad = networks.find((network) => network.prefix < BROADEST[network.family]);
  if (broad) return reason('forbidden-network', `a network broader than /${BROADEST[broad.family]} is never a target`);
  const own = [...NEVER, ...forbidden.networks, ...ourselves].find((one) => touches(one, networks));
  return own === undefined ? undefined : reason('forbidden-address', `${own} is our own address range`);
}

function touches(own: string, networks: readonly Network[]): boolean {
  const range = readNetwork(own);
  return range !== undefined && networks.some((network) => overlaps(range, network));
}

/** The host as browsers read it: after the last @, and a backslash is a slash. */
const HOST = /^[a-z][a-z0-9+.-]*:[/\\]{2,}(?:[^/\\?#]*@)?([^/\\:?#]+)/;

function whyForbiddenDomain(forbidden: Forbidden, target: Target): Reason | undefined {
  const hosts = target.names.map((name) => HOST.exec(name)?.[1] ?? name);
  const spelt = hosts.map((host) => host.replace(/\.$/, ''));
  // Whoever blocks a domain blocks what is below it; a url is one place alone.
  const takes = (host: string, domain: string) => isBelow(host, domain) || (target.kind === 'domain' && isBelow(domain, host));
  const own = forbidden.domains.find((domain) => spelt.some((host) => takes(host, domain)));
  return own === undefined ? undefined : reason('forbidden-domain', `${own} is our own domain`);
}

const isBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
