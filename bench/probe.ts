// Loaded into a measured process before its own code: counts database statements, and answers what the process has used.
import { isMainThread } from 'node:worker_threads';
import pg from 'pg';
import { type Mark, marking, type Served } from './served.ts';

/** What a measured process says of itself. */
export interface Usage {
  /** Since it began. */
  readonly statements: number;
  /** The statements by what they serve. */
  readonly served: Readonly<Record<Mark, Served>>;
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
    // Before it is handed over: the embedded store may work on it at once.
    const began = performance.now();
    const answer: unknown = Reflect.apply(query, this, args);
    if (answer instanceof Promise) note(this, args[0], answer, began);
    return answer;
  });
  const served = { effects: { statements: 0, ms: 0 }, audit: { statements: 0, ms: 0 }, other: { statements: 0, ms: 0 } };
  const sessions = new WeakMap<object, (text: string) => Mark>();
  const note = (client: unknown, asked: unknown, answer: Promise<unknown>, began: number): void => {
    const text = typeof asked === 'object' && asked !== null && 'text' in asked ? asked.text : asked;
    if (typeof text !== 'string' || typeof client !== 'object' || client === null) return;
    const mark = sessions.get(client) ?? marking();
    sessions.set(client, mark);
    const counted = served[mark(text)];
    const end = () => {
      counted.statements += 1;
      counted.ms += performance.now() - began;
    };
    answer.then(end, end);
  };
  const usage = (): Usage => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    return {
      statements,
      served: structuredClone(served),
      cpuMs: (user + system) / 1000,
      rssMb: rss / MB,
      heapMb: heapUsed / MB,
      externalMb: external / MB,
    };
  };
  process.on('message', (id) => process.send?.({ id, usage: usage() }));
  // Whoever measures is gone: nothing is left behind.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
