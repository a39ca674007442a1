// What connectors get from the runtime: the guarded client, secrets, checked addresses.
import type { Ports } from './connector.ts';
import { allowedAddresses, hostRefused, systemResolver } from './guarded-lookup.ts';
import { type HttpGuard, httpClient } from './http.ts';
import { type SecretSource, secretResolver } from './secret.ts';

export interface PortsOptions {
  readonly guard: HttpGuard;
  readonly secrets: SecretSource;
}

export function ports({ guard, secrets }: PortsOptions): Ports {
  return {
    http: (options) => httpClient(options, guard),
    secret: secretResolver(secrets),
    address: async (host) => {
      if (guard.hosts !== undefined && !guard.hosts.some((each) => each.toLowerCase() === host.toLowerCase())) throw hostRefused(host);
      const [first] = await allowedAddresses(host, guard.addresses, guard.resolveName ?? systemResolver);
      if (first === undefined) throw hostRefused(host);
      return first.address;
    },
  };
}
