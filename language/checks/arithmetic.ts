// Operators over kinds that do not go together, as far as declarations say them: text and a number, a division by nothing.
import type { Kind } from '../cel/functions/row.ts';
import type { Arithmetic, Comparison, Expression, Side } from '../cel.ts';
import type { Use } from '../steps/read-steps.ts';
import type { Names } from './expression.ts';
import { kindOfRead } from './kinds.ts';

/** What a sum of two kinds is compared with is no second fault. */
export function checkOperators(names: Names, use: Use, { arithmetic, comparisons }: Expression): void {
  const faults = arithmetic.filter((one) => checkArithmetic(names, use, one));
  if (faults.length === 0) for (const comparison of comparisons) checkSameKind(names, use, comparison);
}

/** True where a fault was told. */
function checkArithmetic(names: Names, use: Use, { operator, left, right, offset }: Arithmetic): boolean {
  const tell = (message: string, hint: string): true => {
    names.report('EXPRESSION_TYPE', use.path, message, { offset: use.offset + offset, hint });
    return true;
  };
  if ((operator === '/' || operator === '%') && 'other' in right && right.isZero) {
    return tell(`\`${operator}\` divides by zero`, 'nothing can be divided by zero');
  }
  if (operator === '/' && 'other' in left && left.isWhole && 'other' in right && right.isWhole) {
    names.report('DIVISION_WHOLE', use.path, 'both sides are whole numbers, which are divided without the rest: 2 / 3 is 0', {
      offset: use.offset + offset,
    });
    return false;
  }
  const kinds = [left, right].map((side) => kindOfSide(names, side));
  const known = kinds.filter((kind) => kind !== undefined);
  const isSum = operator === '+' && known.every((kind) => kind === known[0] && SUMMED.includes(kind));
  if (isSum || known.every((kind) => kind === 'number')) return false;
  const [a = 'something', b = 'something'] = kinds;
  const mixed = operator === '+' && kinds.includes('text') && kinds.includes('number');
  return tell(
    `\`${operator}\` does not take ${a} and ${b}`,
    mixed ? 'make text of the number: string(…), or write text with several ${' + '{ }} in it' : HINTS[operator],
  );
}

const SUMMED: readonly (Kind | undefined)[] = ['number', 'text', 'list'];
const HINTS: Readonly<Record<Arithmetic['operator'], string>> = {
  '+': 'it adds two numbers, two texts or two lists',
  '-': 'it takes two numbers; for dates there are date_add() and date_diff()',
  '*': 'it takes two numbers',
  '/': 'it takes two numbers',
  '%': 'it takes two numbers',
};

/** `<` and its like over two kinds fail in the run; `==` over two kinds is never true. */
function checkSameKind(names: Names, use: Use, { operator, left, right, offset }: Comparison): void {
  const a = kindOfSide(names, left);
  const b = kindOfSide(names, right);
  if (a === undefined || b === undefined || a === b || a === 'null' || b === 'null') return;
  const isEquality = operator === '==' || operator === '!=';
  // A text on one side has words of its own, in which the members are named.
  if (isEquality && (('text' in left && 'read' in right) || ('text' in right && 'read' in left))) return;
  const at = { offset: use.offset + offset, hint: 'compare it with a value of its kind' };
  if (isEquality) names.report('CHOICE_UNKNOWN', use.path, `${a} is never equal to ${b}`, at);
  else names.report('EXPRESSION_TYPE', use.path, `\`${operator}\` does not take ${a} and ${b}`, at);
}

function kindOfSide(names: Names, side: Side): Kind | undefined {
  if ('read' in side) return kindOfRead(names, side.read);
  return 'text' in side ? 'text' : side.kind;
}
