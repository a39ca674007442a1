#!/usr/bin/env node
// npm run scale: a loop of 10,000 items and a playbook of 1,000 steps on a real Temporal server that asks runs to continue as new when it does in
// production; takes minutes. Other numbers: npm run scale -- 2000 200
import { endChildrenOnSignal, runShown } from './setup/child.mjs';

endChildrenOnSignal();
const [items = '10000', steps = '1000'] = process.argv.slice(2);
process.env.CORDON_SCALE_ITEMS = items;
process.env.CORDON_SCALE_STEPS = steps;
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
process.exitCode = await runShown(process.execPath, [...jest, '--selectProjects', 'runs', '--testPathPatterns', 'test/runs/long-loops']);
