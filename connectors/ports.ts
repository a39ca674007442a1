// What connectors get from the runtime: the guarded client, secrets, checked addresses.
import type { Ports } from './connector.ts';
import { allowedAddresses, hostRefused, systemResolver } from './guarded-lookup.ts';
import { DEFAULT_TIMEOUT_MS, type HttpGuard, httpClient } from './http.ts';
import { type SecretSource, secretResolver } from './secret.ts';

export interface PortsOptions {
  readonly guard: HttpGuard;
  readonly secrets: SecretSource;
  /** No request takes longer, whatever a connector's configuration says: leases on effects are reckoned from it, ms. Default: none. */
  readonly maxTimeoutMs?: number;
}

export function ports({ guard, secrets, maxTimeoutMs = Number.POSITIVE_INFINITY }: PortsOptions): Ports {
  return {
    http: (options) => httpClient({ ...options, timeoutMs: Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxTimeoutMs) }, guard),
    secret: secretResolver(secrets),
    address: async (host) => {
      if (guard.hosts !== undefined && !guard.hosts.some((each) => each.toLowerCase() === host.toLowerCase())) throw hostRefused(host);
      const [first] = await allowedAddresses(host, guard.addresses, guard.resolveName ?? systemResolver);
      if (first === undefined) throw hostRefused(host);
      return first.address;
    },
  };
}
