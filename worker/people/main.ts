// The program behind `cordon people reset --local`: a wish on stdin, a report on stdout. Only the worker's side may open the store.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isStoreError, storeError } from '../../store/errors.ts';
import { openStore } from '../../store/open.ts';
import { readConfig } from '../config.ts';
import { StartError } from '../start-error.ts';
import type { ResetFailure, ResetReport, ResetWish } from './contract.ts';
import { resetLocally } from './reset.ts';

const IN_USE =
  'The embedded store has one process at a time: stop Cordon, then try again. On PostgreSQL (CORDON_DATABASE_URL) it may go on.';
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const say = (line: ResetReport | ResetFailure): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(wish: ResetWish): Promise<ResetReport> {
  const { settings, dataFolder } = readConfig({ env: process.env, cwd: process.cwd(), root });
  const folder = join(dataFolder, 'store');
  // Opening it would make one.
  if (settings.databaseUrl === undefined && !existsSync(folder))
    throw storeError('STORE_EMPTY', `There is no store at ${folder}: nobody was ever kept there. CORDON_DATA names another folder.`);
  const place = settings.databaseUrl === undefined ? { folder } : { url: settings.databaseUrl };
  const store = await openStore(place, { production: settings.mode === 'production' });
  try {
    return { report: await resetLocally(store, wish, new Date()) };
  } finally {
    await store.close();
  }
}

try {
  // Written by the command line.
  const report = await main(JSON.parse(await text(process.stdin)) as ResetWish);
  // Only now that the store is closed: whoever reads this may go away.
  say(report);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof StartError || isStoreError(error) ? error.code : 'RESET_FAILED';
  const hint = error instanceof StartError ? { hint: error.advice } : code === 'STORE_IN_USE' ? { hint: IN_USE } : {};
  say({ error: { code, message, ...hint, reachable: code !== 'STORE_UNAVAILABLE' } });
}
