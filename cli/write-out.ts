// A result that goes into a file of the user's choice. Its folder is made; what the system says is passed on in plain words.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CliError, type Context, EXIT } from './command.ts';

export function writeOut(context: Context, file: string, text: string): void {
  const path = resolve(context.cwd, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const why = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
    throw new CliError(EXIT.wrongUse, 'FILE_UNWRITABLE', `${file} cannot be written: ${why}`);
  }
}
