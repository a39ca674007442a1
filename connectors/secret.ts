// Secrets are references (`env:NAME`, `file:path`) until the moment of use, and then a value that cannot be printed by accident.
import { readFile } from 'node:fs/promises';
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

/** Read at each use, so that a rotated secret is picked up. Throws ConnectorFailure permanent SECRET_MISSING. */
export async function resolveSecret(reference: string, source: SecretSource): Promise<Secret> {
  if (!SECRET_REFERENCE.test(reference)) {
    throw missing('A secret must be written as env:NAME or file:path'); // not repeated: it may be the secret itself
  }
  const value = reference.startsWith('env:')
    ? source.env[reference.slice(4)]
    : await readSecretFile(resolve(source.folder, reference.slice(5)));
  if (value === undefined) throw missing(`The secret ${reference} is not there`);
  const trimmed = value.replace(/\r?\n$/, '');
  if (trimmed === '') throw missing(`The secret ${reference} is empty`);
  return new Secret(trimmed);
}

async function readSecretFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  if (bytes.length > MAX_SECRET_BYTES) throw missing(`The secret file is larger than ${MAX_SECRET_BYTES} bytes`);
  return bytes.toString('utf8');
}

function missing(what: string): ConnectorFailure {
  return new ConnectorFailure('permanent', 'SECRET_MISSING', `${what}; nothing was sent.`);
}
