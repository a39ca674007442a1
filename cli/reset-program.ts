// The program that gets an account back without the API, which is one of the worker's.
import { join } from 'node:path';
import type { ResetReport, ResetWish } from '../worker/people/contract.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { installationRoot } from './installation.ts';
import { askProgram } from './own-program.ts';

export const resetProgram = (): string => join(installationRoot(), 'dist/worker/people/main.js');

/** When the program has ended by itself: killed before, it would leave the store's lock behind. */
export async function resetLocally(context: Context, program: string, wish: ResetWish): Promise<ResetReport['report']> {
  let report: ResetReport['report'] | undefined;
  for await (const said of askProgram(context, program, wish, 'RESET_FAILED')) report = (said as ResetReport).report; // our own program's line
  if (report) return report;
  throw new CliError(EXIT.no, 'RESET_FAILED', 'the program for it ended without a report');
}
