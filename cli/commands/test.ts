// cordon test: runs the scenarios of playbooks in simulated time.
import { resolve } from 'node:path';
import { coveragePercent } from '../../engine/simulation/coverage.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { counted } from '../counted.ts';
import { junitXml } from '../junit.ts';
import { wholeNumber } from '../numbers.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';
import { policyGround } from '../policy-ground.ts';
import { type PlaybookRun, runScenarios } from '../run-scenarios.ts';
import { asJson, playbookText } from '../test-report.ts';
import { watchPaths } from '../watch.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly verbose?: boolean;
  readonly watch?: boolean;
  readonly junit?: string;
  readonly policy?: string | boolean;
  readonly entities?: string;
  readonly coverageMin: number;
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
    .option('-w, --watch', 'run again whenever a file changes, until Ctrl-C')
    .option('--policy <file>', 'ask this policy, too; default: the one that cordon.yaml names')
    .option('--no-policy', 'ask no policy, though cordon.yaml names one')
    .option('--entities <file>', "the inventory that policy's rules look into; default: the one that cordon.yaml names")
    .option('--junit <file>', 'write the results as JUnit XML, for build servers')
    .option(
      '--coverage-min <percent>',
      'fail a playbook whose scenarios reach less of its steps or branches, or say of less of its effects on whom',
      wholeNumber(0, 100),
      0,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon test\n  $ cordon test playbooks/malware-on-host --verbose\n  $ cordon test playbooks/malware-on-host/scenarios/denied.yaml\n  $ cordon test --coverage-min 100 --junit reports/playbooks.xml\n  $ cordon test playbooks/malware-on-host --watch',
    )
    .action(action((context: Context, paths: readonly string[], options: Options) => start(context, paths, options)));
};

async function start(context: Context, paths: readonly string[], options: Options): Promise<ExitCode> {
  if (!options.watch) return run(context, paths, options);
  if (context.json) throw new CliError(EXIT.wrongUse, 'WATCH_JSON', '--watch and --json do not go together');
  const again = () => {
    try {
      run(context, paths, options);
    } catch (error) {
      // A file that is just being renamed: what is there now is said, and the watch goes on.
      context.err(`${safeText(error instanceof Error ? error.message : String(error))}\n`);
    }
    context.err('watching for changes; Ctrl-C ends it\n');
  };
  again();
  const watched = paths.map((path) => resolve(context.cwd, path));
  await watchPaths(watched, again, context.interrupted());
  return EXIT.yes;
}

function run(context: Context, paths: readonly string[], options: Options): ExitCode {
  const found = findPlaybooks(paths, context.cwd);
  const ground = policyGround(context, options);
  const runs = found.map((one, index) => {
    context.progress(`${index + 1} of ${found.length}: ${safeText(one.playbook.file)}`);
    return runScenarios(one, ground);
  });
  context.progress('');
  const { coverageMin } = options;
  const scenarios = runs.flatMap((one) => one.scenarios);
  const passed = scenarios.filter((one) => one.ok).length;
  const broken = runs.filter((one) => !isRunnable(one)).length;
  const thin = runs.filter((one) => one.coverage && coveragePercent(one.coverage) < coverageMin).map((one) => one.playbook);
  const ok = passed === scenarios.length && broken === 0 && thin.length === 0;
  if (options.junit !== undefined) writeOut(context, options.junit, junitXml(runs, coverageMin));
  if (context.json)
    context.out(jsonText({ ok, passed, failed: scenarios.length - passed, broken, belowCoverage: thin, playbooks: runs.map(asJson) }));
  else {
    const colour = paint(context.colour);
    for (const one of runs) context.out(playbookText(one, { colour, color: context.colour, verbose: options.verbose === true }));
    for (const playbook of thin) context.out(`${colour.red('✗')} ${safeText(playbook)}: its scenarios reach less than ${coverageMin} %\n`);
    const summary = `${passed} passed, ${scenarios.length - passed} failed${broken > 0 ? `, ${counted(broken, 'playbook')} without a run` : ''}`;
    context.out(`${(ok ? colour.green : colour.red)(summary)} in ${counted(runs.length, 'playbook')}\n`);
  }
  return ok ? EXIT.yes : EXIT.no;
}

const isRunnable = (one: PlaybookRun): boolean => one.plan !== undefined && one.scenarios.length > 0;
