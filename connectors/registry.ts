// All connectors, and the opened instances of a deployment.
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { AnyConnector, Json, OpenAction, Ports } from './connector.ts';
import { CONNECTORS } from './connectors.ts';

/** One entry under `connectors:` in cordon.yaml. What else is in it is the connector's own configuration. */
export interface ConnectorConfig {
  readonly id: string;
  readonly type: string;
  readonly [setting: string]: unknown;
}

export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** The practice range: nothing real is touched. */
  readonly simulated: boolean;
  readonly verbs: readonly string[];
  readonly client: unknown;
  readonly connector: AnyConnector;
  /** SHA-256, hex, over the configuration in canonical form (secrets are references there). Part of what an approval is bound to. */
  readonly fingerprint: string;
}

export interface OpenConnectors {
  readonly instances: readonly Instance[];
  /** In the order of the configuration. */
  readonly servers: (verb: string) => readonly Instance[];
  readonly instance: (id: string) => Instance | undefined;
  readonly actionOf: (instance: Pick<Instance, 'connector'>, verb: string) => OpenAction | undefined;
  readonly close: () => Promise<void>;
}

export interface ConfigProblem {
  readonly code: 'BAD_ID' | 'DUPLICATE_ID' | 'UNKNOWN_TYPE' | 'BAD_SETTING' | 'OPEN_FAILED';
  /** `connectors.okta-main.url` */
  readonly where: string;
  readonly message: string;
}

/** Everything that is wrong with the configuration, at once. Nothing is open when it is thrown. */
export class ConnectorConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map((each) => `${each.where}: ${each.message}`).join('\n'));
    this.name = 'ConnectorConfigError';
    this.problems = problems;
  }
}

/** Throws ConnectorConfigError. Opens nothing unless the whole configuration is right. */
export function openConnectors(
  configs: readonly ConnectorConfig[],
  ports: Ports,
  known: readonly AnyConnector[] = CONNECTORS,
): OpenConnectors {
  const problems: ConfigProblem[] = [];
  const checked = configs.map((config, index) => check(config, index, configs, known, problems));
  if (problems.length > 0) throw new ConnectorConfigError(problems);
  const instances = checked.flatMap((each) => (each === undefined ? [] : [open(each, ports, problems)])).flatMap((each) => each ?? []);
  const close = async () => void (await Promise.allSettled(instances.map((each) => each.connector.close?.(each.client))));
  if (problems.length > 0) {
    void close();
    throw new ConnectorConfigError(problems);
  }
  return {
    instances,
    servers: (verb) => instances.filter((each) => each.verbs.includes(verb)),
    instance: (id) => instances.find((each) => each.id === id),
    // The instance's own client goes with its own actions, and `input` parses parameters: so the erased types are safe here.
    actionOf: (instance, verb) => instance.connector.actions.find((each) => each.verb === verb) as OpenAction | undefined,
    close,
  };
}

interface Checked {
  readonly id: string;
  readonly connector: AnyConnector;
  readonly settings: unknown;
}

function check(
  { id, type, ...settings }: ConnectorConfig,
  index: number,
  all: readonly ConnectorConfig[],
  known: readonly AnyConnector[],
  problems: ConfigProblem[],
): Checked | undefined {
  const where = `connectors.${typeof id === 'string' && id !== '' ? id : index}`;
  const add = (code: ConfigProblem['code'], at: string, message: string) => problems.push({ code, where: at, message });
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(id))
    add('BAD_ID', `${where}.id`, 'must be lower-case letters, digits and "-", at most 63.');
  if (all.findIndex((each) => each.id === id) !== index)
    add('DUPLICATE_ID', `${where}.id`, `"${id}" is used twice; instances need names of their own.`);
  const connector = known.find((each) => each.type === type);
  if (connector === undefined) {
    add('UNKNOWN_TYPE', `${where}.type`, `"${type}" is no connector; there are: ${known.map((each) => each.type).join(', ')}.`);
    return undefined;
  }
  const result = connector.config.safeParse(settings);
  if (!result.success)
    for (const issue of result.error.issues) add('BAD_SETTING', [where, ...issue.path.map(String)].join('.'), settingMessage(issue));
  return result.success ? { id, connector, settings: result.data } : undefined;
}

/** Values are not repeated: a secret may stand where it should not. */
function settingMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `knows no setting ${issue.keys.join(', ')}; remove it or mend its spelling.`;
  return `${issue.message}. See the connector's page for what it takes.`;
}

function open({ id, connector, settings }: Checked, ports: Ports, problems: ConfigProblem[]): Instance | undefined {
  try {
    const client = connector.open(settings, ports);
    const verbs = connector.actions.map((each) => each.verb);
    const fingerprint = createHash('sha256')
      .update(canonical({ id, type: connector.type, settings: settings as Json }))
      .digest('hex'); // parsed from YAML: plain JSON
    return {
      id,
      type: connector.type,
      title: connector.title,
      simulated: connector.simulated === true,
      verbs,
      client,
      connector,
      fingerprint,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'could not be opened.';
    problems.push({ code: 'OPEN_FAILED', where: `connectors.${id}`, message });
    return undefined;
  }
}

/** JSON with sorted keys and no blanks. */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each as Json)}`)
    .join(',')}}`; // members of Json are Json
}
