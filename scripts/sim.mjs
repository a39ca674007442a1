#!/usr/bin/env node
// npm run sim: random playbooks, alerts, people, faults and kills through the whole of Cordon on a virtual clock (test/simulation), the invariants checked after
// each. -- --runs N --seed S; a failure prints the smallest case and its path, and --seed S --path P plays that one again.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal, runShown } from './setup/child.mjs';
import { countReports } from './setup/results.mjs';

endChildrenOnSignal();
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string' }, path: { type: 'string' } },
});
const seed = values.seed ?? String(Date.now() % 2 ** 31);
process.env.CORDON_SIM_RUNS = values.runs;
process.env.CORDON_SIM_SEED = seed;
if (values.path !== undefined) process.env.CORDON_SIM_PATH = values.path;
console.log(`${values.runs} cases, seed ${seed}${values.path === undefined ? '' : `, path ${values.path}`}`);
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const only = ['--selectProjects', 'unit', '--testPathPatterns', 'test/simulation', '-t', 'whatever happens', '--testTimeout', '36000000'];
const report = 'reports/jest-sim.json';
rmSync(report, { force: true });
const code = await runShown(process.execPath, [...jest, ...only, '--json', '--outputFile', report]);
// Jest is content where no test has the name that is asked for.
const { passed } = countReports([report]);
if (code === 0 && passed === 0) console.error('nothing was run: test/simulation has no test of that name');
process.exitCode = code === 0 && passed === 0 ? 1 : code;
