// Settings and configuration of one start: environment over cordon.yaml over defaults. All that is wrong is said at once.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Channel } from '../channels/channel.ts';
import { liveDirectory, type ProductRota } from '../channels/on-call.ts';
import type { Directory } from '../policy/addressed.ts';
import type { Publishing } from '../server/deps.ts';
import { type ConfigFile, type ConnectorEntry, configFile, type SourceEntry } from './config-file.ts';
import { directoryOf, productRotasOf } from './directory.ts';
import { OTHER_VARIABLES, SETTINGS, type Settings } from './settings.ts';
import { StartError } from './start-error.ts';
import { realProducts, TRIAL_NOTIFY, TRIAL_PEOPLE, TRIAL_SOURCES, trialConnectors } from './trial-form.ts';

export interface Config {
  readonly settings: Settings;
  /** Absolute. */
  readonly dataFolder: string;
  /** True: no connectors were configured, so the practice range stands in. */
  readonly usesRange: boolean;
  readonly connectors: readonly ConnectorEntry[];
  readonly sources: readonly SourceEntry[];
  /** Where people are asked. */
  readonly channels: readonly Channel[];
  readonly pages: { readonly to: readonly Channel[]; readonly otherwise: readonly Channel[] };
  /** Where relative file: references start: the folder of cordon.yaml, or in the trial form the data folder. */
  readonly secretsFolder: string;
  readonly outgoing: NonNullable<ConfigFile['outgoing']>;
  /** Absolute. */
  readonly policyFile: string;
  readonly entitiesFile: string;
  readonly playbookFolder: string;
  readonly publishing: Publishing;
  /** Groups and rotas; those of products are as they were read last. */
  readonly directory: Directory;
  readonly productRotas: readonly ProductRota[];
  /** Who is on call for a rota of a product, from now on. */
  readonly setOnCall: (rota: string, people: readonly string[]) => void;
  /** What is odd but does not stop a start. */
  readonly warnings: readonly string[];
}

export interface ReadOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Relative paths of the environment start here. */
  readonly cwd: string;
  /** Where the installation is: worker/trial, worker/default and playbooks/. */
  readonly root: string;
}

const MAX_BYTES = 1_000_000;

/** Throws StartError CONFIG_INVALID, naming every fault with its place and what it must be. */
export function readConfig({ env, cwd, root }: ReadOptions): Config {
  const named = env.CORDON_CONFIG !== undefined && env.CORDON_CONFIG !== '';
  const path = resolve(cwd, env.CORDON_CONFIG || 'cordon.yaml');
  const file = existsSync(path) ? readYaml(path) : {};
  if (named && !existsSync(path)) throw invalid([`CORDON_CONFIG names ${path}, which does not exist`]);

  const faults: string[] = [];
  const settings = readSettings(env, file, path, faults);
  const shape = configFile.safeParse(withoutSettings(file));
  if (!shape.success) faults.push(...shape.error.issues.map((issue) => `${path}: ${sayIssue(issue)}`));
  if (!shape.success || settings === undefined || faults.length > 0) throw invalid(faults);

  const usesRange = shape.data.connectors === undefined && settings.mode === 'trial';
  faults.push(
    ...productionFaults(settings, shape.data),
    ...timeoutFaults(settings, shape.data),
    ...portFaults(settings, usesRange),
    ...certificateFaults(settings),
  );
  if (faults.length > 0) throw invalid(faults);
  const beside = (name: string) => (isAbsolute(name) ? name : join(dirname(path), name));
  const connectors = shape.data.connectors ?? (usesRange ? trialConnectors(settings.rangePort) : []);
  const simulated = connectors.length > 0 && !hasReal(connectors);
  // What the trial allows, and whom it knows, is made for products that are not real.
  const shipped = join(root, simulated ? 'worker/trial' : 'worker/default');
  const pages = pagesOf(shape.data, usesRange);
  return {
    settings,
    dataFolder: resolve(cwd, settings.data),
    usesRange,
    connectors,
    sources: shape.data.sources ?? (settings.mode === 'trial' ? TRIAL_SOURCES : []),
    channels: channelsOf(shape.data, usesRange),
    pages,
    secretsFolder: usesRange ? resolve(cwd, settings.data) : dirname(path),
    outgoing: shape.data.outgoing ?? {},
    policyFile: shape.data.policy === undefined ? join(shipped, 'policy.yaml') : beside(shape.data.policy),
    entitiesFile: shape.data.entities === undefined ? join(shipped, 'entities.yaml') : beside(shape.data.entities),
    playbookFolder: shape.data.playbooks === undefined ? join(root, 'playbooks') : beside(shape.data.playbooks),
    publishing: { from: shape.data.publishing?.from ?? 'both', secondPerson: shape.data.publishing?.second_person ?? false },
    ...peopleOf(shape.data.people ?? (usesRange ? TRIAL_PEOPLE : {})),
    warnings: [...unknownVariables(env), ...(hasReal(connectors) ? missing(pages, shape.data) : [])],
  };
}

