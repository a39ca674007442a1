// The one connection to Temporal, shared by worker and client, so that runs start eagerly. Waits for the server as long as it takes.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, type NativeConnectionOptions, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { Stopped } from './lifecycle.ts';
import type { Settings } from './settings.ts';

/** Once in a process, before anything else of Temporal. Signals stay ours; what the SDK says goes to our log. */
export function installRuntime(log: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Metadata may hold whole tasks: only what tells where it happened is kept.
      const { workflowId, activityType, error } = meta ?? {};
      log[level === 'ERROR' ? 'error' : 'warn']({ workflowId, activityType, err: error }, message);
    }),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
  });
}

/** How to reach it. Embedded: loopback, so that compression would only cost. */
export function connectionOptions(settings: Settings, embeddedAddress: string | undefined): NativeConnectionOptions {
  if (embeddedAddress !== undefined) return { address: embeddedAddress, grpcCompression: { codec: 'none' } };
  const { temporalAddress, temporalApiKey, temporalTls, temporalTlsCert, temporalTlsKey, temporalTlsCa, temporalTlsName } = settings;
  const own = temporalTlsCert !== undefined && temporalTlsKey !== undefined;
  const tls = {
    ...(temporalTlsName === undefined ? {} : { serverNameOverride: temporalTlsName }),
    ...(temporalTlsCa === undefined ? {} : { serverRootCACertificate: readFileSync(temporalTlsCa) }),
    ...(own ? { clientCertPair: { crt: readFileSync(temporalTlsCert), key: readFileSync(temporalTlsKey) } } : {}),
  };
  const wanted = temporalTls ?? (temporalApiKey !== undefined || Object.keys(tls).length > 0);
  return {
    ...(temporalAddress === undefined ? {} : { address: temporalAddress }),
    ...(temporalApiKey === undefined ? {} : { apiKey: temporalApiKey }),
    ...(wanted ? { tls } : {}),
  };
}

/** Tries until it answers. `waiting` hears why not, now and then. Throws Stopped when the stop begins. */
export async function connectTemporal(
  options: NativeConnectionOptions,
  stopping: AbortSignal,
  waiting: (reason: string) => void,
): Promise<NativeConnection> {
  for (let attempt = 0; ; attempt += 1) {
    if (stopping.aborted) throw new Stopped();
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      // A server that has just been started answers within the first second or two.
      if (attempt % 20 === 19) waiting(error instanceof Error ? error.message : String(error));
      await sleep(attempt < 40 ? 50 : 500);
    }
  }
}
