// Inputs that may be missing, where an expression cannot do without them.
import type { Expression } from '../cel.ts';
import type { Use } from '../steps/read-steps.ts';
import type { Names } from './expression.ts';

/** Inputs that are compared as a whole, or asked for with has(): `inputs.user != null && inputs.user.name == …`. */
export function askedInputs({ reads, comparisons }: Expression): readonly string[] {
  const compared = comparisons.flatMap(({ left, right }) => [left, right].flatMap((side) => ('read' in side ? [side.read] : [])));
  return [...reads.filter((read) => read.asked === 'has'), ...compared.filter((read) => read.path.length === 1)].flatMap((read) =>
    read.root === 'inputs' ? [`inputs.${read.path[0]}`] : [],
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
