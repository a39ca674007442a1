// Loaded into a measured process before its own code: counts database statements, and answers what the process has used.
import { isMainThread } from 'node:worker_threads';
import pg from 'pg';

/** What a measured process says of itself. */
export interface Usage {
  /** Since it began. */
  readonly statements: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Outside of the JavaScript heap: buffers, and the embedded database's memory. */
  readonly externalMb: number;
}

const MB = 1024 * 1024;

if (isMainThread && process.send !== undefined) {
  let statements = 0;
  const query: unknown = Reflect.get(pg.Client.prototype, 'query');
  if (typeof query !== 'function') throw new Error('pg.Client has no query() to count');
  Reflect.set(pg.Client.prototype, 'query', function counted(this: unknown, ...args: unknown[]): unknown {
    statements += 1;
    return Reflect.apply(query, this, args);
  });
  const usage = (): Usage => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { statements, cpuMs: (user + system) / 1000, rssMb: rss / MB, heapMb: heapUsed / MB, externalMb: external / MB };
  };
  process.on('message', (id) => process.send?.({ id, usage: usage() }));
  // Whoever measures is gone: nothing is left behind.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
