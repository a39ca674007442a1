// Creates an embedded database's files in a worker thread. In our own thread initdb would hold up everything for seconds, and leave
// 450 MB behind that the process never gives back.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { classifyStoreError, messageOf, storeError } from './errors.ts';

/** CommonJS text, since a worker cannot be started from TypeScript. PGlite is an ES module or not, as the resolver finds it. */
const CREATE = `
const { parentPort, workerData } = require('node:worker_threads');
const create = async () => {
  const found = await import(workerData.pglite);
  const { PGlite } = found.PGlite ? found : found.default;
  const database = new PGlite(workerData.data);
  await database.waitReady;
  await database.close();
};
create().catch((error) => {
  parentPort.postMessage({ errno: error?.errno, message: String(error?.message ?? error) });
  process.exitCode = 1;
});`;

/** Leaves nothing behind when it fails: with STORE_FULL where the disk is full. */
export async function createData(data: string): Promise<void> {
  const pglite = pathToFileURL(createRequire(import.meta.url).resolve('@electric-sql/pglite')).href;
  const worker = new Worker(CREATE, { eval: true, workerData: { pglite, data } });
  let failure: unknown;
  worker.on('message', (told) => {
    failure = told;
  });
  worker.on('error', (error) => {
    failure = error;
  });
  const [code] = await once(worker, 'exit');
  if (code === 0 && failure === undefined) return;
  rmSync(data, { recursive: true, force: true });
  const fault = classifyStoreError(failure);
  throw fault ?? storeError('STORE_UNAVAILABLE', `The embedded database could not be created in ${data} (${messageOf(failure)}).`, failure);
}
