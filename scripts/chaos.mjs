#!/usr/bin/env node
// npm run chaos: proves that a kill -9 at any moment loses nothing and does nothing twice. -- --seeds N, --case X, --seed S (one again), --late, --now
import { endChildrenOnSignal, runShown } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

endChildrenOnSignal();
try {
  await makeReady({ build: true });
  const loader = ['--import', './test/store/run-typescript.mjs'];
  process.exitCode = await runShown(process.execPath, [...loader, 'test/faults/run-chaos.ts', ...process.argv.slice(2)]);
} catch (error) {
  process.exitCode = explain(error);
}
