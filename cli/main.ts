// `cordon`: gives the process to one command.

import { wantsColour } from './output.ts';
import { runCli } from './run-cli.ts';
import { askSecret, askYes, readLine } from './terminal.ts';

// A copy: the YAML parser looks into it at every word, and in the real one each look is a call of the system.
process.env = { ...process.env };

// A reader that went away (`cordon runs list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The exit code is set, not forced: what was written to a pipe still arrives.
process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  colour: wantsColour(process.env, process.stdout.isTTY === true),
  columns: process.stdout.columns ?? 100,
  progress: (line) => {
    if (process.stderr.isTTY === true && process.env.TERM !== 'dumb') process.stderr.write(`\r\u001b[K${line}`);
  },
  interrupted: () => {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
  ...(process.stdin.isTTY === true ? { askSecret, askYes } : {}),
  readLine,
});
