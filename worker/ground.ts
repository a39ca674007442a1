// What everything stands on: the store, Temporal and, in the trial form, the practice range. Brought up side by side.
import { join } from 'node:path';
import { migrateStore } from '../store/migrate.ts';
import { openStore, type Store } from '../store/open.ts';
import { freezeRestored } from '../store/restored.ts';
import type { Config } from './config.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Progress } from './progress.ts';
import { startRangeProcess } from './range-process.ts';
import { findTemporal } from './temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './temporal-server.ts';

export interface Surroundings {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly life: Lifecycle;
  readonly progress: Progress;
  /** Something that people at the terminal should know, later than the start. */
  readonly tell: (line: string) => void;
}

/** Opened and up to date. */
export async function openGroundStore({ config, life, progress }: Pick<Surroundings, 'config' | 'life' | 'progress'>): Promise<Store> {
  const { databaseUrl, mode } = config.settings;
  const place = databaseUrl === undefined ? { folder: join(config.dataFolder, 'store') } : { url: databaseUrl };
  return progress.step(databaseUrl === undefined ? 'store (embedded)' : 'store (PostgreSQL)', async () => {
    return await life.own(
      'the store',
      async () => upToDate(await openStore(place, { production: mode === 'production' })),
      (opened) => opened.close(),
      10_000,
    );
  });
}

async function upToDate(store: Store): Promise<Store> {
  try {
    await migrateStore(store);
    await freezeRestored(store.db, new Date());
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The embedded server; undefined when TEMPORAL_ADDRESS names another. */
export async function startTemporal({ config, env, life, progress, tell }: Surroundings): Promise<TemporalServer | undefined> {
  const { temporalAddress, temporalPort, temporalUiPort, temporalCli, temporalNamespace: namespace } = config.settings;
  if (temporalAddress !== undefined) return undefined;
  // cordon.yaml may name the program too; the environment has been put over it already.
  const named = temporalCli === undefined ? env : { ...env, CORDON_TEMPORAL_CLI: temporalCli };
  return progress.step(
    'Temporal',
    async () => {
      const binary = await findTemporal({ env: named, log: (line) => progress.say(`  … ${line}`) });
      const options = { binary, folder: config.dataFolder, port: temporalPort, uiPort: temporalUiPort, namespace, log: tell };
      return life.own(
        'Temporal',
        () => startTemporalServer(options),
        (server) => server.stop(),
        12_000,
      );
    },
    (server) => (server.takenOver ? 'was still running, goes on' : undefined),
  );
}

/** Its address; undefined when real products are configured. */
export async function startRange({ config, life, progress, tell }: Surroundings): Promise<string | undefined> {
  if (!config.usesRange) return undefined;
  const options = { dataFolder: config.dataFolder, port: config.settings.rangePort, log: tell };
  const range = await progress.step(
    'practice range',
    () =>
      life.own(
        'the practice range',
        () => startRangeProcess(options),
        (opened) => opened.stop(),
        12_000,
      ),
    (opened) => (opened.takenOver ? 'was still running, goes on' : undefined),
  );
  return range.url;
}
