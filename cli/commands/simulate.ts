// cordon simulate: what would this playbook do with this alert? Nothing real is touched.

import { resolve } from 'node:path';
import { Option } from 'commander';
import { effectWords } from '../../engine/simulation/differences.ts';
import { durationText } from '../../engine/simulation/duration-text.ts';
import type { Effect } from '../../engine/simulation/effect.ts';
import { allSteps } from '../../engine/simulation/outline.ts';
import { simulate as simulateRun } from '../../engine/simulation/simulate.ts';
import type { Simulation } from '../../engine/simulation/simulation.ts';
import type { Json, Plan } from '../../language/plan.ts';
import { readYaml } from '../../language/yaml-text.ts';
import type { Facts } from '../../policy/policy.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { countedNames } from '../fold.ts';
import { judgeBy } from '../judge.ts';
import { loadPlan } from '../load-plan.ts';
import { columns, jsonText, paint, safeText } from '../output.ts';
import { readTextFile, type TextFile } from '../playbook-files.ts';
import { policyGround } from '../policy-ground.ts';
import { type JsonMap, type Start, startByAlert, startByHand } from '../starting.ts';
import { asLines, timelineText } from '../timeline.ts';

interface Options {
  readonly alert?: string;
  readonly sample?: string;
  readonly inputs?: string;
  readonly approve?: boolean;
  readonly policy?: string | boolean;
  readonly entities?: string;
  readonly mode: Facts['mode'];
}

export const simulate: Register = (program, action) => {
  program
    .command('simulate')
    .summary('show what a playbook would do with an alert')
    .description(
      'Runs one playbook in simulated time: products answer as usual, and people are silent, so that approvals expire and questions get their `else`. Nothing real is touched. Many alike lines are told as one with a count; `--json` has all. Exits with 1 when the playbook does not start, its run fails, or it does not end by itself.',
    )
    .argument('<playbook>', 'a playbook file or its folder')
    .option('--alert <file>', 'a plain alert, as JSON or YAML')
    .option('--sample <name>', 'a sample alert: travel, malware, phishing, domain-controller')
    .option('--inputs <file>', 'start it by hand with these inputs, as JSON or YAML')
    .option('--approve', 'people approve at once whatever they are asked')
    .option('--policy <file>', 'ask this policy, too; default: the one that cordon.yaml names')
    .option('--no-policy', 'ask no policy, though cordon.yaml names one')
    .option('--entities <file>', "the inventory that policy's rules look into; default: the one that cordon.yaml names")
    .addOption(new Option('--mode <mode>', 'as if the playbook were published so').choices(['act', 'ask', 'observe']).default('act'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon simulate playbooks/malware-on-host --sample malware --approve\n  $ cordon simulate playbooks/malware-on-host --alert alert.json --json\n  $ cordon simulate playbooks/malware-on-host --sample domain-controller --policy policy.yaml --entities entities.yaml',
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
  const ground = policyGround(context, options);
  const script = { answers: {}, people: [], ...(options.approve ? { areWilling: true } : {}) };
  const judge = ground && judgeBy({ ...ground, mode: options.mode, severityId: start.given.run.severity_id });
  const simulation = simulateRun(plan, start.given, script, judge);
  const { why } = start;
  if (context.json) context.out(jsonText({ started: true, why, policy: ground?.file ?? null, inputs: start.given.inputs, ...simulation }));
  else print(context, plan, { why, inputs: start.given.inputs, policy: ground?.file }, simulation);
  return simulation.finish && simulation.finish.state !== 'failed' ? EXIT.yes : EXIT.no;
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

interface Ground {
  readonly why: string;
  readonly inputs: JsonMap;
  readonly policy: string | undefined;
}

function print(context: Context, plan: Plan, { why, inputs, policy }: Ground, simulation: Simulation): void {
  const colour = paint(context.colour);
  const { finish, endMs, held } = simulation;
  context.out(`${colour.bold(safeText(plan.playbook))}  ${safeText(why)}\n`);
  const given = Object.entries(inputs).filter(([, value]) => value !== null);
  if (given.length > 0) context.out(colour.dim(`with ${safeText(given.map(([name, value]) => `${name} ${inShort(value)}`).join(', '))}\n`));
  context.out(timelineText(asLines(simulation), colour, '  '));
  const because = finish?.error
    ? `: ${finish.error.step ?? ''} ${finish.error.message} (${finish.error.code})`
    : finish?.message
      ? `: ${finish.message}`
      : '';
  if (finish) context.out(`${safeText(`ends as ${finish.outcome} after ${durationText(endMs)}${because}`)}\n`);
  else
    context.out(
      colour.yellow(
        `${safeText(`warning: does not end by itself: given up ${durationText(endMs)} after its start. ${roundAndRound(plan, simulation)}`)}\n`,
      ),
    );
  context.out(`still held: ${held.length > 0 ? safeText(heldWords(held)) : 'nothing'}\n`);
  context.out(policyText(simulation, policy));
}

/** Effects that are named one by one. */
const NAMED = 10;

const heldWords = (held: readonly Effect[]): string =>
  held.length > NAMED ? countedNames(held.map(({ step }) => step)) : held.map(effectWords).join(', ');

/** Where most of it went: what happened most often. */
function roundAndRound(plan: Plan, { happenings, problems }: Simulation): string {
  const counts = new Map<string, number>();
  for (const { step } of happenings) counts.set(step, (counts.get(step) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  const step = most && allSteps(plan).find(({ id }) => id === most[0]);
  return step && most ? `It goes round through \`${step.id}\` (line ${step.line}), so far ${most[1]} times` : problems.join('; ');
}

/** What policy said of each effect, by which rule; reads are left out where it has nothing against them. */
function policyText({ happenings }: Simulation, file: string | undefined): string {
  if (file === undefined) return 'policy: none was asked (--policy <file>); in production one is, and it can ask more people, or refuse\n';
  const said = new Map(happenings.flatMap((one) => (one.policy ? [[one.step, one] as const] : [])));
  const rows = [...said.values()].flatMap(({ step, verb, target, policy }) =>
    !policy || (policy.effect === 'allow' && policy.rule === 'default')
      ? []
      : [
          [
            `  ${policy.effect === 'ask' ? 'asks' : policy.effect === 'deny' ? 'refuses' : 'allows'}`,
            safeText([step, verb, target ?? ''].join(' ')),
            safeText(`${policy.rule}: ${policy.reason}`),
          ],
        ],
  );
  return `policy ${safeText(file)}:${rows.length === 0 ? ' has nothing against it' : ''}\n${columns(rows)}`;
}

/** A thing by its name, else its shape: enough to know it again. */
function inShort(value: Json): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `${value.length} items`;
  const members = new Map(Object.entries(value));
  const name = members.get('name') ?? members.get('subject') ?? members.get('id');
  return typeof name === 'string' ? name : '{…}';
}
