// What is added to CEL's operators: arithmetic over mixed numbers, bounded sums, strict conversions of text, and the inner functions that `fence.ts` puts in.
import { type CelFunc, type CelInput, type CelList, CelScalar, celFunc, celList, listType } from '@bufbuild/cel';
import { type Budget, MAX_LIST, MAX_MATCHED_TEXT, shorten, weigh } from './budget.ts';
import { raise } from './failure.ts';
import { FUNCTIONS, tableFunctions } from './functions/functions.ts';
import { numberConversions } from './number-text.ts';

/** Everything that is added to CEL's own: the table's code, arithmetic over mixed numbers, bounds, text as numbers, and the inner functions of `fence.ts`. */
export function ownFunctions(budget: Budget): CelFunc[] {
  return [
    ...FUNCTIONS.flatMap((row) => tableFunctions(row, budget)),
    ...mixedArithmetic(),
    ...boundedSums(),
    ...numberConversions(),
    ...fences(budget),
  ];
}

// Numbers of JSON data are doubles, those in an expression's text are ints; authors mean numbers.
function mixedArithmetic(): CelFunc[] {
  const { INT, DOUBLE } = CelScalar;
  const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
    '_+_': (a, b) => a + b,
    '_-_': (a, b) => a - b,
    '_*_': (a, b) => a * b,
    '_/_': (a, b) => (b === 0 ? raise('EXPRESSION_FAILED', 'divides by zero') : a / b),
    '_%_': (a, b) => (b === 0 ? raise('EXPRESSION_FAILED', 'divides by zero') : a % b),
  };
  return Object.entries(operators).flatMap(([name, f]) => [
    celFunc(name, [INT, DOUBLE], DOUBLE, (a, b) => f(Number(a), b)),
    celFunc(name, [DOUBLE, INT], DOUBLE, (a, b) => f(a, Number(b))),
    celFunc(name, [DOUBLE, DOUBLE], DOUBLE, f),
  ]);
}

// In place of CEL's own, which let a short expression build hundreds of megabytes.
function boundedSums(): CelFunc[] {
  const list = listType(CelScalar.DYN);
  return [
    celFunc('_+_', [CelScalar.STRING, CelScalar.STRING], CelScalar.STRING, (a, b) => shorten(a + b)),
    celFunc('_+_', [list, list], list, (a, b) => {
      if (a.size + b.size > MAX_LIST) raise('EXPRESSION_SIZE', `builds a list of more than ${MAX_LIST} members`);
      return [...a, ...b];
    }),
  ];
}

// `@` cannot be written in an expression, so authors cannot call these.
function fences(budget: Budget): CelFunc[] {
  const { DYN, BOOL } = CelScalar;
  return [
    celFunc('@weigh', [DYN], DYN, (value) => weigh(budget, value)),
    celFunc('@round', [], BOOL, () => {
      budget.spend(1);
      return true;
    }),
    celFunc('@text', [DYN], DYN, (value) => {
      if (typeof value === 'string' && value.length > MAX_MATCHED_TEXT)
        raise('EXPRESSION_SIZE', `matches() looks through more than ${MAX_MATCHED_TEXT} characters`);
      return weigh(budget, value);
    }),
    appending(),
  ];
}

// What `map` and `filter` build is theirs alone until the loop ends, so it grows in place: CEL's own sum makes a loop over n members cost n².
function appending(): CelFunc {
  const list = listType(CelScalar.DYN);
  const growing = new WeakMap<CelList, CelInput[]>();
  return celFunc('@append', [list, list], list, (built, more) => {
    const members = growing.get(built);
    if (members) {
      members.push(...more);
      return built;
    }
    const fresh: CelInput[] = [...built, ...more];
    const result = celList(fresh);
    growing.set(result, fresh);
    return result;
  });
}
