// Installs the packages when they are missing or other than package-lock.json says. Built-in modules only.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runLogged } from './child.mjs';
import { SetupError, step } from './steps.mjs';

/** The oldest Node that is supported; package.json's `engines` says the same. */
const OLDEST_NODE = [20, 19];

/** Stops with a clear message on a Node that is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(
    'NODE_TOO_OLD',
    `Cordon needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version}. Install a newer Node and start again.`,
  );
}

/** Runs `npm ci` unless what is installed is exactly what the lock file says. */
export async function ensureInstalled() {
  if (installedAsLocked()) return;
  const logFile = 'reports/install.log';
  await step('installing packages', (doing) => {
    const [command, ...args] = npm();
    // What builds it is a dev package, also where NODE_ENV says production.
    return runLogged(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--ignore-scripts'], {
      logFile,
      code: 'INSTALL_FAILED',
      onLine: doing,
    });
  });
}

/** npm notes what it has put into node_modules, as its last act; an install that was cut off has no such note. */
export function installedAsLocked(root = '.') {
  const note = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  let found;
  try {
    found = JSON.parse(readFileSync(note, 'utf8')).packages;
  } catch {
    return false;
  }
  // Optional ones are other platforms' binaries: may be absent, but never in another version.
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = found[path];
    return there === undefined ? entry.optional === true || entry.devOptional === true : there.version === entry.version;
  });
}

/** The npm that runs us, else the one beside this Node, else the one on PATH. */
function npm() {
  const own = process.env.npm_execpath;
  if (own !== undefined && basename(own) === 'npm-cli.js' && existsSync(own)) return [process.execPath, own];
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  if (existsSync(beside)) return [process.execPath, beside];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
