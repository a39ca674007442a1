// Inputs that may be missing, where an expression cannot do without them.
import type { Expression, Side } from '../cel.ts';
import type { Step } from '../plan.ts';
import type { Use, Written } from '../steps/read-steps.ts';
import type { Names } from './expression.ts';
import { goesPast } from './step-facts.ts';

/** Inputs that are compared as a whole, or asked for with has(): `inputs.user != null && inputs.user.name == …`. */
export function askedInputs({ reads, comparisons }: Expression): readonly string[] {
  const compared = comparisons.flatMap(({ left, right }) => [left, right].flatMap((side) => ('read' in side ? [side.read] : [])));
  return [...reads.filter((read) => read.asked === 'has'), ...compared.filter((read) => read.path.length === 1)].flatMap((read) =>
    read.root === 'inputs' ? [`inputs.${read.path[0]}`] : [],
  );
}

/** Inputs without which the run has ended in this step: `when: inputs.user == null`, `stop`. */
export function knownAfter(written: Written | undefined, step: Step): readonly string[] {
  const past = goesPast(step);
  const uses = past ? (written?.uses ?? []).filter((use) => use.role === past.role) : [];
  return uses.flatMap(({ parsed }) => (past && parsed.ok ? inputsKnown(parsed.expression, past.holds) : []));
}

/** Inputs that are there for certain where the expression holds, or does not. */
function inputsKnown({ reads, comparisons, truths }: Expression, holds: boolean): readonly string[] {
  // One of several that are joined so says nothing for certain.
  if (truths.some(({ operator }) => operator === (holds ? '||' : '&&') || operator === '? :')) return [];
  // What is turned round as a whole says the opposite of what its parts say.
  if (truths.some(({ operator, side }) => operator === '!' && !('read' in side && side.read.asked === 'has'))) return [];
  const isNull = (side: Side) => 'other' in side && side.kind === 'null';
  const compared = comparisons.flatMap(({ operator, left, right }) => {
    if (operator !== (holds ? '!=' : '==')) return [];
    if ('read' in left && isNull(right)) return [left.read];
    return 'read' in right && isNull(left) ? [right.read] : [];
  });
  const denied = truths.flatMap(({ operator, side }) =>
    operator === '!' && 'read' in side && side.read.asked === 'has' ? [side.read] : [],
  );
  const asked = holds ? reads.filter((read) => read.asked === 'has' && denied.length === 0) : denied;
  return [...compared.filter(({ path }) => path.length === 1), ...asked].flatMap(({ root, path }) =>
    root === 'inputs' ? path.slice(0, 1) : [],
  );
}

/** What fails where an input is null: a member of it, and a function that does not take null. */
export function checkOptional(names: Names, use: Use, expression: Expression, asked: ReadonlySet<string>): void {
  const given = expression.arguments.filter(({ kinds }) => !kinds.includes('null')).map(({ read }) => read);
  const members = expression.reads.filter((read) => read.path.length > 1);
  for (const { root, path, asked: how, offset } of [...members, ...given]) {
    const [name = ''] = path;
    const input = root === 'inputs' && how === 'no' && Object.hasOwn(names.inputs, name) ? names.inputs[name] : undefined;
    if (!input?.optional || input.default !== undefined || asked.has(`inputs.${name}`)) continue;
    const what = path.length > 1 ? `it has no \`${path[1] === '[]' ? '[ ]' : path[1]}\` then` : 'the function does not take null';
    names.report('INPUT_MAYBE_NULL', use.path, `\`inputs.${name}\` may be missing, and ${what}`, {
      offset: use.offset + offset,
      hint: use.role === 'value' ? `guard the step: when: inputs.${name} != null` : `ask first: inputs.${name} != null && …`,
    });
  }
}
