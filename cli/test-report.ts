// How the results of scenarios read: on a terminal, as JSON.
import type { Fault, Line } from '../engine/simulation/compare.ts';
import { coveragePercent } from '../engine/simulation/coverage.ts';
import { durationText } from '../engine/simulation/duration-text.ts';
import { isClean } from '../language/diagnostics.ts';
import { formatDiagnostics } from '../language/format-diagnostics.ts';
import { type Paint, safeText } from './output.ts';
import type { PlaybookRun, ScenarioRun } from './run-scenarios.ts';
import { timelineText } from './timeline.ts';

export interface ReportOptions {
  readonly colour: Paint;
  /** For diagnostics, which paint by themselves. */
  readonly color: boolean;
  readonly verbose: boolean;
}

export const unreadText = (one: PlaybookRun, color: boolean): string => formatDiagnostics(one.diagnostics, one.text, { color });

export function playbookText(one: PlaybookRun, options: ReportOptions): string {
  const { colour, color } = options;
  const head = `${colour.bold(safeText(one.playbook))}\n`;
  if (!one.plan) return `${head}${unreadText(one, color)}\n`;
  if (one.scenarios.length === 0)
    return `${head}  ${colour.red('✗')} has no scenarios: write one in ${safeText(one.file.replace(/[^/]*$/, 'scenarios/'))}\n\n`;
  return `${head}${one.scenarios.map((scenario) => scenarioText(scenario, options)).join('')}${coverageText(one, colour)}\n`;
}

function scenarioText(run: ScenarioRun, { colour, color, verbose }: ReportOptions): string {
  const took = run.simulation ? colour.dim(`  ${durationText(run.simulation.endMs)} simulated`) : '';
  const head = `  ${run.ok ? colour.green('✓') : colour.red('✗')} ${safeText(run.title)}${took}\n`;
  return run.ok && !verbose ? head : `${head}${faultsText(run, colour, color)}`;
}

/** What happened beside what was expected, then everything else that is not as it should be. */
export function faultsText(run: ScenarioRun, colour: Paint, color: boolean): string {
  const where = run.ok ? '' : `      ${colour.dim(safeText(run.file))}\n`;
  const unread = isClean(run.diagnostics) ? '' : formatDiagnostics(run.diagnostics, run.text, { color });
  const lines = run.comparison ? timelineText(run.comparison.lines, colour, '      ') : '';
  const faults = (run.comparison?.faults ?? [])
    .map((fault) => `      ${colour.red(`✗ ${safeText(faultText(run.file, fault))}`)}\n`)
    .join('');
  return `${where}${unread}${lines}${faults}`;
}

/** As editors and terminals link it. */
const faultText = (file: string, { message, place }: Fault): string =>
  place === undefined ? message : `${file}:${place.line}:${place.column} ${message}`;

function coverageText({ coverage }: PlaybookRun, colour: Paint): string {
  if (!coverage) return '';
  const { steps, branches, targets, gaps } = coverage;
  const said = targets.all === 0 ? '' : `, ${targets.reached} of ${targets.all} targets`;
  const head = `  reached: ${steps.reached} of ${steps.all} steps, ${branches.reached} of ${branches.all} branches${said}\n`;
  return colour.dim(`${head}${gaps.map((gap) => `    line ${gap.line}: ${gap.step} ${gap.what}\n`).join('')}`);
}

function missingJson({ expected: { place, ...expected }, hint }: Extract<Line, { readonly kind: 'missing' }>): unknown {
  const covers = expected.covers?.map(({ place: _place, ...one }) => one);
  return { ...expected, ...(covers === undefined ? {} : { covers }), ...place, hint };
}

export function asJson(one: PlaybookRun): unknown {
  const scenarios = one.scenarios.map(({ file, title, ok, diagnostics, comparison, simulation }) => ({
    file,
    title,
    ok,
    diagnostics,
    faults: (comparison?.faults ?? []).map(({ message, place }) => ({ message, ...place })),
    missing: (comparison?.lines ?? []).flatMap((line) => (line.kind === 'missing' ? [missingJson(line)] : [])),
    happened: simulation?.happenings ?? [],
    outcome: simulation?.finish?.outcome,
    held: simulation?.held ?? [],
    undone: simulation?.undone ?? [],
  }));
  const coverage = one.coverage && { ...one.coverage, percent: coveragePercent(one.coverage) };
  return { playbook: one.playbook, file: one.file, diagnostics: one.diagnostics, scenarios, coverage };
}
