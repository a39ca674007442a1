// The order of a start: what does not depend on each other comes up side by side, and the API as soon as the store is there.
import { join } from 'node:path';
import type { Logger } from 'pino';
import { watchOnCall } from '../channels/on-call.ts';
import { watchPlaybooks } from '../dispatch/playbook-folder.ts';
import { readPlaybookBeside } from '../language/read-beside.ts';
import type { ServerDeps } from '../server/deps.ts';
import { countKept } from '../store/views/kept.ts';
import { cannotListen, startApi } from './api.ts';
import { type ConnectorWatch, watchConnectors } from './connector-watch.ts';
import { openDataFolder } from './data-folder.ts';
import { watchDirectories } from './directory-watch.ts';
import { type FailPoint, failpoint } from './failpoint.ts';
import { entityFinder } from './find-entities.ts';
import { firstSignIn } from './first-sign-in.ts';
import { openGroundStore, type Surroundings, startRange, startTemporal } from './ground.ts';
import { sayKept } from './kept.ts';
import { openLog } from './log.ts';
import { wantOldKeys } from './old-keys.ts';
import { thisMachine } from './ourselves.ts';
import { pagePeople } from './page-people.ts';
import { whyNotFree } from './ports.ts';
import { openProducts } from './products.ts';
import { startRuns } from './runs.ts';
import { installRuntime } from './temporal-connection.ts';
import type { TemporalServer } from './temporal-server.ts';
import { firstModeOf } from './trial-form.ts';
import { welcome } from './welcome.ts';

export interface Installation {
  /** Folder of dist/. */
  readonly dist: string;
  readonly version: string;
  readonly cwd: string;
}

/** Resolves when everything runs; fails at the first part that does. What it opens is in `life`, also when it fails half-way. Returns what to say. */
export async function assemble(around: Surroundings, installation: Installation): Promise<string> {
  const { config, life, tell } = around;
  const { settings } = config;
  const { version } = installation;
  const fail = failpoint(settings.killAt);
  const folder = await life.own(
    'the data folder',
    () => openDataFolder(config.dataFolder, version),
    (opened) => opened.release(),
  );
  const fault = await whyNotFree(settings.port, settings.host);
  if (fault !== undefined) throw cannotListen(settings.port, settings.host, fault);
  const log = openLog(folder.path, settings.logLevel);
  log.info({ version, mode: settings.mode, pid: process.pid, data: folder.path }, 'Cordon starts');
  for (const warning of config.warnings) tell(warning);
  // Deprecations in packages are for us, not for who looks at the terminal.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ err: warning }, 'a warning of Node'));
  installRuntime(log);

  const temporal = startTemporal(around);
  const rangeUrl = startRange(around);
  const rest = bringUp(around, installation, { log, fail, temporal, rangeUrl });
  // Whichever fails first is the failure; the others are then ended through `life`, and what they say about that is not heard.
  for (const part of [temporal, rangeUrl, rest]) part.catch(() => undefined);
  const never = new Promise<never>(() => undefined);
  return Promise.race([rest, temporal.then(() => never), rangeUrl.then(() => never)]);
}

interface Begun {
  readonly log: Logger;
  readonly fail: FailPoint;
  readonly temporal: Promise<TemporalServer | undefined>;
  readonly rangeUrl: Promise<string | undefined>;
}

async function bringUp(around: Surroundings, { dist, version, cwd }: Installation, { log, fail, ...begun }: Begun): Promise<string> {
  const { config, life, progress, tell } = around;
  const warn = (message: string) => {
    log.warn(message);
    tell(message);
  };
  let missing: ServerDeps['ready'] = async () => 'starting';
  const store = await openGroundStore(around);
  await wantOldKeys(store.db, config.dataFolder);
  const kept = sayKept(await countKept(store.db));
  const signIn = await firstSignIn(store, config.dataFolder);
  const { connectors, policy, inventory } = await openProducts(config, store, life, warn);
  const machine = thisMachine();
  let accounts: ConnectorWatch['accounts'] = () => [];
  const ourselves = () => [...machine, ...accounts()];
  const rangeUrl = await begun.rangeUrl;
  const url = await progress.step('API and console', () =>
    startApi({
      config,
      policy,
      store,
      log,
      fail,
      life,
      version,
      consoleDir: join(dist, 'console'),
      rangeUrl,
      policyInForce: { policy, inventory, ourselves },
      findEntities: entityFinder(connectors),
      ready: (what) => missing(what),
    }),
  );
  const trial = config.settings.mode === 'trial';
  const folderOptions = {
    folder: config.playbookFolder,
    store,
    readPlaybook: readPlaybookBeside,
    watch: trial,
    log,
    firstMode: firstModeOf(config),
  };
  // Where the store is the source of truth, the folder is not even looked at.
  if (config.publishing.from !== 'store')
    await progress.step('playbooks', () =>
      life.own(
        'the playbook folder',
        () => watchPlaybooks(folderOptions),
        (watching) => watching.stop(),
      ),
    );
  const watching = await life.own(
    'the look at the connectors',
    () => watchConnectors({ store, connectors, log, now: () => new Date() }),
    (watching) => watching.stop(),
  );
  accounts = watching.accounts;
  const page = pagePeople({ store, connectors, channels: config.channels, pages: config.pages, now: () => new Date() }, log);
  await life.own(
    'the look at who is on call',
    () => watchOnCall({ store, connectors, rotas: config.productRotas, set: config.setOnCall, now: () => new Date(), log }),
    (oncall) => oncall.stop(),
  );
  await life.own(
    'the look at the directories',
    async () =>
      watchDirectories({
        store,
        connectors,
        policy,
        log,
        now: () => new Date(),
        page: (message) => page({ key: `directories.${message}`, code: 'DIRECTORY', message }),
      }),
    (directories) => directories.stop(),
  );
  // A Temporal server of its own may be away for long: alerts and decisions are taken from here on. An embedded one comes up with us.
  if (config.settings.temporalAddress !== undefined) missing = async (what) => (what === 'runs' ? 'temporal' : undefined);
  const [temporal] = await Promise.all([begun.temporal, watching.asked]);
  const runs = await progress.step('worker', () =>
    startRuns({
      ...{ config, life, store, log, fail, connectors, policy, inventory },
      ourselves,
      page,
      temporalAddress: temporal?.address,
      bundlePath: join(dist, 'workflow-bundle.js'),
      consoleUrl: url,
      waiting: (reason) => warn(`Temporal does not answer yet (${reason}); alerts and approvals are taken meanwhile`),
    }),
  );
  missing = async (what) => (what === 'runs' ? await runs.notReady() : undefined);
  log.info({ url }, 'Cordon is ready');
  return welcome({ config, url, signIn, kept, pid: process.pid, cwd });
}
