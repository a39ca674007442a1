// The program that backs up and restores the store, which is one of the worker's; and how its report reads.
import { join } from 'node:path';
import type { StoreLine, StoreReport, StoreWish } from '../worker/backup/contract.ts';
import { CliError, type Context, EXIT, type ExitCode } from './command.ts';
import { installationRoot } from './installation.ts';
import { columns, jsonText, safeText } from './output.ts';
import { askProgram } from './own-program.ts';

export const storeProgram = (): string => join(installationRoot(), 'dist/worker/backup/main.js');

/** Carries the wish out, and prints what was done under the verdict that `say` makes of it. Exit code 1 where something is not as it should be. */
export async function askStore(
  context: Context,
  program: string,
  wish: StoreWish,
  say: (report: StoreReport['report']) => string,
): Promise<ExitCode> {
  const report = await reportOf(context, program, wish);
  if (context.json) context.out(jsonText(report));
  else {
    context.out(columns(report.steps.map(({ what, ms }) => [`${ms} ms`.padStart(9), what])));
    const checks = report.checks ?? [];
    if (checks.length > 0) context.out(columns(checks.map(({ what, ok, found }) => [ok ? '✓' : '✗', what, safeText(found)])));
    context.out(`${say(report)}\n`);
  }
  return report.ok ? EXIT.yes : EXIT.no;
}

async function reportOf(context: Context, program: string, wish: StoreWish): Promise<StoreReport['report']> {
  try {
    for await (const said of askProgram(context, program, wish, 'STORE_FAILED')) {
      const line = said as StoreLine; // our own program's lines: worker/backup/contract.ts
      if ('report' in line) return line.report;
      if ('what' in line) context.progress(line.what);
    }
  } finally {
    context.progress('');
  }
  throw new CliError(EXIT.no, 'STORE_FAILED', 'the program for it ended without a report');
}
