// Numbers, and severities as numbers.
import { isSeverityWord, SEVERITY_ID } from '../../severity.ts';
import { raise } from '../failure.ts';
import { toJson } from '../values.ts';
import type { FunctionRow, Given } from './row.ts';

export const NUMBER_ROWS: readonly FunctionRow[] = [
  {
    name: 'sum',
    group: 'numbers',
    takes: { list: 'list' },
    gives: 'number',
    on: 'argument',
    doc: 'All numbers of the list together; 0 for none.',
    example: ['sum([1, 2.5])', 3.5],
    call: (given) => numbers('sum', given).reduce((total, one) => total + one, 0),
  },
  {
    name: 'min',
    group: 'numbers',
    takes: { list: 'list' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The smallest number of the list; null when it is empty.',
    example: ['min([3, 1])', 1],
    call: (given) => numbers('min', given).reduce<number | null>((least, one) => (least === null || one < least ? one : least), null),
  },
  {
    name: 'max',
    group: 'numbers',
    takes: { list: 'list' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The largest number of the list; null when it is empty.',
    example: ['max([3, 1])', 3],
    call: (given) => numbers('max', given).reduce<number | null>((most, one) => (most === null || one > most ? one : most), null),
  },
  {
    name: 'round',
    group: 'numbers',
    takes: { number: 'number', 'digits?': 'number' },
    gives: 'number',
    on: 'argument',
    doc: 'Rounded, to a whole number or to so many digits (up to 6) after the point.',
    example: ['round(2.346, 2)', 2.35],
    call: (given) => {
      const scale = 10 ** Math.min(6, Math.max(0, given.any(1) === null ? 0 : Math.trunc(given.number(1))));
      return Math.round(given.number(0) * scale) / scale;
    },
  },
  {
    name: 'severity_id',
    group: 'numbers',
    takes: { word: 'text' },
    gives: 'number',
    on: 'argument',
    doc: "The number of a severity word, to compare with `<`: unknown 0, informational 1, low 2, medium 3, high 4, critical 5, fatal 6 (OCSF's numbers).",
    example: ["severity_id('high') >= 4", true],
    call: (given) => {
      const word = given.text(0).toLowerCase();
      return isSeverityWord(word) ? SEVERITY_ID[word] : raise('EXPRESSION_FAILED', 'severity_id() was given a word that is no severity');
    },
  },
];

function numbers(name: string, given: Given): readonly number[] {
  return given.list(0).map((item) => {
    const json = typeof item === 'number' ? item : toJson(item);
    return typeof json === 'number' ? json : raise('EXPRESSION_TYPE', `${name}() takes a list of numbers`);
  });
}
