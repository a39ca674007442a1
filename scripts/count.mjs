#!/usr/bin/env node
// Adds up reports: node scripts/count.mjs [--failed-steps=N] <report.json…>. The last line is "N passed, N failed".
import { countReports, printCounts } from './setup/results.mjs';

const FLAG = '--failed-steps=';
const args = process.argv.slice(2);
const counts = countReports(args.filter((arg) => !arg.startsWith(FLAG)));
// Steps that have no tests of their own, such as the checks.
const steps = Number(args.find((arg) => arg.startsWith(FLAG))?.slice(FLAG.length) ?? 0);
process.exitCode = printCounts({ ...counts, failed: counts.failed + steps });
