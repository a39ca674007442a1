// Creates an embedded database's files in a worker thread. In our own thread initdb would hold up everything for seconds, and leave
// 450 MB behind that the process never gives back.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** CommonJS text, since a worker cannot be started from TypeScript. PGlite is an ES module or not, as the resolver finds it. */
const CREATE = `
const { workerData } = require('node:worker_threads');
import(workerData.pglite).then(async (found) => {
  const { PGlite } = found.PGlite ? found : found.default;
  const database = new PGlite(workerData.data);
  await database.waitReady;
  await database.close();
});`;

export async function createData(data: string): Promise<void> {
  const pglite = pathToFileURL(createRequire(import.meta.url).resolve('@electric-sql/pglite')).href;
  const worker = new Worker(CREATE, { eval: true, workerData: { pglite, data } });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The database could not be created (${code})`))));
  });
}
