// Playbook text to checked plan. Stages: YAML with places, shape, steps and triggers, then what only the whole can tell. Every fault in one run; never throws.
import type { Rule } from '../policy/policy.ts';
import { canonicalJson } from './canonical.ts';
import { checkApprovals } from './checks/approvals.ts';
import { checkCalls, checkOutputs } from './checks/calls.ts';
import { withoutFollowUps } from './checks/damage.ts';
import type { Names } from './checks/expression.ts';
import { checkFlow } from './checks/flow.ts';
import { checkPolicy } from './checks/policy.ts';
import { allSteps, listsOf } from './checks/step-facts.ts';
import { checkStrayTemplates } from './checks/stray-templates.ts';
import { askedByTriggers, checkTargets } from './checks/targets.ts';
import { checkText, checkTexts } from './checks/texts.ts';
import { checkInputDefaults, checkTriggers } from './checks/triggers.ts';
import { checkUndo } from './checks/undo.ts';
import { checkVerbs } from './checks/verbs.ts';
import { type Diagnostic, isClean } from './diagnostics.ts';
import { UNSURE_TYPE } from './inputs.ts';
import type { Library } from './library.ts';
import type { Input, Json, Plan, Step } from './plan.ts';
import { readOutputs, type WrittenOutputs } from './read-outputs.ts';
import { readTriggers, type WrittenTrigger } from './read-triggers.ts';
import { createReporter, type Reporter } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { type PlaybookText, playbook as playbookSchema } from './schema/playbook.ts';
import { salvage } from './schema/salvage.ts';
import { readSteps, type StepsText } from './steps/read-steps.ts';
import { readYaml, readYamlRest, type YamlText } from './yaml-text.ts';

export interface PlaybookReading {
  /** Absent when there is an error; warnings leave it in place. */
  readonly plan?: Plan;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the plan's digest is taken over (canonical JSON); empty without a plan. */
  readonly digestInput: string;
}

/** `file` is how diagnostics name it. With the rules of a policy, also what it would ask or deny. */
export function readPlaybook(text: string, file: string, rules?: readonly Rule[], library?: Library): PlaybookReading {
  const reading = readYaml(text, file);
  if (!reading.yaml) return { diagnostics: diagnoseRest(text, file, reading.diagnostics, rules, library), digestInput: '' };
  const reporter = createReporter(reading.yaml, file, reading.diagnostics);
  const plan = readPlan(reading.yaml, reporter, rules, library);
  const diagnostics = reporter.list();
  if (!plan || !isClean(diagnostics)) return { diagnostics, digestInput: '' };
  return {
    plan,
    diagnostics,
    // Made when it is asked for: who only checks does not want it.
    get digestInput() {
      return canonicalJson(plan);
    },
  };
}

/** What is wrong in the rest of a text that is no YAML, beside that. */
function diagnoseRest(
  text: string,
  file: string,
  told: readonly Diagnostic[],
  rules: readonly Rule[] | undefined,
  library: Library | undefined,
): readonly Diagnostic[] {
  const rest = readYamlRest(text, file, told);
  if (!rest) return told;
  const reporter = createReporter(rest.yaml, file, rest.diagnostics);
  readPlan(rest.yaml, reporter, rules, library);
  return withoutFollowUps(reporter.list(), rest.damage);
}

function readPlan(
  yaml: YamlText,
  { report, hush }: Reporter,
  rules: readonly Rule[] | undefined,
  library: Library | undefined,
): Plan | undefined {
  const raw = yaml.value;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report('VALUE_TYPE', [], 'a playbook must be a map', { hint: 'it begins: playbook: a-name' });
    return undefined;
  }
  // Narrowed above; Array.isArray does not take readonly arrays away.
  const record = raw as Readonly<Record<string, Json>>;
  const shape = playbookSchema.safeParse(record);
  if (!shape.success)
    reportIssues(report, shape.error.issues, record, [], {
      keys: Object.keys(playbookSchema.shape),
      schema: playbookSchema,
      instead: INSTEAD,
    });
  const salvaged = shape.success ? { value: shape.data, standIns: [] } : salvage(playbookSchema, record);
  const context: StepsText = {
    report,
    hush,
    lineOf: (path) => yaml.place(path).line,
    written: new Map(),
    ids: new Map(),
    broken: new Set(),
    unread: [],
    count: 0,
    playbook: salvaged?.value.playbook ?? '',
    ...(library ? { library } : {}),
  };
  const steps = readSteps(context, record.steps, { path: ['steps'], mark: '', depth: 1 });
  const triggers = readTriggers(context, record.triggers);
  // Without its inputs or variables, every read of one would be told as a second fault.
  if (!salvaged || salvaged.standIns.some(([first, second]) => second === undefined && (first === 'inputs' || first === 'vars')))
    return undefined;
  const { value, standIns } = salvaged;
  for (const path of standIns) hush(path);
  const outputs = readOutputs(report, value.outputs);
  const unsure = new Set(standIns.flatMap(([first, name]) => (first === 'inputs' ? [String(name)] : [])));
  const plan = makePlan(value, steps, triggers, outputs, unsure);
  checkPlan(context, plan, { triggers, outputs, raw }, rules);
  return plan;
}

