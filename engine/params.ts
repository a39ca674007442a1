// The parameters of an effect, rendered and checked for the one thing that must never happen: acting on nothing, or on more than was meant.
import type { DoStep, Json, Template } from '../language/plan.ts';
import { type Param, type ParamType, VERBS, type Verb } from '../language/verbs.ts';
import type { PerformItem } from './command.ts';
import { type EngineErrorCode, engineError, type StepError } from './errors.ts';
import { keyOf } from './keys.ts';
import { type Rendered, renderText, renderValue } from './render.ts';
import type { Run, Scope } from './run.ts';

const verbOf = (name: string): Verb | undefined => (Object.hasOwn(VERBS, name) ? VERBS[name] : undefined);

/** Everything about the effect that can be known before it is done. */
export function renderItem(run: Run, step: DoStep, scope: Scope): Rendered<PerformItem> {
  const verb = verbOf(step.verb);
  if (!verb) return failed('VERB_UNKNOWN', `do: there is no verb ${step.verb}`);
  const given: [string, Json][] = [];
  for (const [name, template] of Object.entries(step.with)) {
    const rendered = renderValue(run, scope, template, `with.${name}`);
    if (!rendered.ok) return rendered;
    if (name === verb.target && hasHole(run, scope, template)) return failed('TARGET_MISSING', `with.${name}: ${HOLE_TEXT}`);
    // An optional parameter without a value is left out, as if it had not been written.
    if (rendered.value !== null) given.push([name, rendered.value]);
  }
  const params = Object.fromEntries(given);
  const error = checkParams(verb, params);
  if (error) return { ok: false, error };
  const why = step.why === undefined ? undefined : renderText(run, scope, step.why, 'why');
  if (why && !why.ok) return why;
  const value: PerformItem = {
    key: keyOf(step.id, scope.suffix),
    id: step.id,
    verb: step.verb,
    ...(step.via === undefined ? {} : { via: step.via }),
    params,
    ...(step.hold === undefined ? {} : { hold: step.hold }),
    ...(why === undefined ? {} : { why: why.value }),
  };
  return { ok: true, value };
}

const HOLE_TEXT = 'a part of the text has no value, so it would name something else than was meant';

/** A text that a part without a value makes another name of: `wks-null` is nobody's host, until somebody has one. */
function hasHole(run: Run, scope: Scope, template: Template): boolean {
  if ('list' in template) return template.list.some((one) => hasHole(run, scope, one));
  if ('map' in template) return Object.values(template.map).some((one) => hasHole(run, scope, one));
  if (!('text' in template)) return false;
  return template.text.some((part) => {
    if (typeof part === 'string') return false;
    const rendered = renderValue(run, scope, part, '');
    return rendered.ok && (rendered.value === null || rendered.value === '');
  });
}

function checkParams(verb: Verb, params: Readonly<Record<string, Json>>): StepError | undefined {
  for (const [name, param] of Object.entries(verb.params)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (name === verb.target) {
      const code = checkTarget(value, param);
      if (code) return engineError(code, `with.${name}: ${TARGET_TEXT[code]}`);
    } else if (value === undefined && !param.optional) {
      return engineError('PARAM_MISSING', `with.${name}: has no value, and ${verb.title.toLowerCase()} needs one`);
    }
  }
  return undefined;
}

type TargetError = Extract<EngineErrorCode, `TARGET_${string}`>;

const TARGET_TEXT: Readonly<Record<TargetError, string>> = {
  TARGET_MISSING: 'is empty, so there is nothing to act on',
  TARGET_AMBIGUOUS: 'is a list, and one target is expected',
  TARGET_INVALID: 'is neither text nor an entity',
};

/** Nothing, or why this is no target. Which entity it is, the connector finds out; text is looked up exactly. */
function checkTarget(value: Json | undefined, param: Param): TargetError | undefined {
  if (value === undefined || value === null) return 'TARGET_MISSING';
  if (isList(value)) {
    if (value.length === 0) return 'TARGET_MISSING';
    if (!param.list) return 'TARGET_AMBIGUOUS';
    return value.map((one) => checkOne(one, param)).find((code) => code !== undefined);
  }
  return checkOne(value, param);
}

/** What names an entity of each type. Without a value in one of these it is nobody: `{ id: "", name: " " }` is no target. */
const NAMED_BY: Readonly<Partial<Record<ParamType, readonly string[]>>> = {
  user: ['id', 'name', 'email'],
  host: ['id', 'name', 'ip'],
  file: ['sha256', 'name'],
  message: ['id', 'from', 'subject'],
  ticket: ['id', 'url'],
};

function checkOne(value: Json, param: Param): TargetError | undefined {
  if (value === null) return 'TARGET_MISSING';
  if (typeof value === 'string') return value.trim() === '' ? 'TARGET_MISSING' : undefined;
  if (isList(value)) return 'TARGET_AMBIGUOUS';
  const names = NAMED_BY[param.type];
  if (typeof value !== 'object' || !names) return 'TARGET_INVALID';
  return names.some((name) => Object.hasOwn(value, name) && isName(value[name])) ? undefined : 'TARGET_MISSING';
}

const isName = (value: Json | undefined): boolean => (typeof value === 'string' && value.trim() !== '') || typeof value === 'number';

// Array.isArray does not narrow readonly arrays.
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const failed = (code: EngineErrorCode, message: string): { readonly ok: false; readonly error: StepError } => ({
  ok: false,
  error: engineError(code, message),
});
