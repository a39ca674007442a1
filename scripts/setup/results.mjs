// Counts what the runners themselves reported: Jest's JSON files, one for each run.
import { readFileSync } from 'node:fs';

/** A test file that could not even be loaded counts as one failure; so does a report that is not there. */
export function countReports(files) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    let report;
    try {
      report = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      sum.failed += 1;
      continue;
    }
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  return sum;
}

/** The plain last line. Nothing at all passed is a failure too. Returns the exit code. */
export function printCounts({ passed, failed, skipped }) {
  if (skipped > 0) console.log(`${skipped} skipped (their reasons stand above)`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
