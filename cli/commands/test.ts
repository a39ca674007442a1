// cordon test: runs the scenarios of playbooks in simulated time.
import { durationText } from '../../engine/simulation/compare.ts';
import { isClean } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, type Paint, paint, safeText } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';
import { type PlaybookRun, runScenarios, type ScenarioRun } from '../run-scenarios.ts';
import { timelineText } from '../timeline.ts';

export interface TestOptions {
  readonly verbose?: boolean;
}

export const test: Register = (program, action) => {
  program
    .command('test')
    .summary("run playbooks' scenarios in simulated time")
    .description(
      'Runs the scenarios beside each playbook in simulated time, without a server and without any product, and says what no scenario reaches. A playbook without scenarios is a failure.',
    )
    .argument('[paths...]', 'playbooks, folders of playbooks, or single scenario files', ['playbooks'])
    .option('-v, --verbose', 'show what happened in scenarios that passed, too')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon test\n  $ cordon test playbooks/malware-on-host --verbose\n  $ cordon test playbooks/malware-on-host/scenarios/denied.yaml',
    )
    .action(action((context: Context, paths: readonly string[], options: TestOptions) => run(context, paths, options)));
};

function run(context: Context, paths: readonly string[], options: TestOptions): ExitCode {
  const runs = findPlaybooks(paths, context.cwd).map(runScenarios);
  const scenarios = runs.flatMap((one) => one.scenarios);
  const passed = scenarios.filter((one) => one.ok).length;
  const broken = runs.filter((one) => !isRunnable(one)).length;
  const ok = passed === scenarios.length && broken === 0;
  if (context.json) context.out(jsonText({ ok, passed, failed: scenarios.length - passed, broken, playbooks: runs.map(asJson) }));
  else {
    const colour = paint(context.colour);
    for (const one of runs) context.out(playbookText(one, colour, options.verbose === true, context.colour));
    const summary = `${passed} passed, ${scenarios.length - passed} failed${broken > 0 ? `, ${broken} playbooks without a run` : ''}`;
    context.out(`${(ok ? colour.green : colour.red)(summary)} in ${runs.length} playbooks\n`);
  }
  return ok ? EXIT.yes : EXIT.no;
}

const isRunnable = (one: PlaybookRun): boolean => one.plan !== undefined && one.scenarios.length > 0;

function playbookText(one: PlaybookRun, colour: Paint, verbose: boolean, color: boolean): string {
  const head = `${colour.bold(safeText(one.playbook))}\n`;
  if (!one.plan) return `${head}${formatDiagnostics(one.diagnostics, one.text, { color })}\n`;
  if (one.scenarios.length === 0)
    return `${head}  ${colour.red('✗')} has no scenarios: write one in ${safeText(one.file.replace(/[^/]*$/, 'scenarios/'))}\n\n`;
  return `${head}${one.scenarios.map((scenario) => scenarioText(scenario, colour, verbose, color)).join('')}${coverageText(one, colour)}\n`;
}

function scenarioText(run: ScenarioRun, colour: Paint, verbose: boolean, color: boolean): string {
  const took = run.simulation ? colour.dim(`  ${durationText(run.simulation.endMs)} simulated`) : '';
  const head = `  ${run.ok ? colour.green('✓') : colour.red('✗')} ${safeText(run.title)}${took}\n`;
  if (run.ok && !verbose) return head;
  const where = run.ok ? '' : `      ${colour.dim(safeText(run.file))}\n`;
  const unread = isClean(run.diagnostics) ? '' : formatDiagnostics(run.diagnostics, run.text, { color });
  const lines = run.comparison ? timelineText(run.comparison.lines, colour, '      ') : '';
  const faults = (run.comparison?.faults ?? []).map((fault) => `      ${colour.red(safeText(fault))}\n`).join('');
  return `${head}${where}${unread}${lines}${faults}`;
}

function coverageText({ coverage }: PlaybookRun, colour: Paint): string {
  if (!coverage) return '';
  const { steps, branches, gaps } = coverage;
  const head = `  reached: ${steps.reached} of ${steps.all} steps, ${branches.reached} of ${branches.all} branches\n`;
  return colour.dim(`${head}${gaps.map((gap) => `    line ${gap.line}: ${gap.step} ${gap.what}\n`).join('')}`);
}

function asJson(one: PlaybookRun): unknown {
  const scenarios = one.scenarios.map(({ file, title, ok, diagnostics, comparison, simulation }) => ({
    file,
    title,
    ok,
    diagnostics,
    faults: comparison?.faults ?? [],
    missing: (comparison?.lines ?? []).flatMap((line) => (line.kind === 'missing' ? [{ ...line.expected, hint: line.hint }] : [])),
    happened: simulation?.happenings ?? [],
    outcome: simulation?.finish?.outcome,
  }));
  return { playbook: one.playbook, file: one.file, diagnostics: one.diagnostics, scenarios, coverage: one.coverage };
}
