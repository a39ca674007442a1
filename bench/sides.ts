// The two sides, and what both stand on: one Temporal server and one practice range, each a process of its own, started by Cordon as always.
import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { Alert } from './alerts.ts';
import { type Measured, startMeasured } from './process.ts';

export interface Side {
  readonly name: 'cordon' | 'hand-written';
  readonly taskQueue: string;
  readonly process: Measured;
  /** Resolves when the webhook has answered 202. */
  readonly post: (alert: Alert) => Promise<void>;
}

export interface Ground {
  readonly folder: string;
  readonly rangeUrl: string;
  readonly rangeRecord: string;
  readonly client: Client;
  readonly temporalPid: number;
  readonly sides: readonly Side[];
  /** After a failure, which it is given, the data and the logs are kept. */
  readonly stop: (failure?: unknown) => Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ends the ground whatever becomes of the work. */
export async function onGround<T>(options: GroundOptions, work: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await startGround(options);
  const stopped = new AbortController();
  const onSignal = () => stopped.abort(new Error('stopped'));
  for (const signal of SIGNALS) process.once(signal, onSignal);
  let failure: unknown;
  try {
    const asked = new Promise<never>((_, reject) => stopped.signal.addEventListener('abort', () => reject(stopped.signal.reason)));
    return await Promise.race([work(ground), asked]);
  } catch (error) {
    if (!stopped.signal.aborted) failure = error;
    throw error;
  } finally {
    await ground.stop(failure);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

export interface GroundOptions {
  readonly eager: boolean;
  readonly handWritten: boolean;
  /** CPU profiles of each side go to a folder of its name in here. */
  readonly profileFolder?: string;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = here('../worker/main.js');
const CONFIG = here('../../bench/cordon.yaml');

async function startGround(options: GroundOptions): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  const closing: (() => unknown)[] = [];
  const end = async () => {
    for (let next = closing.pop(); next !== undefined; next = closing.pop()) await next();
  };
  const stop = async (failure?: unknown) => {
    await end();
    // What went wrong is in there.
    if (failure === undefined) rmSync(folder, { recursive: true, force: true });
    else process.stderr.write(`the data and the logs are in ${folder}\n`);
  };
  try {
    const [port, rangePort, temporalPort, handPort] = await freePorts(4);
    const rangeUrl = `http://127.0.0.1:${rangePort}`;
    const data = join(folder, 'data');
    const profile = (name: string) =>
      options.profileFolder === undefined ? {} : { profileFolder: made(join(options.profileFolder, name)) };
    const cordon = await startMeasured({
      script: MAIN,
      env: {
        ...process.env,
        CORDON_DATA: data,
        CORDON_CONFIG: CONFIG,
        CORDON_PORT: String(port),
        CORDON_RANGE_PORT: String(rangePort),
        CORDON_TEMPORAL_PORT: String(temporalPort),
        TEMPORAL_ADDRESS: '',
      },
      logFile: join(folder, 'cordon.out'),
      readyUrl: `http://127.0.0.1:${port}/readyz?for=runs`,
      ...profile('cordon'),
    });
    closing.push(cordon.stop);
    const address = `127.0.0.1:${temporalPort}`;
    const sides: Side[] = [cordonSide(cordon, `http://127.0.0.1:${port}/hooks/plain`, data)];
    if (options.handWritten) {
      const handWritten = await startMeasured({
        script: here('./hand-written.js'),
        env: {
          ...process.env,
          TEMPORAL: address,
          PORT: String(handPort),
          EAGER: options.eager ? '1' : '0',
          RANGE_URL: rangeUrl,
          RANGE_SECRETS: join(data, 'secrets'),
        },
        logFile: join(folder, 'hand-written.out'),
        readyUrl: `http://127.0.0.1:${handPort}/readyz`,
        ...profile('hand-written'),
      });
      closing.push(handWritten.stop);
      sides.push({
        name: 'hand-written',
        taskQueue: 'hand-written',
        process: handWritten,
        post: (alert) => post(`http://127.0.0.1:${handPort}/hook`, JSON.stringify(alert), {}),
      });
    }
    const connection = await Connection.connect({ address });
    closing.push(() => connection.close());
    return {
      folder,
      rangeUrl,
      rangeRecord: join(data, 'range', 'record.ndjson'),
      client: new Client({ connection }),
      temporalPid: pidIn(join(data, 'temporal.pid')),
      sides,
      stop,
    };
  } catch (error) {
    await stop(error);
    throw error;
  }
}

function cordonSide(measured: Measured, url: string, data: string): Side {
  const secret = Buffer.from(
    readFileSync(join(data, 'secrets', 'plain'), 'utf8')
      .trim()
      .replace('whsec_', ''),
    'base64',
  );
  const sign = (body: string) => {
    const id = randomUUID();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  };
  return {
    name: 'cordon',
    taskQueue: 'cordon',
    process: measured,
    post: (alert) => {
      const body = JSON.stringify(alert);
      return post(url, body, sign(body));
    },
  };
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${url} answered ${answer.status}: ${text}`);
}

function pidIn(file: string): number {
  const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof note === 'object' && note !== null && 'pid' in note ? Number(note.pid) : 0;
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Different from each other: all are held until all are known. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (typeof address === 'object' && address !== null) resolve(address.port);
            else reject(new Error('no port'));
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
