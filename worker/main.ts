// The product's process: `node dist/worker/main.js`, or from scripts/start.mjs. Reads its configuration, starts everything, stops it on a signal.
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Runtime } from '@temporalio/worker';
import { assemble } from './assemble.ts';
import { readConfig } from './config.ts';
import { keepHeapSmall } from './heap.ts';
import { lifecycle } from './lifecycle.ts';
import { progress } from './progress.ts';
import { sayStartError } from './start-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Above the sum of what the parts may take, which come one after the other. */
const STOP_WITHIN_MS = 120_000;

/** Returns when everything runs, or has been stopped again; a failure sets the exit code. `handOver` is called once signals are ours. */
export async function start(handOver: () => void = () => undefined): Promise<void> {
  // Expressions and workflows know no other zone.
  process.env.TZ = 'UTC';
  keepHeapSmall();
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  // A terminal that has gone away must not take us with it half-way.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const life = lifecycle(
    (message) => write(`  ! ${message}`),
    (message) => write(`  … ${message}`),
  );

  let ended: Promise<void> | undefined;
  const end = (exitCode: number, line: string | undefined) => {
    ended ??= (async () => {
      if (line !== undefined) write(line);
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      await life.stop();
      await Runtime.instance().shutdown();
      if (line !== undefined) write('Stopped.');
      process.exit(exitCode);
    })();
    return ended;
  };
  // Before anything is started, and `on`, not `once`: under npm a Ctrl-C arrives twice.
  for (const signal of SIGNALS) process.on(signal, () => void end(0, `\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: stopping`));
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      process.stderr.write(`${fault}: ${error instanceof Error ? error.stack : String(error)}\n`);
      void end(1, 'A fault in Cordon itself: stopping. What was accepted is kept.');
    });
  }
  handOver();

  try {
    const dist = join(dirname(fileURLToPath(import.meta.url)), '..');
    const cwd = process.cwd();
    const config = readConfig({ env: process.env, cwd, root: join(dist, '..') });
    const shown = progress(write, () => performance.now(), process.stdout.isTTY === true && !process.env.NO_COLOR);
    const around = { config, env: process.env, life, progress: shown, tell: (line: string) => write(`  ! ${line}`) };
    write(await assemble(around, { dist, version: versionOf(join(dist, '..')), cwd }));
  } catch (error) {
    // A stop that was asked for during the start ends here too: it is no failure.
    if (!life.stopping.aborted) {
      process.stderr.write(`\n${sayStartError(error)}\n`);
      await end(1, undefined);
    }
    await ended;
  }
}

function versionOf(root: string): string {
  const content: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof content === 'object' && content !== null && 'version' in content ? String(content.version) : 'unknown';
}

const [, script] = process.argv;
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) await start();
