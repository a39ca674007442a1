// What expressions see: inputs, steps, run, vars, the loops' variables, and alert where the run has one.
import type { Roots } from '../language/cel.ts';
import type { Json } from '../language/plan.ts';
import type { StepResult } from './command.ts';
import { encloses, idOf, suffixOf } from './keys.ts';
import type { Run, Scope } from './run.ts';

type Names = Record<string, unknown>;
// Without a prototype: names that are not there must not be found on Object.
const names = (): Names => Object.create(null);

export function rootsOf(run: Run, scope: Scope): Roots {
  const roots = names();
  Object.assign(roots, scope.bindings);
  roots.inputs = inputsOf(run);
  // Most expressions do not read results; building the view of all of them is the costly part.
  Object.defineProperty(roots, 'steps', { enumerable: true, get: () => stepsOf(run, scope.suffix) });
  roots.run = run.given.run;
  roots.vars = run.vars;
  if (run.given.alert !== undefined) roots.alert = run.given.alert;
  return roots;
}

/** Every declared input is there: `inputs.ip != null` is how a playbook asks whether it was given. */
function inputsOf(run: Run): Names {
  const inputs = names();
  for (const [name, input] of Object.entries(run.plan.inputs)) inputs[name] = input.default ?? null;
  for (const [name, value] of Object.entries(run.given.inputs)) if (value !== null) inputs[name] = value;
  return inputs;
}

function stepsOf(run: Run, suffix: string): Readonly<Names> {
  if (run.roots?.changes === run.changes && run.roots.suffix === suffix) return run.roots.steps;
  const steps = names();
  const nearest: Record<string, number> = Object.create(null);
  for (const [key, result] of Object.entries(run.results)) {
    const own = suffixOf(key);
    const id = idOf(key);
    // Within a loop its own turn is seen, and what is outside; never another turn's.
    if (!encloses(own, suffix) || own.length < (nearest[id] ?? 0)) continue;
    nearest[id] = own.length;
    steps[id] = resultView(result);
  }
  run.roots = { suffix, changes: run.changes, steps };
  return steps;
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
  if (result.counts) view.counts = result.counts;
  return view;
}
