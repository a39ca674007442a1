// The program that gets an account back without the API, which is one of the worker's.
import { join } from 'node:path';
import type { ResetReport, ResetWish } from '../worker/people/contract.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { installationRoot } from './installation.ts';
import { askProgram } from './own-program.ts';

export async function resetLocally(context: Context, wish: ResetWish): Promise<ResetReport['report']> {
  const program = join(installationRoot(), 'dist/worker/people/main.js');
  for await (const said of askProgram(context, program, wish, 'RESET_FAILED')) return (said as ResetReport).report; // our own program's line
  throw new CliError(EXIT.no, 'RESET_FAILED', 'the program for it ended without a report');
}
