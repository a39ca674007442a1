// Where the installation of this machine listens and keeps its data, as its cordon.yaml says: the command line is used beside it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readYaml } from '../language/yaml-text.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { readTextFile } from './playbook-files.ts';

export interface Configured {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
}

/** Throws CONFIG_BROKEN (exit 2): what it says would be passed over without a word. */
export function configured({ env, cwd }: Pick<Context, 'env' | 'cwd'>): Configured {
  const path = resolve(cwd, env.CORDON_CONFIG || 'cordon.yaml');
  if (!existsSync(path) && !env.CORDON_CONFIG) return {};
  const { file, text } = readTextFile(path, cwd);
  // An empty one, or one of comments, says nothing.
  if (text.split('\n').every((line) => /^\s*(#.*)?$/.test(line))) return {};
  const value = readYaml(text, file).yaml?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError(
      EXIT.wrongUse,
      'CONFIG_BROKEN',
      `${file} cannot be read as "key: value"`,
      'Mend it, or set CORDON_URL and CORDON_TOKEN.',
    );
  const named = new Map(Object.entries(value));
  const word = (name: string) => {
    const found = named.get(name);
    return typeof found === 'string' || typeof found === 'number' ? { [name]: String(found) } : {};
  };
  return { ...word('port'), ...word('host'), ...word('data') };
}
