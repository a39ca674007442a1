#!/usr/bin/env node
// npm start: installs, builds, then becomes the product. Node's built-in modules only, until the packages are there.
import { endChildrenOnSignal } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

// First of all, so that even the earliest Ctrl-C stops everything.
const letGo = endChildrenOnSignal();
try {
  console.log('Cordon');
  await makeReady({ build: true });
  // In this very process: a signal reaches the product with nobody between, and one process id is all there is to know.
  const { start } = await import(new URL('../dist/worker/main.js', import.meta.url).href);
  await start(letGo);
} catch (error) {
  process.exitCode = explain(error);
}
