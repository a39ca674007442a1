import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { countReports } from '../../scripts/setup/results.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cordon-results-'));
const report = (name: string, content: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const jest = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 0, numPendingTests: 2, numTodoTests: 0 };

describe('the counts that decide the exit code', () => {
  it('adds up the reports', () => {
    expect(countReports([report('a.json', jest), report('b.json', jest)])).toEqual({ passed: 10, failed: 2, skipped: 4 });
  });
  it('a test file that could not be loaded is a failure', () => {
    expect(countReports([report('c.json', { ...jest, numFailedTests: 0, numRuntimeErrorTestSuites: 1 })]).failed).toBe(1);
  });
  it('a runner that died without a report is a failure', () => {
    expect(countReports([join(folder, 'missing.json'), report('d.json', '{"numPassed')]).failed).toBe(2);
  });
});
