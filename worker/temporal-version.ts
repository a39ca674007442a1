// The dev server makes its schema for a new file only, and does not say which version wrote a file: so the version is kept beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkProgram } from './program-check.ts';
import { TEMPORAL_CLI } from './program-spec.ts';
import { StartError } from './start-error.ts';

/** Notes the program's version; refuses, and touches nothing, when a newer one has written the database. */
export async function checkDatabaseVersion(binary: string, folder: string): Promise<void> {
  const checked = await checkProgram(TEMPORAL_CLI, binary);
  if (!checked.ok)
    throw new StartError(
      'TEMPORAL_START_FAILED',
      `${binary} cannot be used: ${checked.reason}.`,
      'Set CORDON_TEMPORAL_CLI to another one.',
    );
  const file = join(folder, 'temporal.version');
  const writtenBy = existsSync(join(folder, 'temporal.db')) && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  if (writtenBy !== undefined && isNewer(writtenBy, checked.version)) {
    throw new StartError(
      'TEMPORAL_DATA_NEWER',
      `The Temporal database in ${folder} was written by version ${writtenBy}; ${binary} is ${checked.version}, which cannot be trusted with it. It was not touched.`,
      `Use a Temporal CLI of at least ${writtenBy} (CORDON_TEMPORAL_CLI), or another data folder (CORDON_DATA).`,
    );
  }
  if (writtenBy !== checked.version) writeFileSync(file, `${checked.version}\n`);
}

/** By major and minor; a patch never changes the schema. */
function isNewer(one: string, other: string): boolean {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a > c || (a === c && b > d);
}
