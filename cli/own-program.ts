// Talks with a program of the worker's, in a process of its own: the command line knows neither Temporal nor the store. A wish in, lines of JSON out.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CliError, type Context, EXIT } from './command.ts';

/** The last line of a program that could not go on. */
interface Failure {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string; readonly reachable: boolean };
}

/** One line after the other, as they come. Throws what kept the program from going on, and `crashed` where it ended without a word. */
export async function* askProgram(context: Context, program: string, wish: object, crashed: string): AsyncGenerator<unknown> {
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
      const said: unknown = JSON.parse(line);
      if (isFailure(said)) throw failure(said);
      yield said;
    }
    const code = await ended;
    if (code !== 0) throw new CliError(EXIT.no, crashed, `the program for it ended with ${code}: ${complaint.trim()}`);
  } finally {
    child.kill();
  }
}

const isFailure = (said: unknown): said is Failure => typeof said === 'object' && said !== null && 'error' in said;

const failure = ({ error }: Failure): CliError =>
  new CliError(error.reachable ? EXIT.wrongUse : EXIT.notReachable, error.code, error.message, error.hint);
