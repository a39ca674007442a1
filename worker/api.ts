// The API with webhooks and console. It needs the store only: alerts and approvals are taken while Temporal is not there yet, or not there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { secretResolver } from '../connectors/secret.ts';
import type { Policy } from '../policy/policy.ts';
import { buildServer } from '../server/app.ts';
import type { PolicyInForce, ServerDeps, SourceConfig } from '../server/deps.ts';
import type { FindEntities } from '../server/name-entities.ts';
import type { Store } from '../store/store.ts';
import type { Config } from './config.ts';
import type { SourceEntry } from './config-file.ts';
import { codeOf } from './error-code.ts';
import type { FailPoint } from './failpoint.ts';
import type { Lifecycle } from './lifecycle.ts';
import { auditKey, sourceSecret } from './secrets.ts';
import { StartError } from './start-error.ts';

export interface ApiOptions {
  readonly config: Config;
  readonly store: Store;
  readonly log: Logger;
  readonly fail: FailPoint;
  readonly life: Lifecycle;
  readonly version: string;
  /** Folder of the built console. */
  readonly consoleDir: string;
  readonly policy: () => Policy;
  readonly rangeUrl: string | undefined;
  readonly findEntities: FindEntities;
  readonly policyInForce: PolicyInForce;
  readonly ready: ServerDeps['ready'];
}

/** Listening. Returns the address under which people reach it. */
export async function startApi(options: ApiOptions): Promise<string> {
  const { config, life, rangeUrl, consoleDir } = options;
  const { settings } = config;
  const server = await life.own(
    'the API',
    () =>
      buildServer({
        store: options.store,
        directory: config.directory,
        publishing: config.publishing,
        findEntities: options.findEntities,
        policyInForce: options.policyInForce,
        wakesNobody: config.pages.to.length === 0,
        clicks: clicksOf(config),
        sources: config.sources.map((source) => sourceOf(source, config)),
        log: options.log,
        now: () => new Date(),
        fail: options.fail,
        ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
        secureCookies: settings.publicUrl?.startsWith('https:') === true,
        ready: options.ready,
        version: options.version,
        audit: auditKey(config.dataFolder),
        confirmRenewalAfterMs: () => options.policy().renewalConfirmAfterMs ?? 0,
        ...(existsSync(join(consoleDir, 'index.html')) ? { consoleDir } : {}),
        ...(rangeUrl === undefined ? {} : { rangeUrl }),
      }),
    (app) => app.close(),
  );
  try {
    const address = await server.listen({ host: settings.host, port: settings.port });
    return settings.publicUrl?.replace(/\/$/, '') ?? address;
  } catch (error) {
    const fault = codeOf(error);
    throw fault === undefined ? error : cannotListen(settings.port, settings.host, fault);
  }
}

/** Slack apps that have a signing secret; read at each use, so that a replaced one counts at once. */
function clicksOf({ connectors, secretsFolder }: Config): NonNullable<ServerDeps['clicks']> {
  const resolve = secretResolver({ env: process.env, folder: secretsFolder });
  return connectors.flatMap(({ id, type, signing_secret: secret }) =>
    type === 'slack' && secret !== undefined
      ? [
          {
            connector: id,
            secrets: async () => (await Promise.all([secret].flat().map((one) => resolve(String(one))))).map((one) => one.reveal()),
          },
        ]
      : [],
  );
}

/** `fault`: what the system said, as whyNotFree does. */
export function cannotListen(port: number, host: string, fault: string): StartError {
  if (fault === 'EADDRINUSE') {
    const hint = 'Set CORDON_PORT to a free port. For two installations side by side, CORDON_DATA and CORDON_RANGE_PORT must differ too.';
    return new StartError('PORT_TAKEN', `Port ${port} is in use by another program.`, hint);
  }
  const why = fault === 'EACCES' ? 'this user may not' : fault === 'EADDRNOTAVAIL' ? 'no network of this machine has that address' : fault;
  const hint = 'Set CORDON_PORT to a port from 1024 on, and CORDON_HOST to an address of this machine; a proxy can stand before it.';
  return new StartError('PORT_REFUSED', `Nothing can listen on port ${port} of ${host}: ${why}.`, hint);
}

/** Secrets are read at each use, so that a replaced one counts at once; one that Cordon makes itself is made now. */
function sourceOf(source: SourceEntry, config: Config): SourceConfig {
  const { name, type, secrets } = source;
  if (secrets === undefined) {
    sourceSecret(config.dataFolder, name);
    return { name, type, secrets: async () => [sourceSecret(config.dataFolder, name)] };
  }
  const resolve = secretResolver({ env: process.env, folder: config.secretsFolder });
  return {
    name,
    type,
    secrets: async () => (await Promise.all(secrets.map(resolve))).map((secret) => secret.reveal()),
  };
}
