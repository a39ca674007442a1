// The program that replays, which is one of the worker's.
import { join } from 'node:path';
import type { Replayed, ReplayWish } from '../worker/replay/contract.ts';
import type { Context } from './command.ts';
import { installationRoot } from './installation.ts';
import { askProgram } from './own-program.ts';

export const replayProgram = (): string => join(installationRoot(), 'dist/worker/replay/main.js');

/** One verdict after the other, as they are found. Throws what kept the program from going on. */
export async function* askReplay(context: Context, program: string, wish: ReplayWish): AsyncGenerator<Replayed> {
  // Our own program's lines: worker/replay/contract.ts.
  for await (const line of askProgram(context, program, wish, 'REPLAY_FAILED')) yield line as Replayed;
}
