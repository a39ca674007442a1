// Secrets are references (`env:NAME`, `file:path`) until the moment of use, and then a value that cannot be printed by accident.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { ConnectorFailure } from './connector.ts';

const MAX_SECRET_BYTES = 65_536;

/** Says "[secret]" wherever it is printed, joined or serialised. `reveal()` is the only way to the value: search for it in reviews. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative `file:` paths start from. */
  readonly folder: string;
}

/** Shape of a reference in a configuration; a value written there by mistake does not match. */
export const SECRET_REFERENCE = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\0]+)$/;

/**
 * Resolves references at each use, so that a rotated secret is picked up: a file is read again when it has changed.
 * Throws ConnectorFailure permanent SECRET_MISSING.
 */
export function secretResolver(source: SecretSource): (reference: string) => Promise<Secret> {
  const files = new Map<string, CachedFile>();
  return async (reference) => {
    if (!SECRET_REFERENCE.test(reference)) {
      throw missing('A secret must be written as env:NAME or file:path'); // not repeated: it may be the secret itself
    }
    if (reference.startsWith('file:')) return secretFile(reference, resolve(source.folder, reference.slice(5)), files);
    return checked(reference, source.env[reference.slice(4)]);
  };
}

interface CachedFile {
  /** Changes with the file. */
  readonly mark: string;
  readonly secret: Secret;
}

/** One stat for each use is a hundredth of opening and reading it. */
function secretFile(reference: string, path: string, files: Map<string, CachedFile>): Secret {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return checked(reference, undefined);
  if (stat.size > MAX_SECRET_BYTES) throw missing(`The secret file ${path} is larger than ${MAX_SECRET_BYTES} bytes`);
  const mark = `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
  const known = files.get(path);
  if (known?.mark === mark) return known.secret;
  const secret = checked(reference, readText(path));
  files.set(path, { mark, secret });
  return secret;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // gone in the meantime, or not ours to read
  }
}

function checked(reference: string, value: string | undefined): Secret {
  if (value === undefined) throw missing(`The secret ${reference} is not there, or cannot be read`);
  const trimmed = value.replace(/\r?\n$/, '');
  if (trimmed === '') throw missing(`The secret ${reference} is empty`);
  return new Secret(trimmed);
}

function missing(what: string): ConnectorFailure {
  return new ConnectorFailure('permanent', 'SECRET_MISSING', `${what}; nothing was sent.`);
}
