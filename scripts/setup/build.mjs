// Builds dist/, the only thing that is run, when a source has changed. Built-in modules only.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../.dependency-cruiser.mjs';
import { runLogged } from './child.mjs';
import { step } from './steps.mjs';

/** The folders that tsconfig.build.json compiles. */
export const CODE = Object.keys(table).filter((folder) => folder !== 'console');
const CONFIG = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'tsconfig.build.json'];
const STAMPS = 'dist/.stamps.json';

/** What is built, from what, by what. `makes` must be there afterwards. */
const PARTS = [
  {
    name: 'code',
    title: 'compiling',
    from: [...CODE, ...CONFIG],
    makes: 'dist/worker/main.js',
    prepare: clearCode,
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  },
  {
    name: 'console',
    title: 'building the console',
    from: ['console', 'language', 'engine', 'server/contract.ts', 'vite.config.ts', ...CONFIG],
    makes: 'dist/console/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  },
  {
    name: 'bundle',
    title: 'bundling the workflow',
    from: ['workflows', 'engine', 'policy', 'language', 'worker/bundle.ts', 'worker/build-bundle.ts', ...CONFIG],
    makes: 'dist/workflow-bundle.js',
    command: ['dist/worker/build-bundle.js', 'dist/workflow-bundle.js'],
    after: 'code',
  },
];

/** Brings dist/ up to date; does nothing, in a few hundredths of a second, when no source has changed. */
export async function ensureBuilt(parts = PARTS) {
  const stamps = readStamps();
  const stale = new Map(parts.map((part) => [part.name, stampOf(part)]).filter(([name, stamp]) => stamps[name] !== stamp));
  for (const part of parts) if (!existsSync(part.makes)) stale.set(part.name, stampOf(part));
  const make = async (part) => {
    if (!stale.has(part.name)) return;
    // A compiler that fails or is broken off may have written half of it: until it has ended well, nothing says what it is made of.
    writeStamps({ ...stamps, [part.name]: undefined });
    await step(part.title, () => {
      part.prepare?.();
      return runLogged(process.execPath, part.command, { logFile: `reports/build-${part.name}.log`, code: 'BUILD_FAILED' });
    });
    stamps[part.name] = stale.get(part.name);
    writeStamps(stamps);
  };
  for (const part of parts) await make(part);
}

function writeStamps(stamps) {
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMPS, JSON.stringify(stamps));
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

/** A source that was deleted must not live on in dist/. The console and the bundle are cleared by their own builders. */
function clearCode() {
  for (const folder of CODE) rmSync(join('dist', folder), { recursive: true, force: true });
}

function stampOf(part) {
  const hash = createHash('sha256');
  for (const file of part.from.flatMap(filesIn).sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!path.includes('.')) {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  }
  return [path];
}