/** Each address of a channel is a channel of its own. `notify:` alone means: there, too. */
function channelsOf({ channels, notify }: ConfigFile, usesRange: boolean): readonly Channel[] {
  if (channels === undefined) {
    const to = notify ?? (usesRange ? TRIAL_NOTIFY : undefined);
    return to === undefined ? [] : [{ connector: to.connector, to: to.channel }];
  }
  return channels.flatMap(({ connector, to, for: whom }) =>
    [to].flat().map((one) => ({ connector, to: one, ...(whom === undefined ? {} : { for: whom }) })),
  );
}

/** What a pager is called as a recipient: it wakes whom its own service names. */
const SERVICE = 'service';

function pagesOf(file: ConfigFile, usesRange: boolean): Config['pages'] {
  if (file.pages === undefined)
    return { to: channelsOf(file.notify === undefined ? file : { notify: file.notify }, usesRange), otherwise: [] };
  const each = (some: NonNullable<ConfigFile['pages']>['to']): readonly Channel[] =>
    some.flatMap(({ connector, to = SERVICE }) => [to].flat().map((one) => ({ connector, to: one })));
  return { to: each(file.pages.to), otherwise: each(file.pages.otherwise ?? []) };
}

function peopleOf(people: NonNullable<ConfigFile['people']>): Pick<Config, 'directory' | 'productRotas' | 'setOnCall'> {
  const productRotas = productRotasOf(people);
  const { directory, set } = liveDirectory(directoryOf(people, new Date()), productRotas);
  return { directory, productRotas, setOnCall: set };
}

function readYaml(path: string): Readonly<Record<string, unknown>> {
  const source = readFileSync(path, 'utf8');
  if (source.length > MAX_BYTES) throw invalid([`${path}: larger than ${MAX_BYTES} bytes`]);
  const document = parseDocument(source, { uniqueKeys: true, merge: false, version: '1.2' });
  const [error] = document.errors;
  if (error !== undefined) throw invalid([`${path}: ${error.message}`]);
  const value: unknown = document.toJS({ maxAliasCount: 20 });
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid([`${path}: a list of "key: value" is expected`]);
  // An object that is no list: checked just above.
  return value as Record<string, unknown>;
}

