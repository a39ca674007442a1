// What one row of the table of functions says: arity, types, docs and completion, and the code. Rows stand in the files beside this one.
import { type CelInput, type CelMap, type CelValue, isCelList, isCelMap, isCelUint } from '@bufbuild/cel';
import type { Json } from '../../plan.ts';
import type { Budget } from '../budget.ts';
import { raise } from '../failure.ts';

export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'map' | 'null';

/**
 * What an argument may be: kinds with `|` between them, or `any`. `pattern` is text that is written out in the expression (a regular expression, checked with it);
 * `name` and `test` are the parts of a loop, which CEL takes unevaluated.
 */
export type Takes = Kind | 'any' | 'pattern' | 'name' | 'test' | 'list|map' | 'list|map|text' | 'number|text' | 'number|text|boolean';

export interface FunctionRow {
  readonly name: string;
  readonly group: 'lists and maps' | 'things' | 'loops' | 'text' | 'numbers' | 'network' | 'dates' | 'data' | 'conversions';
  /** Arguments by name, in order; a name with `?` at its end may be left out, from the last on. On the dot the first stands before it. */
  readonly takes: Readonly<Record<string, Takes>>;
  readonly gives: Kind | 'any';
  /** It gives null where there is nothing to give. */
  readonly orNull?: true;
  /** `text.contains(…)` as well as or instead of `contains(text, …)`. Ours are all written as `argument`: one way to say each thing. */
  readonly on: 'argument' | 'dot' | 'both';
  readonly doc: string;
  /** An expression and what it gives. */
  readonly example: readonly [source: string, value: Json];
  /** Absent: CEL's own. */
  readonly call?: (given: Given, budget: Budget) => CelInput;
}

/** The arguments, checked against `takes` before the call; from 0. */
export interface Given {
  readonly text: (index: number) => string;
  readonly number: (index: number) => number;
  readonly list: (index: number) => readonly CelValue[];
  readonly map: (index: number) => CelMap;
  /** Null for an argument that was left out. */
  readonly any: (index: number) => CelValue;
}

interface Argument {
  readonly name: string;
  readonly takes: Takes;
  readonly optional: boolean;
}

export const argumentsOf = (row: FunctionRow): readonly Argument[] =>
  Object.entries(row.takes).map(([name, takes]) => ({ name: name.replace('?', ''), takes, optional: name.endsWith('?') }));

/** How many arguments may be given, the one before the dot counted. */
export function arityOf(row: FunctionRow): { readonly least: number; readonly most: number } {
  const all = argumentsOf(row);
  return { least: all.filter((one) => !one.optional).length, most: all.length };
}

/** As an author writes it: `join(list, separator: text)`. */
export function formOf(row: FunctionRow): string {
  const written = argumentsOf(row).map(({ name, takes, optional }) => {
    const kind = takes === name || takes === 'name' || takes === 'any' ? '' : `: ${wordsOf(takes)}`;
    return `${name}${optional ? '?' : ''}${kind}`;
  });
  if (row.on !== 'dot') return `${row.name}(${written.join(', ')})`;
  return `${argumentsOf(row)[0]?.name ?? 'value'}.${row.name}(${written.slice(1).join(', ')})`;
}

const wordsOf = (takes: Takes): string => takes.replaceAll('|', ' or ');

/** The kinds that an argument takes; undefined takes all. */
export function kindsOf(takes: Takes): readonly Kind[] | undefined {
  if (takes === 'any' || takes === 'name' || takes === 'test') return undefined;
  // Each part of the union's members is a kind.
  return takes === 'pattern' ? ['text'] : (takes.split('|') as Kind[]);
}

function kindOf(value: CelValue): Kind | 'other' {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' || typeof value === 'bigint' || isCelUint(value)) return 'number';
  if (isCelList(value)) return 'list';
  return isCelMap(value) ? 'map' : 'other';
}

/** Fails (by `raise`) with the function, the argument and the kinds; never with a value. */
export function given(row: FunctionRow, args: readonly CelValue[]): Given {
  for (const [index, { name, takes }] of argumentsOf(row).entries()) {
    const value = args[index];
    const kinds = kindsOf(takes);
    if (value === undefined || !kinds || kinds.some((kind) => kind === kindOf(value))) continue;
    raise('EXPRESSION_TYPE', `${row.name}() takes ${wordsOf(takes)} for its ${name}, and this is ${kindOf(value)}`);
  }
  const wrong = (index: number): never => raise('EXPRESSION_TYPE', `${row.name}() cannot use its argument ${index + 1}`);
  const at = (index: number): CelValue => args[index] ?? null;
  return {
    text: (index) => {
      const value = at(index);
      return typeof value === 'string' ? value : wrong(index);
    },
    number: (index) => {
      const value = at(index);
      return kindOf(value) === 'number' ? Number(isCelUint(value) ? value.value : value) : wrong(index);
    },
    list: (index) => {
      const value = at(index);
      return isCelList(value) ? [...value] : wrong(index);
    },
    map: (index) => {
      const value = at(index);
      return isCelMap(value) ? value : wrong(index);
    },
    any: at,
  };
}
