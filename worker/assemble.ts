// The order of a start: what does not depend on each other comes up side by side, and the API as soon as the store is there.
import { join } from 'node:path';
import { watchPlaybooks } from '../dispatch/playbook-folder.ts';
import { readPlaybook } from '../language/parse.ts';
import { portTaken, startApi } from './api.ts';
import { openDataFolder } from './data-folder.ts';
import { failpoint } from './failpoint.ts';
import { firstSignIn } from './first-sign-in.ts';
import { openGroundStore, type Surroundings, startRange, startTemporal } from './ground.ts';
import { countKept, sayKept } from './kept.ts';
import { openLog } from './log.ts';
import { notifier } from './notifier.ts';
import { isFree } from './ports.ts';
import { openProducts } from './products.ts';
import { startRuns } from './runs.ts';
import { installRuntime } from './temporal-connection.ts';
import { welcome } from './welcome.ts';

export interface Installation {
  /** Folder of dist/. */
  readonly dist: string;
  readonly version: string;
  readonly cwd: string;
}

/** Resolves when everything runs. What it opens is in `life`, also when it fails half-way. Returns what to say. */
export async function assemble(around: Surroundings, { dist, version, cwd }: Installation): Promise<string> {
  const { config, life, progress, tell } = around;
  const { settings } = config;
  const fail = failpoint(settings.killAt);
  const folder = await life.own(
    'the data folder',
    () => openDataFolder(config.dataFolder, version),
    (opened) => opened.release(),
  );
  if (!(await isFree(settings.port, settings.host))) throw portTaken(settings.port);
  const log = openLog(folder.path, settings.logLevel);
  log.info({ version, mode: settings.mode, pid: process.pid, data: folder.path }, 'Cordon starts');
  for (const warning of config.warnings) tell(warning);
  installRuntime(log);
  const warn = (message: string) => {
    log.warn(message);
    tell(message);
  };

  let notReady = async (): Promise<string | undefined> => 'starting';
  const temporalStart = startTemporal(around);
  // Each of the three is waited for below; one that fails before must not be an unhandled rejection.
  temporalStart.catch(() => undefined);
  const rangeStart = startRange(around);
  rangeStart.catch(() => undefined);
  const store = await openGroundStore(around);
  const kept = sayKept(await countKept(store));
  const signIn = await firstSignIn(store, folder.path);
  const { connectors, policy, inventory } = await openProducts(config, life, warn);
  const rangeUrl = await rangeStart;
  const url = await progress.step('API and console', () =>
    startApi({ config, store, log, fail, life, version, consoleDir: join(dist, 'console'), rangeUrl, notReady: () => notReady() }),
  );
  await progress.step('playbooks', async () => {
    for (const from of config.playbookFolders) {
      await life.own(
        'the playbook folder',
        () =>
          watchPlaybooks({
            folder: from,
            store,
            readPlaybook,
            watch: settings.mode === 'trial',
            log,
            firstMode: settings.mode === 'trial' ? 'act' : 'observe',
          }),
        (watching) => watching.stop(),
      );
    }
  });
  const temporal = await temporalStart;
  const runs = await progress.step('worker', () =>
    startRuns({
      ...{ config, life, store, log, fail, connectors, policy, inventory },
      notifier: notifier(connectors, config.notify, log),
      temporalAddress: temporal?.address,
      bundlePath: join(dist, 'workflow-bundle.js'),
      consoleUrl: url,
      waiting: (reason) => warn(`Temporal does not answer yet (${reason}); alerts and approvals are taken meanwhile`),
    }),
  );
  notReady = runs.notReady;
  log.info({ url }, 'Cordon is ready');
  return welcome({ config, url, signIn, kept, pid: process.pid, cwd });
}
