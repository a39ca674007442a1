#!/usr/bin/env node
// npm run bench: Cordon beside a hand-written Temporal workflow. Options: npm run bench -- --help
import { endChildrenOnSignal, runLogged, runShown } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

endChildrenOnSignal();
try {
  // It measures what users run: dist/.
  await makeReady({ build: true });
  await runLogged(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench'], {
    logFile: 'reports/build-bench.log',
    code: 'BUILD_FAILED',
  });
  process.exitCode = await runShown(process.execPath, ['dist/bench/main.js', ...process.argv.slice(2)]);
} catch (error) {
  process.exitCode = explain(error);
}
