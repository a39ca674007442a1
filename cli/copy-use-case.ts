// A shipped playbook under another name, with its scenarios: made in memory, checked, then written where nothing is yet.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readPlaybook } from '../language/parse.ts';
import { CliError, EXIT } from './command.ts';
import type { PlaybookFiles, TextFile } from './playbook-files.ts';

interface Copy {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  /** Absolute: the folder of what editors check the files with. */
  readonly schemas: string;
}

/** Throws where the name is none, or where something stands already. */
export function copyUseCase(from: PlaybookFiles, readmePath: string, { folder, name, schemas }: Copy): readonly string[] {
  const files: readonly TextFile[] = [
    { file: 'playbook.yaml', text: renamed(withSchema(from.playbook.text, folder, join(schemas, 'playbook.schema.json')), name) },
    ...readme(readmePath, name),
    ...from.scenarios.map((one) => ({
      file: join('scenarios', one.file.replace(/^.*[\\/]/, '')),
      text: withSchema(one.text, join(folder, 'scenarios'), join(schemas, 'scenario.schema.json')),
    })),
  ];
  checkName(files[0]?.text ?? '', name);
  mkdirNew(folder);
  for (const { file, text } of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { flag: 'wx' });
  }
  return files.map((one) => one.file);
}

const renamed = (text: string, name: string): string => text.replace(/^playbook:.*$/m, () => `playbook: ${name}`);

const withSchema = (text: string, folder: string, schema: string): string =>
  text.replace(/^(# yaml-language-server: \$schema=).*$/m, (_, head) => `${head}${relative(folder, schema)}`);

/** A name that the language refuses is refused before anything is written. */
function checkName(text: string, name: string): void {
  const { plan, diagnostics } = readPlaybook(text, 'playbook.yaml');
  if (plan?.playbook === name) return;
  const why = diagnostics[0]?.message ?? 'it is not a plain word';
  throw new CliError(EXIT.wrongUse, 'NAME_REFUSED', `a playbook cannot be called "${name}": ${why}`, 'use small letters, digits and "-"');
}

function readme(path: string, name: string): readonly TextFile[] {
  try {
    return [{ file: 'README.md', text: readFileSync(path, 'utf8').replace(/^# .*$/m, () => `# ${name}`) }];
  } catch {
    return [];
  }
}

function mkdirNew(folder: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
    const message = code === 'EEXIST' ? `${folder} is there already; nothing was written` : `${folder} cannot be made: ${code}`;
    throw new CliError(EXIT.wrongUse, 'FOLDER_TAKEN', message, 'give another name, or another folder with --into');
  }
}
