#!/usr/bin/env node
// npm run fuzz -- <runs> <seed>: damages playbooks, scenarios and policies; 10,000 runs with a new seed each day unless it is said. The unit test does a few hundred.
import { endChildrenOnSignal, runShown } from './setup/child.mjs';

endChildrenOnSignal();
const [runs = '10000', seed = `${Math.floor(Date.now() / 86_400_000)}`] = process.argv.slice(2);
console.log(`${runs} runs with seed ${seed}`);
process.env.CORDON_FUZZ_RUNS = runs;
process.env.CORDON_FUZZ_SEED = seed;
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
process.exitCode = await runShown(process.execPath, [
  ...jest,
  '--selectProjects',
  'unit',
  '--testPathPatterns',
  'language/fuzz',
  '--testTimeout',
  '3600000',
]);
