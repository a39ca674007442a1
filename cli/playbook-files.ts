// Playbooks and their scenarios on disk: `<folder>/playbook.yaml` with `<folder>/scenarios/*.yaml` beside it.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { calledBy } from '../language/library.ts';
import { CliError, EXIT } from './command.ts';

export interface TextFile {
  /** As people would type it: relative to where they are. */
  readonly file: string;
  readonly text: string;
}

export interface PlaybookFiles {
  readonly playbook: TextFile;
  readonly scenarios: readonly TextFile[];
  /** What it calls, as far as it lies beside it. */
  readonly beside: readonly TextFile[];
}

/** Folders below a given one that are looked through. */
const MAX_DEPTH = 3;
/** Bytes read of one file; the language refuses long before. */
const MAX_BYTES = 1_100_000;
const YAML = /\.ya?ml$/;

/**
 * Each path is a folder of playbooks, one playbook's folder, a playbook file, or a scenario file (then only that scenario of its playbook).
 * In the order of their names.
 */
export function findPlaybooks(paths: readonly string[], cwd: string): readonly PlaybookFiles[] {
  const wanted = paths.length > 0 ? paths : ['playbooks'];
  const besides = readOnce(cwd);
  const found = wanted.flatMap((path) => findAt(resolve(cwd, path), path, { cwd, besides }));
  const first = new Map<string, PlaybookFiles>();
  for (const one of found) if (!first.has(one.playbook.file)) first.set(one.playbook.file, one);
  return [...first.values()];
}

/** The playbooks of a folder, read once however many of them call another. */
type Besides = (folder: string) => readonly TextFile[];

interface Search {
  readonly cwd: string;
  readonly besides: Besides;
}

function readOnce(cwd: string): Besides {
  const known = new Map<string, readonly TextFile[]>();
  return (folder) => {
    const texts = known.get(folder) ?? playbookFiles(folder, 1).map((file) => readTextFile(file, cwd));
    known.set(folder, texts);
    return texts;
  };
}

export function readTextFile(path: string, cwd: string): TextFile {
  const file = relative(cwd, path) || path;
  try {
    const handle = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(MAX_BYTES, statSync(path).size));
      const length = readSync(handle, bytes);
      return { file, text: bytes.toString('utf8', 0, length) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new CliError(EXIT.wrongUse, 'FILE_UNREADABLE', `${file} cannot be read: ${reasonOf(error)}`);
  }
}

// Only what the system says about a file: no stack, no text of the file.
const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason');

function findAt(path: string, written: string, search: Search): readonly PlaybookFiles[] {
  if (!existsSync(path)) {
    throw new CliError(EXIT.wrongUse, 'PATH_NOT_FOUND', `there is no ${written} here`, 'give a playbook file or a folder of playbooks');
  }
  if (!statSync(path).isDirectory()) return [fromFile(path, search)];
  const files = playbookFiles(path, MAX_DEPTH);
  if (files.length > 0) return files.map((file) => withScenarios(file, search));
  throw new CliError(
    EXIT.wrongUse,
    'NO_PLAYBOOKS',
    `there is no playbook.yaml in ${written}`,
    'a playbook is a folder with a playbook.yaml in it',
  );
}

function fromFile(path: string, search: Search): PlaybookFiles {
  const folder = dirname(path);
  const playbook = join(dirname(folder), 'playbook.yaml');
  if (basename(folder) === 'scenarios' && existsSync(playbook)) {
    return { ...withCalled(playbook, search), scenarios: [readTextFile(path, search.cwd)] };
  }
  return withScenarios(path, search);
}

function withScenarios(path: string, search: Search): PlaybookFiles {
  const folder = join(dirname(path), 'scenarios');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => YAML.test(name)) : [];
  return { ...withCalled(path, search), scenarios: names.toSorted().map((name) => readTextFile(join(folder, name), search.cwd)) };
}

function withCalled(path: string, { cwd, besides }: Search): Pick<PlaybookFiles, 'playbook' | 'beside'> {
  const playbook = readTextFile(path, cwd);
  if (!/\bcall:/.test(playbook.text)) return { playbook, beside: [] };
  return { playbook, beside: calledBy(playbook.text, besides(dirname(dirname(path)))) };
}

function playbookFiles(folder: string, depth: number): readonly string[] {
  const own = join(folder, 'playbook.yaml');
  if (existsSync(own)) return [own];
  if (depth === 0) return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return inner
    .map((entry) => entry.name)
    .filter((name) => name !== 'node_modules')
    .toSorted()
    .flatMap((name) => playbookFiles(join(folder, name), depth - 1));
}
