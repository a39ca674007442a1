// Is this file the program, does it run here, and is it new enough?
import type { ProgramSpec } from './program-spec.ts';
import { runProgram } from './run-program.ts';

export type Checked = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly reason: string };

/** Starts it once. A cold start of a 150 MB file from a slow disk takes seconds, hence the limit. */
export async function checkProgram(spec: ProgramSpec, path: string): Promise<Checked> {
  const { ok, output, reason } = await runProgram(path, ['--version'], { timeoutMs: 30_000 });
  if (spec.oldest === undefined) {
    // The test server knows no --version: it takes the word for a port number, and says so in its own name.
    return output.includes('testserver') ? { ok: true, version: spec.version } : { ok: false, reason: reason || 'it is another program' };
  }
  if (!ok) return { ok: false, reason };
  const found = /version (\d+)\.(\d+)\.(\d+)/.exec(output);
  if (found === null) return { ok: false, reason: `it does not say its version: ${output.trim().slice(0, 100)}` };
  const [, major, minor, patch] = found;
  const version = `${major}.${minor}.${patch}`;
  const [oldMajor, oldMinor] = spec.oldest;
  const newEnough = Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor);
  return newEnough ? { ok: true, version } : { ok: false, reason: `it is ${version}; at least ${oldMajor}.${oldMinor} is needed` };
}
