// The console's row of the import table. dependency-cruiser cannot read .tsx here, so the imports are read line by line; Biome keeps them in one form.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { table } from '../../.dependency-cruiser.mjs';

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g;

/** Returns what is wrong, one line each. Types may come from anywhere that the compiler lets them. */
export function checkConsoleImports(root = '.') {
  const files = readdirSync(join(root, 'console'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).split('\\').join('/'));
  return files.flatMap((file) => importProblems(file, readFileSync(file, 'utf8')));
}

export function importProblems(file, text) {
  return [...text.matchAll(IMPORT)].flatMap(([, isType, from, lazy]) => {
    const to = from ?? lazy;
    return isType !== undefined || isAllowed(file, to)
      ? []
      : [`${file}: imports ${to}, which the console's row of the import table does not name`];
  });
}

function isAllowed(file, to) {
  const { ours, packages } = table.console;
  if (to.startsWith('.')) return ['console', ...ours].some((folder) => posix.join(posix.dirname(file), to).startsWith(`${folder}/`));
  return packages.some((name) => new RegExp(`^${name}(/|$)`).test(to));
}
