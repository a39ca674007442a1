// Commands run in this process, with their output as text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExitCode } from '../../cli/command.ts';
import { COMMANDS, type CommandRow } from '../../cli/commands.ts';
import { runCli } from '../../cli/run-cli.ts';

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export const cordon = (cwd: string, ...args: readonly string[]): Promise<Ran> => cordonWith(COMMANDS, cwd, args);

/** Against a server there. */
export const cordonAt = (url: string, args: readonly string[]): Promise<Ran> =>
  cordonWith(COMMANDS, '/nonexistent', args, { CORDON_URL: url, CORDON_TOKEN: 'made-up' });

export async function cordonWith(
  rows: readonly CommandRow[],
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env,
    cwd,
    colour: false,
    columns: 100,
    progress: () => undefined,
    interrupted: () => AbortSignal.abort(),
  };
  const code = await runCli(args, io, rows);
  return { code, out, err };
}

/** Files by path, in a folder of their own; `remove` takes it away again. */
export function folderWith(files: Readonly<Record<string, string>>): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cordon-cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true }) };
}