/** What people write elsewhere, and YAML 1.1 turned into `true`. */
const INSTEAD: Readonly<Record<string, string>> = {
  on: 'did you mean `triggers`?',
  true: 'did you mean `triggers`?',
  name: 'did you mean `playbook` (its name) or `title`?',
  id: 'did you mean `playbook`?',
  jobs: 'did you mean `steps`?',
  tasks: 'did you mean `steps`?',
  variables: 'did you mean `vars`?',
  author: 'did you mean `owner`?',
};

function makePlan(
  value: PlaybookText,
  steps: readonly Step[],
  triggers: readonly WrittenTrigger[],
  outputs: WrittenOutputs,
  unsure: ReadonlySet<string>,
): Plan {
  const labels = Object.entries(value.labels).map(([name, label]) => [name, typeof label === 'string' ? [label] : label]);
  const inputs = Object.entries(value.inputs).map(([name, input]) => {
    if (unsure.has(name)) return [name, UNSURE] as const;
    const { default: given, description, ...rest } = input;
    // Read from YAML, so plain JSON.
    return [
      name,
      { ...rest, ...(given === undefined ? {} : { default: given as Json }), ...(description === undefined ? {} : { description }) },
    ] as const;
  });
  return {
    format: 1,
    playbook: value.playbook,
    title: value.title,
    description: value.description ?? '',
    owner: value.owner,
    labels: Object.fromEntries(labels),
    inputs: Object.fromEntries(inputs),
    // Read from YAML, so plain JSON.
    vars: value.vars as Readonly<Record<string, Json>>,
    triggers: triggers.map(({ trigger }) => trigger),
    onFailure: value.on_failure,
    ...(Object.keys(outputs.outputs).length === 0 ? {} : { outputs: outputs.outputs }),
    steps,
  };
}

/** An input with a fault in its declaration: it fits everywhere, and no plan has it. */
const UNSURE: Input = { type: UNSURE_TYPE, list: false, optional: true, default: null };

interface Around {
  readonly raw: Json;
  readonly triggers: readonly WrittenTrigger[];
  readonly outputs: WrittenOutputs;
}

function checkPlan(context: StepsText, plan: Plan, { triggers, outputs, raw }: Around, rules: readonly Rule[] | undefined): void {
  const { report, written, broken } = context;
  const steps = [...allSteps(plan.steps)];
  const named = steps.filter((step) => step.named);
  const set = steps.flatMap((step) => (step.kind === 'set' ? Object.keys(step.vars) : []));
  const isAlwaysAlert = plan.triggers.every((trigger) => trigger.kind === 'alert');
  const names: Names = {
    report,
    roots: ['inputs', 'steps', 'run', 'vars', ...(isAlwaysAlert ? ['alert'] : [])],
    inputs: plan.inputs,
    steps: new Map(named.map((step) => [step.id, step])),
    looped: new Set(
      steps
        .filter((step) => step.kind === 'for_each')
        .flatMap((loop) => listsOf(loop).flatMap((list) => [...allSteps(list)].map(({ id }) => id))),
    ),
    broken,
    lists: new Map(),
    vars: new Set([...Object.keys(plan.vars), ...set]),
  };
  const withHush = { ...names, hush: context.hush };
  checkTexts(withHush, written, plan.steps);
  for (const { texts } of [...triggers, outputs]) for (const text of texts) checkText(withHush, text);
  checkInputDefaults(report, plan.inputs);
  checkTriggers(names, triggers);
  checkVerbs({ ...names, written }, plan.steps);
  checkApprovals({ report, written, broken }, plan.steps);
  checkFlow({ names, written }, plan.steps, Object.keys(plan.vars), outputs.uses);
  checkCalls({ report, written }, plan.steps);
  checkOutputs(names, plan.outputs ?? {});
  checkUndo({ report, written, broken }, plan);
  checkTargets({ report, written, inputs: plan.inputs }, plan.steps, askedByTriggers(triggers));
  const read = [...written.values(), ...triggers, outputs];
  const rendered = read.flatMap(({ uses, texts }) => [...uses, ...texts].map(({ path }) => path));
  checkStrayTemplates(report, raw, { rendered, unread: context.unread });
  if (rules) checkPolicy({ report, written }, plan.steps, rules);
}
