// The program behind `cordon backup`, `cordon restore` and `cordon drill restore`: a wish on stdin, steps and a report on stdout. Only the worker's side may open the store.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isStoreError } from '../../store/errors.ts';
import { readConfig } from '../config.ts';
import { auditKey } from '../secrets.ts';
import { StartError } from '../start-error.ts';
import { carryOut } from './carry-out.ts';
import type { StoreLine, StoreWish } from './contract.ts';

const IN_USE =
  'The embedded store has one process at a time: stop Cordon, then try again. On PostgreSQL (CORDON_DATABASE_URL) backups are made beside its work.';
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const say = (line: StoreLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(wish: StoreWish): Promise<void> {
  const config = readConfig({ env: process.env, cwd: process.cwd(), root });
  const { databaseUrl, mode } = config.settings;
  await carryOut(wish, {
    place: databaseUrl === undefined ? { folder: join(config.dataFolder, 'store') } : { url: databaseUrl },
    production: mode === 'production',
    verify: (digest, signature) => keyOf(config.dataFolder).verify(digest, signature),
    say,
    now: () => new Date(),
    ms: () => performance.now(),
  });
}

/** Only read: a data folder that is none must not become one by being looked at, and a new key verifies nothing. */
function keyOf(folder: string): ReturnType<typeof auditKey> {
  if (existsSync(join(folder, 'secrets/audit-key'))) return auditKey(folder);
  throw new StartError(
    'KEYS_MISSING',
    `There is no audit key at ${join(folder, 'secrets/audit-key')}, so nobody can tell whether the audit is intact.`,
    'Run this where Cordon runs, set CORDON_DATA, or put the secrets folder back first: it is no part of the backup.',
  );
}

try {
  // Written by the command line.
  await main(JSON.parse(await text(process.stdin)) as StoreWish);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof StartError || isStoreError(error) ? error.code : 'STORE_FAILED';
  const hint = error instanceof StartError ? { hint: error.advice } : code === 'STORE_IN_USE' ? { hint: IN_USE } : {};
  say({ error: { code, message, ...hint, reachable: code !== 'STORE_UNAVAILABLE' } });
}
