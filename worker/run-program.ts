// Runs a program to its end and gives what it said. Never throws: that it could not run is an answer too.
import { spawn } from 'node:child_process';

export interface ProgramEnd {
  readonly ok: boolean;
  /** Both streams, at most the last 20,000 characters. */
  readonly output: string;
  /** In words, when `ok` is false. */
  readonly reason: string;
}

interface Limits {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const MAX_OUTPUT = 20_000;

export function runProgram(command: string, args: readonly string[], limits: Limits): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let output = '';
    const failed = (error: unknown) => {
      clearTimeout(late);
      resolve({ ok: false, output, reason: error instanceof Error ? error.message : String(error) });
    };
    // Of our own: spawn's `timeout` would go on counting, and keep the process alive, when the program could not be started.
    let late: NodeJS.Timeout | undefined;
    const child = begin(command, args, limits, failed);
    if (child === undefined) return;
    late = setTimeout(() => child.kill('SIGKILL'), limits.timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-MAX_OUTPUT);
      });
    }
    child.once('error', failed);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const how = signal === 'SIGKILL' ? `was ended after ${limits.timeoutMs / 1000} s` : `ended with ${code ?? signal}`;
      const last = output.trim().split('\n').at(-1) ?? '';
      resolve({ ok: code === 0, output, reason: code === 0 ? '' : `${how}${last === '' ? '' : `: ${last.slice(0, 300)}`}` });
    });
  });
}

/** Some failures to start are thrown (a file that is no program), others come as an event. */
function begin(command: string, args: readonly string[], limits: Limits, failed: (error: unknown) => void) {
  try {
    return spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(limits.env === undefined ? {} : { env: limits.env }),
      ...(limits.cwd === undefined ? {} : { cwd: limits.cwd }),
    });
  } catch (error) {
    failed(error);
    return undefined;
  }
}
