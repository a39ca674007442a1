// The connectors, and what policy knows: opened and read before anything runs, so that a fault in them stops the start and no run.
import { checkChannels, checkPages } from '../channels/channel.ts';
import { checkRotas } from '../channels/on-call.ts';
import { type PortsOptions, ports } from '../connectors/ports.ts';
import { ConnectorConfigError, type OpenConnectors, openConnectors } from '../connectors/registry.ts';

import type { Inventory } from '../policy/inventory.ts';
import type { Policy } from '../policy/policy.ts';
import type { Store } from '../store/store.ts';
import type { Config } from './config.ts';
import { openInventory } from './entity-inventory.ts';
import { auditFiles } from './file-audit.ts';
import type { Lifecycle } from './lifecycle.ts';
import { parsePolicy } from './policy-file.ts';
import { StartError } from './start-error.ts';
import { watchedFile } from './watched-file.ts';

export interface Products {
  readonly connectors: OpenConnectors;
  readonly policy: () => Policy;
  readonly inventory: () => Inventory;
}

/** Throws StartError CONFIG_INVALID. */
export async function openProducts(config: Config, store: Store, life: Lifecycle, warn: (message: string) => void): Promise<Products> {
  try {
    const nowMs = () => performance.now();
    const policy = watchedFile(config.policyFile, parsePolicy, warn, nowMs);
    const { inventory, file: entities } = await life.own(
      'the inventory',
      () => openInventory({ store, file: config.entitiesFile, warn, nowMs }),
      (opened) => opened.stop(),
    );
    const files = [
      { name: 'policy', file: policy, changed: 'policy.changed', refused: 'policy.refused' },
      { name: 'entities', file: entities, refused: 'entities.refused' },
    ] as const;
    await life.own(
      'the look at the policy and the inventory',
      () => auditFiles({ store, files, warn, now: () => new Date() }),
      (opened) => opened.stop(),
    );
    const connectors = await life.own(
      'the connectors',
      () => openConnectors(config.connectors, ports(portsOptions(config))),
      (opened) => opened.close(),
    );
    checkRotas(connectors, config.productRotas);
    checkChannels(connectors, [...config.channels, ...config.pages.to, ...config.pages.otherwise]);
    checkPages(config.pages);
    return { connectors, policy: policy.read, inventory };
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'Stopped') throw error;
    const message =
      error instanceof ConnectorConfigError ? error.problems.map((one) => `  - ${one.where}: ${one.message}`).join('\n') : error.message;
    throw new StartError('CONFIG_INVALID', `The configuration cannot be used:\n${message}`, 'Mend it and start again. Nothing was run.', {
      cause: error,
    });
  }
}

function portsOptions(config: Config): PortsOptions {
  const { networks, private_hosts: privateHosts, plain_http: plainHttp } = config.outgoing;
  return {
    guard: {
      addresses: {
        // The practice range lives on loopback; in production nothing that connectors may reach does.
        loopback: config.settings.mode === 'trial',
        ...(networks === undefined ? {} : { networks }),
        ...(privateHosts === undefined ? {} : { privateHosts }),
      },
      ...(plainHttp === undefined ? {} : { plainHttp }),
    },
    secrets: { env: process.env, folder: config.secretsFolder },
    maxTimeoutMs: config.settings.requestTimeoutMs,
  };
}
