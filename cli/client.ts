// The API as the online commands see it. Where it is and who asks: CORDON_URL and CORDON_TOKEN, else this machine, as cordon.yaml has it, and the first
// owner's token.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Problem } from '../server/contract.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { configured } from './configured.ts';
import { isOwnAddress, isWildcard } from './own-address.ts';

/** Until the server begins to answer; what it answers may take as long as it flows. */
const TIMEOUT_MS = 30_000;
/** For what reads the whole store before it answers: as long as fetch waits for an answer's head. */
export const LONG_MS = 300_000;

export interface Client {
  readonly url: string;
  /** The answer's JSON. The server is ours and its answers are tested against the contract, so the type is taken on trust. */
  get<T>(path: string, timeoutMs?: number): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  /** A body that is read in pieces. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>;
}

export const dataFolder = (context: Context): string =>
  resolve(context.cwd, context.env.CORDON_DATA || configured(context).data || '.cordon');

/** Throws URL_INVALID (exit 2), before anything is sent anywhere. */
export function serverUrl(context: Context): string {
  const { env } = context;
  const written = env.CORDON_URL || onThisMachine(context);
  if (/^https?:\/\//i.test(written) && URL.canParse(written)) return written.replace(/\/+$/, '');
  const from = env.CORDON_URL ? 'CORDON_URL' : 'CORDON_PORT';
  throw new CliError(
    EXIT.wrongUse,
    'URL_INVALID',
    `${from} is "${env[from]}": no address can be made of it`,
    from === 'CORDON_URL' ? 'It looks like https://cordon.example.test or http://127.0.0.1:8080.' : 'It is a number, such as 8080.',
  );
}

/** What listens on all addresses is asked at loopback. */
function onThisMachine(context: Context): string {
  const { CORDON_HOST: host, CORDON_PORT: port } = context.env;
  const file = host && port ? {} : configured(context);
  if (!host && file.host && !isOwnAddress(file.host)) throw elsewhere('host', file.host, 'no address of this machine');
  // Text after the colon can name another host: 80@elsewhere.
  if (!port && file.port && !/^\d{1,5}$/.test(file.port)) throw elsewhere('port', file.port, 'no port');
  const at = host || file.host || '127.0.0.1';
  const name = isWildcard(at) ? '127.0.0.1' : at;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port || file.port || '8080'}`;
}

/** The file came with the folder: it is not what says to whom a token or a password goes. */
const elsewhere = (key: string, value: string, why: string): CliError =>
  new CliError(
    EXIT.wrongUse,
    'URL_INVALID',
    `${key} in cordon.yaml is "${value}": ${why}. Nothing was sent`,
    'If Cordon is there, set CORDON_URL, such as https://cordon.example.test.',
  );

/** The command as people may copy it: with the variables that say where, which may have been set for one line only. Never a secret. */
export const commandLine = ({ env }: Context, rest: string): string =>
  [
    ...['CORDON_CONFIG', 'CORDON_DATA', 'CORDON_URL', 'CORDON_HOST', 'CORDON_PORT'].flatMap((name) =>
      env[name] ? [`${name}=${shellWord(env[name])}`] : [],
    ),
    'npx cordon',
    rest,
  ].join(' ');

/** As a shell reads it as one word. */
const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function connect(context: Context): Client {
  const url = serverUrl(context);
  const authorization = `Bearer ${tokenOf(context)}`;
  const call = async (method: string, path: string, body?: object, timeoutMs?: number): Promise<Response> => {
    const init = {
      method,
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    return await request(`${url}/api/v1${path}`, init, timeoutMs);
  };
  return {
    url,
    get: async (path, timeoutMs) => await jsonOf(await call('GET', path, undefined, timeoutMs)),
    post: async (path, body) => await jsonOf(await call('POST', path, body)),
    stream: async (path) => wholeOf(await call('GET', path)),
  };
}

/** Nothing, where there is nothing to say. Throws NOT_CORDON (exit 1): a proxy, or another program. */
export async function jsonOf<T>(response: Response): Promise<T> {
  const text = await textOf(response);
  try {
    // See the interface: the contract's types.
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch {
    const hint = 'Does CORDON_URL name Cordon itself?';
    throw new CliError(EXIT.no, 'NOT_CORDON', `${new URL(response.url).origin} answered what is no JSON`, hint);
  }
}

const textOf = async (response: Response): Promise<string> =>
  await response.text().catch((error: unknown) => {
    throw cutOff(error);
  });

async function* wholeOf({ body }: Response): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body;
  } catch (error) {
    throw cutOff(error);
  }
}

function cutOff(error: unknown): CliError {
  const why = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const hint = 'Ask again. What was to change something: look at that first, it may have been carried out.';
  return new CliError(EXIT.notReachable, 'CUT_OFF', `the connection ended before the whole answer was there${why}`, hint);
}

/** Throws NOT_REACHABLE (exit 3) or the server's problem (exit 1). */
export async function request(url: string, init: RequestInit, timeoutMs: number = TIMEOUT_MS): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  const asked = fetch(url, { redirect: 'error', signal: late.signal, ...init }).finally(() => clearTimeout(timer));
  const response = await asked.catch((error: unknown) => {
    const why = error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : String(error);
    const hint = 'Is Cordon running (npm start)? CORDON_URL names another server.';
    throw new CliError(EXIT.notReachable, 'NOT_REACHABLE', `${new URL(url).origin} does not answer: ${why}`, hint);
  });
  if (response.ok) return response;
  throw await refusal(response);
}

async function refusal(response: Response): Promise<CliError> {
  const text = await textOf(response);
  const isProblem = response.headers.get('content-type')?.includes('problem+json') === true;
  // The server's own shape.
  const problem = isProblem ? (JSON.parse(text) as Problem) : undefined;
  if (response.status === 503)
    return new CliError(EXIT.notReachable, problem?.code ?? 'NOT_READY', problem?.detail ?? 'not ready', problem?.hint);
  return new CliError(EXIT.no, problem?.code ?? `HTTP_${response.status}`, problem?.detail ?? text.slice(0, 500), problem?.hint);
}

function tokenOf(context: Context): string {
  if (context.env.CORDON_TOKEN) return context.env.CORDON_TOKEN;
  const file = join(dataFolder(context), 'cli-token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const hint = 'Run this where Cordon was started, set CORDON_DATA to its data folder, or CORDON_TOKEN to an API token.';
    throw new CliError(EXIT.wrongUse, 'NO_TOKEN', `there is no token: CORDON_TOKEN is not set and ${file} cannot be read`, hint);
  }
}
