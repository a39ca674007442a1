// What an author most likely meant where an expression cannot be read: nearly always a word of another language.
import { FUNCTIONS } from '../cel/functions/functions.ts';
import type { ExpressionError } from '../cel.ts';
import { didYouMean } from '../nearest.ts';

/** Functions under the names that they have elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  lowercase: 'lower(text)',
  toLower: 'lower(text)',
  toLowerCase: 'lower(text)',
  lowerAscii: 'lower(text)',
  uppercase: 'upper(text)',
  toUpper: 'upper(text)',
  toUpperCase: 'upper(text)',
  upperAscii: 'upper(text)',
  len: 'size(value)',
  length: 'size(value)',
  count: 'size(value)',
  isEmpty: 'size(value) == 0',
  includes: 'text.contains(part), or member in list',
  concat: 'text + text',
  substring: 'slice(text, from, to)',
  match: "text.matches('pattern')",
  regex: "text.matches('pattern')",
  distinct: 'unique(list)',
  uniq: 'unique(list)',
  any: 'list.exists(x, test)',
  some: 'list.exists(x, test)',
  every: 'list.all(x, test)',
  default: "get(value, 'path', default)",
  coalesce: "get(value, 'path', default)",
  now: 'run.started_at: there is no clock in expressions',
  today: 'run.started_at: there is no clock in expressions',
  timestamp: 'date_parse(value): dates are text',
  duration: "date_add(date, '3d'): durations are text",
  uint: 'int(value)',
};

const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/^===/, 'equal is ==, as in: a == b'],
  [/^(?:!==|<>)/, 'not equal is !=, as in: a != b'],
  [/^\}\}/, 'the whole is an expression already: write it without {{ }}'],
  [/^\$/, 'names have no $ before them: inputs.user'],
  [/^=(?!=)/, 'equal is ==, as in: a == b'],
  [/^and\b/i, 'and is &&, as in: a && b'],
  [/^or\b/i, 'or is ||, as in: a || b'],
  [/^not\b/i, 'not is !, and the whole stands in quotes: "!(a)"'],
  [/^is\s+not\b/i, 'not equal is !=, as in: a != null'],
  [/^is\s+null\b/i, 'equal is ==, as in: a == null'],
  [/^(?:is|eq|equals)\b/i, 'equal is ==, as in: a == b'],
  [/^\|/, "there are no pipes; call a function: lower(text), join(list, ', ')"],
  [/^\?\?/, "a default is given with get(value, 'path', default)"],
  [/^\?\./, "a member that may be missing is read with get(value, 'path', default)"],
];

export function hintOf({ code, message, offset }: ExpressionError, source: string): string | undefined {
  if (code === 'EXPRESSION_UNKNOWN_FUNCTION') {
    const name = /^calls (\w+)\(\)/.exec(message)?.[1] ?? '';
    if (Object.hasOwn(ELSEWHERE, name)) return `write ${ELSEWHERE[name]}`;
    return didYouMean(
      name,
      FUNCTIONS.map((row) => row.name),
    );
  }
  if (code !== 'EXPRESSION_SYNTAX' || offset === undefined) return undefined;
  // The parser points at the furthest it came, which may be the blank before.
  const rest = source.slice(offset).trimStart();
  return OPERATORS.find(([word]) => word.test(rest))?.[1];
}
