// Verbs and their parameters: that they exist, that what must be there is there, and that a written-out value fits.

import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { DoStep, Json, Step } from '../plan.ts';
import { pathKey } from '../report.ts';
import { VERB_SLIPS } from '../schema/slips.ts';
import type { Written } from '../steps/read-steps.ts';
import { type Param, VERBS, type Verb } from '../verbs.ts';
import type { Path } from '../yaml-text.ts';
import { checkCallInputs } from './calls.ts';
import { checkGiven, type Declared } from './given.ts';
import { checkList } from './lists.ts';
import { knownAfter } from './optional-inputs.ts';
import { followUpsOf, listsOf, outputsOf } from './step-facts.ts';

interface Context extends Declared {
  readonly written: ReadonlyMap<Step, Written>;
}

/** `asked`: inputs that a guard around has asked for. */
export function checkVerbs(context: Context, steps: readonly Step[], asked: ReadonlySet<string> = new Set()): void {
  let known = asked;
  for (const step of steps) {
    const inside = new Set([...known, ...askedInputs(context, step)]);
    const given = knownAfter(context.written.get(step), step);
    if (given.length > 0) known = new Set([...known, ...given]);
    if (step.kind === 'do') checkDo(context, step, inside);
    else if (!isBroken(context, step)) checkDefault(context, step);
    checkList(context, step, inside);
    if (step.kind === 'call') checkCallInputs(context, step, inside);
    for (const list of [...listsOf(step), ...followUpsOf(step)]) checkVerbs(context, list, inside);
  }
}

function askedInputs(context: Context, step: Step): readonly string[] {
  const guards = (context.written.get(step)?.uses ?? []).filter((use) => use.role === 'guard' || use.role === 'condition');
  return guards.flatMap((use) => {
    const { parsed } = use;
    return parsed.ok ? parsed.expression.reads.filter((read) => read.root === 'inputs').flatMap((read) => read.path.slice(0, 1)) : [];
  });
}

/** What it leaves behind is not known. */
const isBroken = ({ broken }: Context, step: Step): boolean => broken.has(step.id);

function checkDefault(context: Context, step: Step): void {
  const known = outputsOf(step);
  for (const name of Object.keys(step.default ?? {})) {
    if (known.includes(name)) continue;
    const path = context.written.get(step)?.path ?? [];
    const hint = () =>
      didYouMean(name, known) ?? (known.length > 0 ? `its results are ${known.join(', ')}` : 'it has no results of its own');
    context.report('RESULT_UNKNOWN', [...path, 'default', name], `the step has no result \`${name}\``, { part: 'key', hint });
  }
}

function checkDo(context: Context, step: DoStep, asked: ReadonlySet<string>): void {
  const path = context.written.get(step)?.path ?? [];
  const verb = own(VERBS, step.verb);
  if (!verb) {
    const hint = () =>
      own(VERB_SLIPS, step.verb) ?? didYouMean(step.verb, Object.keys(VERBS)) ?? `there are ${Object.keys(VERBS).join(', ')}`;
    context.report('VERB_UNKNOWN', [...path, 'do'], `there is no verb \`${step.verb}\``, { hint });
    return;
  }
  checkDefault(context, step);
  for (const name of Object.keys(step.with)) {
    if (Object.hasOwn(verb.params, name)) continue;
    const hint = () => didYouMean(name, Object.keys(verb.params)) ?? `it takes ${Object.keys(verb.params).join(', ')}`;
    context.report('PARAMETER_UNKNOWN', [...path, 'with', name], `\`${step.verb}\` takes no \`${name}\``, { part: 'key', hint });
  }
  for (const [name, param] of Object.entries(verb.params)) checkParameter({ context, step, verb, path, asked }, name, param);
}

interface DoContext {
  readonly context: Context;
  readonly step: DoStep;
  readonly verb: Verb;
  readonly path: Path;
  readonly asked: ReadonlySet<string>;
}

function checkParameter({ context, step, verb, path, asked }: DoContext, name: string, param: Param): void {
  const value = Object.hasOwn(step.with, name) ? step.with[name] : undefined;
  const at = [...path, 'with', name];
  if (!value) {
    if (!param.optional && context.written.get(step)?.keys.includes(name) !== true)
      context.report('PARAMETER_MISSING', [...path, 'do'], `\`${step.verb}\` needs \`${name}\`: ${param.description}`);
    return;
  }
  const wanted = { name, type: param.type, list: param.list === true, isNeeded: !param.optional, by: step.verb };
  if (checkGiven(context, at, wanted, value, asked) && 'lit' in value) checkChoice(context, at, name, param, value.lit);
  if ('text' in value && name === verb.target) checkParts(context, step, at, asked);
}

function checkChoice({ report }: Context, at: Path, name: string, { choices }: Param, value: Json): void {
  if (!choices || typeof value !== 'string' || choices.includes(value)) return;
  report('PARAMETER_TYPE', at, `\`${name}\` must be ${choices.join(', ')}`, { hint: () => didYouMean(value, choices) });
}

/** `wks-${{ inputs.number }}` without a number is another host's name, or nobody's: the step fails then. */
function checkParts({ report, written, inputs }: Context, step: DoStep, at: Path, asked: ReadonlySet<string>): void {
  for (const { source, path, offset } of written.get(step)?.uses ?? []) {
    const name = pathKey(path) === pathKey(at) ? /^inputs\.(\w+)$/.exec(source)?.[1] : undefined;
    const input = name === undefined ? undefined : own(inputs, name);
    if (name === undefined || !input?.optional || input.default !== undefined || asked.has(name)) continue;
    report(
      'INPUT_MAYBE_NULL',
      at,
      `\`inputs.${name}\` may be missing, and then the text names nothing that \`${step.verb}\` could act on`,
      {
        offset,
        hint: `guard the step: when: inputs.${name} != null`,
      },
    );
  }
}
