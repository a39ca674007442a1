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
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limits.timeoutMs,
      killSignal: 'SIGKILL',
      ...(limits.env === undefined ? {} : { env: limits.env }),
      ...(limits.cwd === undefined ? {} : { cwd: limits.cwd }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-MAX_OUTPUT);
      });
    }
    child.once('error', (error) => resolve({ ok: false, output, reason: error.message }));
    child.once('close', (code, signal) => {
      const how = signal === 'SIGKILL' ? `was ended after ${limits.timeoutMs / 1000} s` : `ended with ${code ?? signal}`;
      const last = output.trim().split('\n').at(-1) ?? '';
      resolve({ ok: code === 0, output, reason: code === 0 ? '' : `${how}${last === '' ? '' : `: ${last.slice(0, 300)}`}` });
    });
  });
}
