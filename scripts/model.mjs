#!/usr/bin/env node
// npm run model: ten thousand random plans and orders of events for each property of the engine (test/engine/model.test.ts), with a new seed
// each time. Other numbers: npm run model -- 1000 [seed]
import { endChildrenOnSignal, runShown } from './setup/child.mjs';

endChildrenOnSignal();
const [plans = '10000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
process.env.CORDON_MODEL_PLANS = plans;
process.env.CORDON_MODEL_SEED = seed;
console.log(`${plans} plans in each property, seed ${seed}`);
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const only = ['--selectProjects', 'unit', '--testPathPatterns', 'test/engine/model', '--testTimeout', '3600000'];
process.exitCode = await runShown(process.execPath, [...jest, ...only]);
