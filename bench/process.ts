// A measured process: started with the probe in it, asked what it has used, ended by its process id.
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Usage } from './probe.ts';

export interface Measured {
  readonly pid: number;
  readonly usage: () => Promise<Usage>;
  /** Asks it to end, and waits. */
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 50_000;

/** Resolves when `readyUrl` answers 200. */
export async function startMeasured(spec: {
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly readyUrl: string;
  /** Where its CPU profiles go; absent: it is not profiled. */
  readonly profileFolder?: string;
}): Promise<Measured> {
  const log = openSync(spec.logFile, 'a');
  const probe = fileURLToPath(new URL('./probe.js', import.meta.url));
  const profiling =
    spec.profileFolder === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', spec.profileFolder];
  const child = fork(spec.script, [], { env: spec.env, execArgv: ['--import', probe, ...profiling], stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const until = performance.now() + READY_WITHIN_MS; !(await answers(spec.readyUrl)); await sleep(50)) {
    if (child.exitCode !== null || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${spec.script} did not start:\n${readFileSync(spec.logFile, 'utf8').slice(-3_000)}`);
    }
  }
  return {
    pid: child.pid ?? 0,
    usage: asker(child),
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function asker(child: ChildProcess): () => Promise<Usage> {
  let asked = 0;
  const waiting = new Map<number, (usage: Usage) => void>();
  // Only the probe sends, and it sends this.
  child.on('message', (message) => {
    const { id, usage } = message as { id: number; usage: Usage };
    waiting.get(id)?.(usage);
    waiting.delete(id);
  });
  return async () =>
    await new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      child.send(asked);
    });
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** CPU time of another process so far, ms; 0 where the system does not tell. */
export function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // utime and stime, in hundredths of a second on every Linux.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
