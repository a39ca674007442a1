// One Cordon as a user runs it: dist/worker/main.js with a data folder and ports of its own. Everything of it can be killed but the practice range.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordLine } from '../../range/record.ts';
import { identityOf } from '../../worker/process-identity.ts';

/** Short, so that an effect that was cut off is looked at soon. The lease is two seconds longer. */
const REQUEST_TIMEOUT_MS = 2_000;
/** Generous: the machine may be busy with other things. */
const READY_WITHIN_MS = 180_000;

export interface Installation {
  readonly folder: string;
  readonly rangeUrl: string;
  /** Resolves when it is ready. */
  readonly start: () => Promise<void>;
  /** kill -9 of Cordon, if it still lives, and of Temporal. */
  readonly killAll: () => Promise<void>;
  readonly isDown: () => boolean;
  /** As Ctrl-C does: everything of it ends, in order. */
  readonly stop: () => Promise<void>;
  /** The point at which it kills itself from now on; undefined: none. */
  readonly arm: (killAt: string | undefined) => void;
  /** Throws when nobody answers or the answer is a refusal. */
  readonly api: <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<T>;
  /** Signed as its source would. The webhook's id stays the same when it is sent again. */
  readonly post: (webhookId: string, alert: object) => Promise<{ readonly id: string; readonly status: string }>;
  readonly record: () => Promise<readonly RecordLine[]>;
  readonly faults: (faults: readonly object[]) => Promise<void>;
  readonly faultsLeft: () => Promise<number>;
  /** kill -9 of everything, the range too, at once. */
  readonly killNow: () => void;
  /** Ends everything, the range too. `keep` leaves the folder, to look into it. */
  readonly dispose: (keep: boolean) => Promise<void>;
}

/** `from`: a folder of one that was stopped, whose data is copied instead of being made anew. */
export async function installation(folder: string, from?: string, env: NodeJS.ProcessEnv = process.env): Promise<Installation> {
  const data = join(folder, 'data');
  const killFile = join(folder, 'kill-at');
  mkdirSync(folder, { recursive: true });
  if (from !== undefined) cpSync(join(from, 'data'), data, { recursive: true, preserveTimestamps: true });
  const [port, rangePort] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const rangeUrl = `http://127.0.0.1:${rangePort}`;
  let child: ChildProcess | undefined;
  const isDown = () => child === undefined || child.exitCode !== null || child.signalCode !== null;

  const start = async () => {
    const output = openSync(join(folder, 'output.log'), 'a');
    child = spawn(process.execPath, [resolve('dist/worker/main.js')], {
      cwd: folder,
      stdio: ['ignore', output, output],
      env: {
        ...env,
        CORDON_PORT: String(port),
        CORDON_RANGE_PORT: String(rangePort),
        CORDON_DATA: data,
        CORDON_KILL_AT: `file:${killFile}`,
        CORDON_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS),
      },
    });
    const until = performance.now() + READY_WITHIN_MS;
    while (!isDown() && performance.now() < until) {
      if (await answersReady(url)) return;
      await sleep(40);
    }
    throw new Error(`Cordon ${isDown() ? 'ended while starting' : 'was not ready in time'}: see ${join(folder, 'output.log')}`);
  };
  const killAll = async () => {
    if (child !== undefined && !isDown()) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    killNoted(data, 'temporal.pid');
  };
  const killNow = () => {
    child?.kill('SIGKILL');
    killNoted(data, 'temporal.pid');
    killNoted(data, 'range.pid');
  };
  const stop = async () => {
    if (child === undefined || isDown()) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return {
    folder,
    rangeUrl,
    start,
    killAll,
    isDown,
    stop,
    arm: (killAt) => writeFileSync(killFile, killAt ?? ''),
    async api<T>(method: 'GET' | 'POST', path: string, body?: object) {
      const authorization = `Bearer ${readFileSync(join(data, 'cli-token'), 'utf8').trim()}`;
      const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(10_000) };
      return answerOf<T>(await fetch(`${url}/api/v1${path}`, init));
    },
    async post(webhookId, alert) {
      const body = JSON.stringify(alert);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const secret = readFileSync(join(data, 'secrets/plain'), 'utf8').trim().slice('whsec_'.length);
      const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${webhookId}.${timestamp}.${body}`).digest('base64');
      const headers = {
        'content-type': 'application/json',
        'webhook-id': webhookId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      return answerOf(await fetch(`${url}/hooks/plain`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }));
    },
    record: async () => await recordOf(rangeUrl),
    faults: async (faults) => {
      const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) };
      await answerOf(await fetch(`${rangeUrl}/faults`, init));
    },
    faultsLeft: async () => (await answerOf<readonly unknown[]>(await fetch(`${rangeUrl}/faults`))).length,
    killNow,
    async dispose(keep) {
      await killAll();
      killNow();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz?for=runs`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function answerOf<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`);
  // Our own API's shapes, by its contract.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function recordOf(rangeUrl: string): Promise<readonly RecordLine[]> {
  const text = await (await fetch(`${rangeUrl}/record`)).text();
  // The range writes nothing else; a line that is being written has no end yet.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RecordLine);
}

/** The process of a note in the data folder: one that this installation has started. Ids are used again, so its command must name the folder. */
function killNoted(data: string, name: string): void {
  const file = join(data, name);
  if (!existsSync(file)) return;
  const note: { readonly pid: number } = JSON.parse(readFileSync(file, 'utf8'));
  if (identityOf(note.pid)?.command.includes(data) !== true) return;
  try {
    process.kill(note.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
