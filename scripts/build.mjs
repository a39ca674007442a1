#!/usr/bin/env node
// npm run build: installs what is missing and brings dist/ up to date.
import { endChildrenOnSignal } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

endChildrenOnSignal();
try {
  await makeReady({ build: true });
} catch (error) {
  process.exitCode = explain(error);
}
