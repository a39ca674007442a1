// What an expression decodes may hold characters that no store takes: they become visible ones, and the text stays what it was else.
import { expect, it } from '@jest/globals';
import { evaluate } from '../../language/cel.ts';

it.each([
  ["base64_decode('YQBi')", 'a\u2400b'],
  ["url_decode('a%00b')", 'a\u2400b'],
  [String.raw`json_parse('"a\\u0000b"')`, 'a\u2400b'],
  [String.raw`json_parse('["\\ud800", {"\\u0000": 1}]')`, ['\ufffd', { '\u2400': 1 }]],
  [String.raw`json_parse('"\\ud83d\\ude00"')`, '😀'],
  ["'na\u00efve 😀'", 'na\u00efve 😀'],
])('%s', (source, value) => {
  expect(evaluate(source, {})).toEqual({ ok: true, value });
});
