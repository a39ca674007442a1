// Results of `cordon test` as JUnit XML, the form that build servers read. One suite for each playbook, one case for each scenario.
import { coveragePercent } from '../engine/simulation/coverage.ts';
import { paint } from './output.ts';
import type { PlaybookRun, ScenarioRun } from './run-scenarios.ts';
import { faultsText, unreadText } from './test-report.ts';

export function junitXml(runs: readonly PlaybookRun[], coverageMin: number): string {
  const suites = runs.map((run) => suite(run, coverageMin));
  const sum = (key: 'tests' | 'failures') => suites.reduce((total, one) => total + one[key], 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cordon test" tests="${sum('tests')}" failures="${sum('failures')}">\n${suites
    .map((one) => one.text)
    .join('')}</testsuites>\n`;
}

interface Case {
  readonly name: string;
  readonly file: string;
  readonly failure?: string;
}

function suite(run: PlaybookRun, coverageMin: number): { readonly tests: number; readonly failures: number; readonly text: string } {
  const cases = [...brokenCases(run), ...run.scenarios.map(scenarioCase), ...coverageCases(run, coverageMin)];
  const failures = cases.filter((one) => one.failure !== undefined).length;
  const head = `name="${xml(run.playbook)}" file="${xml(run.file)}" tests="${cases.length}" failures="${failures}"`;
  return {
    tests: cases.length,
    failures,
    text: `  <testsuite ${head}>\n${cases.map((one) => caseText(run, one)).join('')}  </testsuite>\n`,
  };
}

const plain = paint(false);

function brokenCases(run: PlaybookRun): readonly Case[] {
  if (run.plan && run.scenarios.length > 0) return [];
  const failure = run.plan ? 'it has no scenarios' : unreadText(run, false);
  return [{ name: 'can be tested', file: run.file, failure }];
}

const scenarioCase = (run: ScenarioRun): Case => ({
  name: run.title,
  file: run.file,
  ...(run.ok ? {} : { failure: faultsText(run, plain, false) }),
});

function coverageCases({ coverage, file }: PlaybookRun, min: number): readonly Case[] {
  if (!coverage || min === 0) return [];
  const isEnough = coveragePercent(coverage) >= min;
  const failure = coverage.gaps.map((gap) => `line ${gap.line}: ${gap.step} ${gap.what}`).join('\n');
  return [{ name: `scenarios reach ${min} % of steps, branches and targets`, file, ...(isEnough ? {} : { failure }) }];
}

function caseText(run: PlaybookRun, { name, file, failure }: Case): string {
  const head = `classname="${xml(run.playbook)}" name="${xml(name)}" file="${xml(file)}"`;
  if (failure === undefined) return `    <testcase ${head}/>\n`;
  const first = failure.trim().split('\n').at(-1) ?? '';
  return `    <testcase ${head}>\n      <failure message="${xml(first.trim())}">${xml(failure)}</failure>\n    </testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const xml = (text: string): string =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Cs}\p{Cn}]/gu, '�').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
