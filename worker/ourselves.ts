// Who Cordon is, for the rule that it never acts against itself: this machine's names and addresses, and the accounts it has at the products.
import { hostname, networkInterfaces } from 'node:os';

/** Lower case. Loopback is not among them: policy knows it by itself. */
export function thisMachine(): readonly string[] {
  const name = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter((one) => !one.internal).map((one) => one.address),
  );
  return [...new Set([name, name.split('.')[0] ?? name, ...addresses.map((address) => address.toLowerCase())])];
}