function readSettings(
  env: NodeJS.ProcessEnv,
  file: Readonly<Record<string, unknown>>,
  path: string,
  faults: string[],
): Settings | undefined {
  const read: Record<string, unknown> = {};
  for (const [name, { env: variable, key, schema }] of Object.entries(SETTINGS)) {
    const fromEnv = env[variable] === '' ? undefined : env[variable];
    const fromFile = key === undefined ? undefined : file[key];
    if (fromEnv === undefined && fromFile === null) {
      faults.push(`${path}: ${key}: has no value: write one, or take the line out`);
      continue;
    }
    const parsed = schema.safeParse(fromEnv ?? fromFile);
    if (parsed.success) read[name] = parsed.data;
    else {
      const place = fromEnv === undefined ? `${path}: ${key}` : variable;
      faults.push(
        `${place}: ${JSON.stringify(fromEnv ?? fromFile)} is not allowed: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
      );
    }
  }
  // Each member was parsed by its own schema in the loop above.
  return faults.length === 0 ? (read as Settings) : undefined;
}

function withoutSettings(file: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = new Set(Object.values(SETTINGS).map(({ key }) => key));
  return Object.fromEntries(Object.entries(file).filter(([key]) => !keys.has(key)));
}

/** Two servers of one start on one port: the later one would take the earlier for another program. */
function portFaults(settings: Settings, usesRange: boolean): string[] {
  const embedded = settings.temporalAddress === undefined;
  const used: readonly (readonly [string, number | undefined])[] = [
    ['CORDON_PORT', settings.port],
    ['CORDON_RANGE_PORT', usesRange ? settings.rangePort : undefined],
    ['CORDON_TEMPORAL_PORT', embedded ? settings.temporalPort : undefined],
    ['CORDON_TEMPORAL_UI_PORT', embedded ? settings.temporalUiPort : undefined],
  ];
  return used.flatMap(([variable, port], at) => {
    const [first] = used.slice(0, at).filter(([, other]) => port !== undefined && port === other);
    return first ? [`${variable}: ${port} is the port of ${first[0]} already; give it another`] : [];
  });
}

function productionFaults(settings: Settings, file: ConfigFile): string[] {
  if (settings.mode !== 'production') return [];
  const faults: string[] = [];
  if (settings.databaseUrl === undefined)
    faults.push('CORDON_DATABASE_URL: production mode needs PostgreSQL; the embedded store is for trials');
  if (settings.temporalAddress === undefined)
    faults.push('TEMPORAL_ADDRESS: production mode needs a Temporal server of its own; the embedded one is for trials');
  if (settings.killAt !== undefined) faults.push('CORDON_KILL_AT: is for fault tests, and refused in production mode');
  if (file.policy === undefined) faults.push('cordon.yaml: policy: production mode needs a policy file of yours');
  for (const { id, type } of file.connectors ?? []) {
    if (type.startsWith('practice-')) faults.push(`cordon.yaml: connectors: ${id} is a simulated product, refused in production mode`);
  }
  return faults;
}

/** Half of a pair would be left out without a word, and the server would see a stranger. */
function certificateFaults({ temporalTlsCert, temporalTlsKey }: Settings): string[] {
  if ((temporalTlsCert === undefined) === (temporalTlsKey === undefined)) return [];
  return ['TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH: a certificate goes with its key; set both or neither'];
}

/** A request that outlives the lease on its effect could still be under way when another attempt looks. */
function timeoutFaults({ requestTimeoutMs }: Settings, file: ConfigFile): string[] {
  return (file.connectors ?? [])
    .filter(({ timeoutMs }) => typeof timeoutMs === 'number' && timeoutMs > requestTimeoutMs)
    .map(
      ({ id, timeoutMs }) =>
        `cordon.yaml: connectors: ${id}: timeoutMs ${timeoutMs} is above request_timeout_ms (${requestTimeoutMs}); raise that`,
    );
}

/** A misspelt variable would silently do nothing. */
function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([...Object.values(SETTINGS).map((setting) => setting.env), ...OTHER_VARIABLES]);
  return Object.keys(env)
    .filter((name) => name.startsWith('CORDON_') && !known.has(name))
    .map((name) => `${name} is not a setting of Cordon, and does nothing`);
}

const hasReal = (connectors: readonly ConnectorEntry[]): boolean => realProducts({ connectors }).length > 0;

/** What real products should not be without. */
function missing({ to }: Config['pages'], { policy, entities }: ConfigFile): string[] {
  const said: readonly (readonly [boolean, string])[] = [
    [
      to.length === 0,
      'NOBODY IS WOKEN when a person is needed: cordon.yaml names no pages:, notify: or channels:. It only stands in the console, in `cordon pages list` and in cordon.log.',
    ],
    [
      policy === undefined,
      'cordon.yaml names no policy: the strict one of worker/default is in force, which asks a person for all that contains.',
    ],
    [
      entities === undefined,
      'cordon.yaml names no entities: nothing is known of any host, person or service, so rules by tag protect nothing.',
    ],
  ];
  return said.flatMap(([isMissing, words]) => (isMissing ? [words] : []));
}

const sayIssue = (issue: z.core.$ZodIssue) => `${issue.path.length === 0 ? 'the file' : issue.path.join('.')}: ${issue.message}`;

const invalid = (faults: readonly string[]) =>
  new StartError(
    'CONFIG_INVALID',
    `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    'docs/reference/settings.md lists every setting. Nothing was started.',
  );
