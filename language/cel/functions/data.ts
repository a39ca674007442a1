// Text that holds data: JSON, CSV, Base64, URL parts.
import { type Budget, MAX_LIST, shorten } from '../budget.ts';
import { raise } from '../failure.ts';
import { toCelValue, toJson } from '../values.ts';
import { decodeBase64, encodeBase64, wellFormed } from './base64.ts';
import { csvText, parseCsv } from './csv.ts';
import type { FunctionRow } from './row.ts';

export const DATA_ROWS: readonly FunctionRow[] = [
  {
    name: 'json_parse',
    group: 'data',
    takes: { text: 'text' },
    gives: 'any',
    on: 'argument',
    doc: 'The value that the JSON says; fails for text that is no JSON.',
    example: ['json_parse(\'{"a": [1]}\').a', [1]],
    call: (given, budget) => toCelValue(charged(parseJson(given.text(0)), budget)),
  },
  {
    name: 'json_format',
    group: 'data',
    takes: { value: 'any' },
    gives: 'text',
    on: 'argument',
    doc: 'The value as JSON, on one line.',
    example: ["json_format({'a': [1, null]})", '{"a":[1,null]}'],
    call: (given) => shorten(JSON.stringify(toJson(given.any(0)))),
  },
  {
    name: 'csv_parse',
    group: 'data',
    takes: { text: 'text' },
    gives: 'list',
    on: 'argument',
    doc: 'A map for each row below the first, which names the columns (RFC 4180: commas, double quotes). What a row lacks is empty text.',
    example: ['csv_parse(\'user,team\\neve,"a, b"\')', [{ user: 'eve', team: 'a, b' }]],
    call: (given, budget) => toCelValue(charged(parseCsv(given.text(0)), budget)),
  },
  {
    name: 'csv_format',
    group: 'data',
    takes: { rows: 'list' },
    gives: 'text',
    on: 'argument',
    doc: "A list of maps as CSV with a first row of names. A cell that a spreadsheet would compute (= + - @ at its begin, but no number) gets a `'` before it.",
    example: ["csv_format([{'user': 'eve', 'note': '=1+1'}])", "user,note\neve,'=1+1\n"],
    call: (given) => shorten(csvText(given.list(0).map((row) => toJson(row)))),
  },
  {
    name: 'base64_decode',
    group: 'data',
    takes: { text: 'text', 'charset?': 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: "The text that the Base64 holds, in utf-8 or, said so, 'utf-16le' (PowerShell's -EncodedCommand); null for what holds no such text.",
    example: ["base64_decode('ZQB2AGUA', 'utf-16le')", 'eve'],
    call: (given) => decodeBase64(given.text(0), given.any(1) === null ? 'utf-8' : given.text(1)),
  },
  {
    name: 'base64_encode',
    group: 'data',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'The text in Base64 (of its UTF-8).',
    example: ["base64_encode('eve')", 'ZXZl'],
    call: (given) => shorten(encodeBase64(given.text(0))),
  },
  {
    name: 'url_encode',
    group: 'data',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'The text as one part of a URL: a path segment or the value of a parameter.',
    example: ["url_encode('a b/c')", 'a%20b%2Fc'],
    call: (given) => shorten(encodeURIComponent(wellFormed(given.text(0)))),
  },
  {
    name: 'url_decode',
    group: 'data',
    takes: { text: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The reverse of url_encode(); null for broken escapes.',
    example: ["url_decode('a%20b')", 'a b'],
    call: (given) => {
      try {
        return decodeURIComponent(given.text(0));
      } catch {
        return null;
      }
    },
  },
];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return raise('EXPRESSION_FAILED', 'json_parse() was given text that is no JSON');
  }
}

/** What text holds is paid for as if it had been looped over. */
function charged(value: unknown, budget: Budget): unknown {
  const waiting: unknown[] = [value];
  for (let count = 1; ; count += 1) {
    const one = waiting.pop();
    if (one === undefined && waiting.length === 0) return value;
    budget.spend(1);
    if (count > MAX_LIST) raise('EXPRESSION_SIZE', `the text holds more than ${MAX_LIST} values`);
    if (typeof one === 'object' && one !== null) for (const member of Object.values(one)) waiting.push(member);
  }
}
