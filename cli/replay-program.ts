// Talks with the program that replays. It is one of the worker's, in a process of its own: the command line knows nothing of Temporal.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Replayed, ReplayFailure, ReplayWish } from '../worker/replay/contract.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { installationRoot } from './installation.ts';

export const replayProgram = (): string => join(installationRoot(), 'dist/worker/replay/main.js');

/** One verdict after the other, as they are found. Throws what kept the program from going on. */
export async function* askReplay(context: Context, program: string, wish: ReplayWish): AsyncGenerator<Replayed> {
  if (!existsSync(program)) throw new CliError(EXIT.wrongUse, 'NOT_BUILT', 'Cordon is not built here', 'npm run build');
  const child = spawn(process.execPath, [program], {
    cwd: context.cwd,
    env: { ...process.env, ...context.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  try {
    child.stdin.end(JSON.stringify(wish));
    for await (const line of createInterface({ input: child.stdout })) {
      // Our own program's lines: worker/replay/contract.ts.
      const said = JSON.parse(line) as Replayed | ReplayFailure;
      if ('error' in said) throw failure(said);
      yield said;
    }
    const code = await ended;
    if (code !== 0) throw new CliError(EXIT.no, 'REPLAY_FAILED', `the program that replays ended with ${code}: ${complaint.trim()}`);
  } finally {
    child.kill();
  }
}

const failure = ({ error }: ReplayFailure): CliError =>
  new CliError(error.reachable ? EXIT.wrongUse : EXIT.notReachable, error.code, error.message, error.hint);
