// What expressions see: inputs, steps, run, vars, the loops' variables, and alert where the run has one.
import type { Roots } from '../language/cel.ts';
import type { Json, Template } from '../language/plan.ts';
import type { StepResult } from './command.ts';
import type { LoopFrame } from './frame.ts';
import { encloses, idOf, keyOf, suffixOf } from './keys.ts';
import type { Run, Scope } from './run.ts';

type Names = Record<string, unknown>;
// Without a prototype: names that are not there must not be found on Object.
const names = (): Names => Object.create(null);

export function rootsOf(run: Run, scope: Scope): Roots {
  const roots = names();
  Object.assign(roots, scope.bindings);
  roots.inputs = inputsOf(run, scope);
  roots.steps = stepsOf(run, scope);
  roots.run = run.given.run;
  roots.vars = callOf(run, scope)?.vars ?? run.vars;
  if (run.given.alert !== undefined) roots.alert = run.given.alert;
  return roots;
}

/** Every declared input is there: `inputs.ip != null` is how a playbook asks whether it was given. */
const callOf = (run: Run, { call }: Scope) => call && run.frames[call.key]?.call;

function inputsOf(run: Run, scope: Scope): Readonly<Names> {
  const call = callOf(run, scope);
  if (call) return call.inputs;
  const inputs = names();
  for (const [name, input] of Object.entries(run.plan.inputs)) inputs[name] = input.default ?? null;
  for (const [name, value] of Object.entries(run.given.inputs)) if (value !== null) inputs[name] = value;
  return inputs;
}

/** A list that stands in an input or a step's output as it is needs no second copy in a loop's frame. */
const PLAIN = /^(?:(inputs)\.(\w+)|(steps)\.(\w+)\.(\w+))$/;

type ListPlace = Extract<LoopFrame['list'], { readonly root: string }>;

export function placeOf(template: Template): ListPlace | undefined {
  const found = 'cel' in template ? PLAIN.exec(template.cel) : null;
  const [, inputs, input = '', steps, id = '', name = ''] = found ?? [];
  if (inputs !== undefined) return { root: 'inputs', path: [input] };
  return steps === undefined ? undefined : { root: 'steps', path: [id, name] };
}

/** What stands there, where it is a list; results and inputs never change. */
export function listAt(run: Run, scope: Scope, { root, path }: ListPlace): readonly Json[] | undefined {
  const [first = '', second = ''] = path;
  const found = root === 'inputs' ? inputsOf(run, scope)[first] : nearestResult(run, prefixOf(scope) + first, scope.suffix)?.[second];
  // A list within JSON.
  return Array.isArray(found) ? (found as readonly Json[]) : undefined;
}

/** Within a loop its own turn is seen, and what is outside; never another turn's. */
function nearestResult(run: Run, id: string, suffix: string): Readonly<Record<string, Json>> | undefined {
  const result = run.results[keyOf(id, suffix)];
  if (result) return resultView(result);
  return suffix === '' ? undefined : nearestResult(run, id, suffix.slice(0, suffix.lastIndexOf('#')));
}

const prefixOf = ({ call }: Scope): string => call?.prefix ?? '';

/** Looked up when it is read: a run may have thousands of results, and an expression reads one or two. */
function stepsOf(run: Run, scope: Scope): Readonly<Names> {
  const { suffix } = scope;
  const prefix = prefixOf(scope);
  // A dot stands in ids of called playbooks only: from outside, these have no results.
  const isOwn = (id: string) => !id.includes('.');
  const own = (id: string | symbol) => (typeof id === 'string' && isOwn(id) ? nearestResult(run, prefix + id, suffix) : undefined);
  return new Proxy(names(), {
    get: (_, id) => own(id),
    has: (_, id) => own(id) !== undefined,
    ownKeys: () => [
      ...new Set(
        Object.keys(run.results)
          .filter((key) => key.startsWith(prefix) && encloses(suffixOf(key), suffix))
          .map((key) => idOf(key).slice(prefix.length))
          .filter(isOwn),
      ),
    ],
    getOwnPropertyDescriptor: (_, id) => {
      const value = own(id);
      return value && { value, enumerable: true, configurable: true, writable: false };
    },
  });
}

/** The verb's outputs and the reserved names; these are always there, perhaps null, and win over an output of the same name. */
function resultView(result: StepResult): Readonly<Record<string, Json>> {
  const view: Record<string, Json> = Object.create(null);
  Object.assign(view, result.output);
  view.outcome = result.outcome;
  view.error = result.error ? { ...result.error } : null;
  view.answer = result.answer ?? null;
  view.by = result.by ?? null;
  view.at = result.at ?? null;
  if (result.rows) view.rows = result.rows;
  if (result.counts) view.counts = result.counts;
  return view;
}
