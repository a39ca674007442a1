// The net under the words of a comparison: where two plans differ, whatever it is.

import { canonicalJson } from '../canonical.ts';
import type { Plan } from '../plan.ts';

/** Paths named to the reader; the rest is counted. */
const MAX_PATHS = 8;

/** "steps[2].else, vars.who"; undefined where nothing but places and texts for people differ. */
export function untoldPaths(before: Plan, after: Plan): string | undefined {
  const paths = [...differing(essence(before), essence(after), '')];
  if (paths.length === 0) return undefined;
  const more = paths.length > MAX_PATHS ? ` and ${paths.length - MAX_PATHS} more` : '';
  return `${paths.slice(0, MAX_PATHS).join(', ')}${more}`;
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The plan without titles, descriptions, notes, places, and ids that are made from places. */
function essence({ title: _title, description: _description, inputs, outputs, steps, ...plan }: Plan): Members {
  return { ...plan, inputs: undescribed(inputs), outputs: undescribed(outputs), steps: ofSteps(steps) };
}

/** Steps are told from data by where they are: data that looks like a step is left as it is. */
function ofStep({ line: _line, note: _note, id, ...members }: Members): Members {
  const inner = Object.entries(members).map(([name, value]): readonly [string, unknown] => {
    if (name === 'callee' && isMembers(value))
      return [name, { ...value, inputs: undescribed(value.inputs), outputs: undescribed(value.outputs), steps: ofSteps(value.steps) }];
    if (name === 'cases' && Array.isArray(value))
      return [name, value.map((one: unknown) => (isMembers(one) ? { ...one, steps: ofSteps(one.steps) } : one))];
    if (name === 'branches' && Array.isArray(value)) return [name, value.map(ofSteps)];
    return [name, LISTS.includes(name) ? ofSteps(value) : value];
  });
  return { ...Object.fromEntries(inner), ...(members.named === true ? { id } : {}) };
}

/** Members that may be lists of steps. A question's `else` is none: it is a word or a map. */
const LISTS: readonly string[] = ['steps', 'then', 'else', 'onError', 'onDenied'];
const ofSteps = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => (isMembers(one) ? ofStep(one) : one)) : value;
const undescribed = (value: unknown): unknown =>
  isMembers(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, isMembers(one) ? { ...one, description: undefined } : one]))
    : value;

function* differing(a: unknown, b: unknown, path: string): Generator<string> {
  if (canonicalJson(a) === canonicalJson(b)) return;
  if (isMembers(a) && isMembers(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* differing(a[name], b[name], path === '' ? name : `${path}.${name}`);
  } else if (Array.isArray(a) && Array.isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index += 1) yield* differing(a[index], b[index], `${path}[${index}]`);
  } else yield path;
}
