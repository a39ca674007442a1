// The functions of expressions: one table, one row each. Checks, completion, the reference page and the evaluator read it.
// To add one: a row with code in a file beside this, with an example that a test runs; then npm run docs.
import { type CelFunc, CelScalar, type CelType, celFunc } from '@bufbuild/cel';
import type { Budget } from '../budget.ts';
import { CEL_ROWS } from './cel-rows.ts';
import { DATA_ROWS } from './data.ts';
import { DATE_ROWS } from './dates.ts';
import { LIST_ROWS } from './lists.ts';
import { NETWORK_ROWS } from './network.ts';
import { NUMBER_ROWS } from './numbers.ts';
import { arityOf, type FunctionRow, given } from './row.ts';
import { TEXT_ROWS } from './text.ts';
import { THING_ROWS } from './things.ts';

export const FUNCTIONS: readonly FunctionRow[] = [
  ...CEL_ROWS,
  ...LIST_ROWS,
  ...THING_ROWS,
  ...TEXT_ROWS,
  ...NUMBER_ROWS,
  ...NETWORK_ROWS,
  ...DATE_ROWS,
  ...DATA_ROWS,
];

const BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(FUNCTIONS.map((row) => [row.name, row]));

export const findFunction = (name: string): FunctionRow | undefined => BY_NAME.get(name);

/** The overloads of a row with code, one for each number of arguments; none for CEL's own. */
export function tableFunctions(row: FunctionRow, budget: Budget): CelFunc[] {
  const call = row.call;
  if (!call) return [];
  const { least, most } = arityOf(row);
  return Array.from({ length: most - least + 1 }, (_, more) =>
    celFunc(row.name, Array<CelType>(least + more).fill(CelScalar.DYN), CelScalar.DYN, (...args) => call(given(row, args), budget)),
  );
}
