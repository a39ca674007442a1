#!/usr/bin/env node
// npm test: unit tests, tests on a real Temporal server, and where PostgreSQL is there also those on it. npm run test:e2e: whole systems.
// Other arguments go to Jest: npm test -- test/engine
import { rmSync } from 'node:fs';
import { endChildrenOnSignal, runShown } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { countReports, printCounts } from './setup/results.mjs';
import { explain } from './setup/steps.mjs';

endChildrenOnSignal();
const args = process.argv.slice(2);
const e2e = args.includes('--e2e');
// Whole systems are many processes each: two files of them at once. Ports, folders and network namespaces are each one's own.
const rest = [...(e2e ? ['--maxWorkers=2'] : []), ...args.filter((arg) => arg !== '--e2e')];
const report = e2e ? 'reports/jest-e2e.json' : 'reports/jest.json';
try {
  // Tests of whole processes run what users run: dist/.
  await makeReady({ build: true });
  rmSync(report, { force: true });
  const projects = e2e ? ['e2e'] : ['unit', 'runs', 'pg'];
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const code = await runShown(process.execPath, [...jest, '--selectProjects', ...projects, '--json', '--outputFile', report, ...rest]);
  const counted = printCounts(countReports([report]));
  process.exitCode = code === 0 ? counted : 1;
} catch (error) {
  process.exitCode = explain(error);
  console.log('0 passed, 1 failed');
}
