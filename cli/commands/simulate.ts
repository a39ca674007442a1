// cordon simulate: what would this playbook do with this alert? Nothing real is touched.

import { resolve } from 'node:path';
import { durationText } from '../../engine/simulation/compare.ts';
import { allSteps } from '../../engine/simulation/outline.ts';
import { simulate as simulateRun } from '../../engine/simulation/simulate.ts';
import type { Simulation } from '../../engine/simulation/simulation.ts';
import type { Json, Plan } from '../../language/plan.ts';
import type { ScenarioAct } from '../../language/scenario.ts';
import { readYaml } from '../../language/yaml-text.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { readTextFile, type TextFile } from '../playbook-files.ts';
import { type JsonMap, type Start, startByAlert, startByHand } from '../starting.ts';
import { asLines, timelineText } from '../timeline.ts';

interface Options {
  readonly alert?: string;
  readonly sample?: string;
  readonly inputs?: string;
  readonly approve?: boolean;
}

export const simulate: Register = (program, action) => {
  program
    .command('simulate')
    .summary('show what a playbook would do with an alert')
    .description(
      'Runs one playbook in simulated time: products answer as usual, and people are silent, so that approvals expire and questions get their `else`. Nothing real is touched. Exits with 1 when the playbook does not start or its run fails.',
    )
    .argument('<playbook>', 'a playbook file or its folder')
    .option('--alert <file>', 'a plain alert, as JSON or YAML')
    .option('--sample <name>', 'a sample alert: travel, malware, phishing, domain-controller')
    .option('--inputs <file>', 'start it by hand with these inputs, as JSON or YAML')
    .option('--approve', 'people approve at once whatever they are asked')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon simulate playbooks/malware-on-host --sample malware --approve\n  $ cordon simulate playbooks/malware-on-host --alert alert.json --json',
    )
    .action(action((context: Context, path: string, options: Options) => run(context, path, options)));
};

function run(context: Context, path: string, options: Options): ExitCode {
  const { plan } = loadPlan(context, path);
  const start = startOf(plan, options, context.cwd);
  if (start.kind === 'wrong') throw new CliError(EXIT.wrongUse, 'NOT_STARTED', start.reason);
  if (start.kind === 'refused') {
    if (context.json) context.out(jsonText({ started: false, reason: start.reason }));
    else context.out(`${safeText(plan.playbook)} does not start: ${safeText(start.reason)}\n`);
    return EXIT.no;
  }
  const people = options.approve ? approvers(plan) : [];
  const simulation = simulateRun(plan, start.given, { answers: {}, people });
  if (context.json) context.out(jsonText({ started: true, why: start.why, inputs: start.given.inputs, ...simulation, problems: [] }));
  else print(context, plan, start.why, simulation);
  return simulation.finish?.state === 'failed' ? EXIT.no : EXIT.yes;
}

function startOf(plan: Plan, { alert, sample, inputs }: Options, cwd: string): Start {
  if ([alert, sample, inputs].filter((one) => one !== undefined).length !== 1) {
    throw new CliError(EXIT.wrongUse, 'START_MISSING', 'give one of --alert, --sample and --inputs');
  }
  if (sample !== undefined) return startByAlert(plan, sample);
  const file = readTextFile(resolve(cwd, alert ?? inputs ?? ''), cwd);
  return alert === undefined ? startByHand(plan, readMap(file)) : startByAlert(plan, readMap(file));
}

// JSON is YAML.
function readMap({ file, text }: TextFile): JsonMap {
  const { yaml, diagnostics } = readYaml(text, file);
  if (yaml && diagnostics.length === 0 && isMap(yaml.value)) return yaml.value;
  const [first] = diagnostics;
  throw new CliError(
    EXIT.wrongUse,
    'FILE_BROKEN',
    first ? `${file}:${first.line}:${first.column} ${first.message}` : `${file} must hold one map`,
  );
}

const isMap = (value: Json): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** As many people as each approval needs; each of them approves. */
function approvers(plan: Plan): readonly ScenarioAct[] {
  return allSteps(plan).flatMap((step) => {
    const count = 'approve' in step && step.approve ? step.approve.by.count : 0;
    return Array.from({ length: count }, (_, index) => ({ does: 'approve', step: step.id, by: `person ${index + 1}` }) as const);
  });
}

function print(context: Context, plan: Plan, why: string, simulation: Simulation): void {
  const colour = paint(context.colour);
  const { finish, endMs, held } = simulation;
  context.out(`${colour.bold(safeText(plan.playbook))}  ${safeText(why)}\n`);
  context.out(timelineText(asLines(simulation), colour, '  '));
  const because = finish?.error
    ? `: ${finish.error.step ?? ''} ${finish.error.message} (${finish.error.code})`
    : finish?.message
      ? `: ${finish.message}`
      : '';
  context.out(`${safeText(`ends as ${finish?.outcome ?? 'nothing'} after ${durationText(endMs)}${because}`)}\n`);
  context.out(`still held: ${held.length > 0 ? held.join(', ') : 'nothing'}\n`);
}
