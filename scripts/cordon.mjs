#!/usr/bin/env node
// The `cordon` command. Plain Node: it must be able to say what is missing before anything is installed or built.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const main = join(root, 'dist/cli/main.js');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`cordon: Node ${process.versions.node} is too old. Cordon needs Node 20.19 or newer.\n`);
  process.exitCode = 2;
} else if (!existsSync(join(root, 'node_modules'))) {
  process.stderr.write(`cordon: not installed yet. Run "npm start" in ${root} once (or "npm ci && npm run build"), then try again.\n`);
  process.exitCode = 2;
} else if (!existsSync(main)) {
  process.stderr.write(`cordon: not built yet. Run "npm run build" in ${root} (or "npm start", which builds too), then try again.\n`);
  process.exitCode = 2;
} else {
  await import(pathToFileURL(main).href);
}
