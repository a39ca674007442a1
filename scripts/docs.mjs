#!/usr/bin/env node
// npm run docs: writes the pages of docs/reference that are made from the code. --check: says which are not up to date, and writes nothing.
// To add a page: one line in PAGES. The generator is compiled code in dist/, so that pages and product cannot differ.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { endChildrenOnSignal } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

const from = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

/** file -> the function that makes its text. */
const PAGES = {
  'docs/reference/settings.md': async () => (await from('worker/settings-page.js')).settingsPage(),
};

const current = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

endChildrenOnSignal();
try {
  const check = process.argv.includes('--check');
  // Within npm run check dist/ is there already, and its lock is not ours to take.
  if (!check) await makeReady({ build: true });
  for (const [file, make] of Object.entries(PAGES)) {
    const text = await make();
    if (current(file) === text) continue;
    if (check) {
      console.log(`${file} is not what the code says: run npm run docs`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
} catch (error) {
  process.exitCode = explain(error);
}
