// Name resolution that answers only addresses that may be connected to. The socket is opened to what was checked, so that a name
// that changes its mind between check and connect (rebinding) gains nothing.
import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type AddressRules, isAddressAllowed } from './address-guard.ts';
import { ConnectorFailure } from './connector.ts';

export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** Resolves a name to all of its addresses. */
export type ResolveName = (host: string) => Promise<readonly Resolved[]>;

export const systemResolver: ResolveName = (host) =>
  new Promise((resolve, reject) => {
    dnsLookup(host, { all: true, verbatim: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** All addresses of the host. Throws ConnectorFailure HOST_REFUSED when any of them is refused, UNREACHABLE when there is none. */
export async function allowedAddresses(host: string, rules: AddressRules, resolveName: ResolveName): Promise<readonly Resolved[]> {
  const family = isIP(host);
  const found = family === 0 ? await resolveName(host).catch(() => []) : [{ address: host, family }];
  if (found.length === 0) throw new ConnectorFailure('retryable', 'UNREACHABLE', `${host} could not be resolved; nothing was sent.`);
  // One bad address spoils all: a name that answers public and private addresses at once is the usual form of an attack.
  if (!found.every((each) => isAddressAllowed(each.address, rules, host))) throw hostRefused(host);
  return found;
}

/** For `lookup` of http.Agent and net.connect. Not called for literal addresses: check those before connecting. */
export function guardedLookup(rules: AddressRules, resolveName: ResolveName): LookupFunction {
  return (host, options, callback) => {
    allowedAddresses(host, rules, resolveName).then(
      (found) => {
        const wanted = found.filter((each) => !options.family || options.family === each.family);
        const first = wanted[0] ?? found[0];
        if (options.all === true) callback(null, [...(wanted.length > 0 ? wanted : found)]);
        else callback(null, first?.address ?? '', first?.family ?? 4);
      },
      (error: Error) => callback(error, ''),
    );
  };
}

/** The same words for every reason: an error is no way to explore the network behind us. */
export function hostRefused(host: string): ConnectorFailure {
  return new ConnectorFailure(
    'permanent',
    'HOST_REFUSED',
    `${host} may not be reached from here; nothing was sent. If it should be, write outgoing: { ${isIP(host) === 0 ? 'private_hosts' : 'networks'}: ["${host}"] } into cordon.yaml.`,
  );
}
