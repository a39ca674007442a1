// Text.
import { MAX_LIST, shorten } from '../budget.ts';
import { raise } from '../failure.ts';
import { findAll } from '../pattern.ts';
import { defang, refang } from './defang.ts';
import type { FunctionRow } from './row.ts';

export const TEXT_ROWS: readonly FunctionRow[] = [
  {
    name: 'lower',
    group: 'text',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'In small letters.',
    example: ["lower('Eve@Example.org')", 'eve@example.org'],
    call: (given) => given.text(0).toLowerCase(),
  },
  {
    name: 'upper',
    group: 'text',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'In capital letters.',
    example: ["upper('wks')", 'WKS'],
    call: (given) => shorten(given.text(0).toUpperCase()),
  },
  {
    name: 'trim',
    group: 'text',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'Without blanks and line ends around it.',
    example: ["trim('  eve ')", 'eve'],
    call: (given) => given.text(0).trim(),
  },
  {
    name: 'split',
    group: 'text',
    takes: { text: 'text', separator: 'text' },
    gives: 'list',
    on: 'argument',
    doc: 'The parts between the separators; one part where there is none.',
    example: ["split('a,b', ',')", ['a', 'b']],
    call: (given) => parts(given.text(0), given.text(1)),
  },
  {
    name: 'replace',
    group: 'text',
    takes: { text: 'text', part: 'text', by: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'Every occurrence of the part is replaced. The part is plain text, not a pattern.',
    example: ["replace('a-b-c', '-', '.')", 'a.b.c'],
    call: (given, budget) => {
      const pieces = parts(given.text(0), given.text(1));
      const by = given.text(2);
      budget.spend((pieces.length * by.length) >> 4);
      return shorten(pieces.join(by));
    },
  },
  {
    name: 'slice',
    group: 'text',
    takes: { text: 'text', from: 'number', 'to?': 'number' },
    gives: 'text',
    on: 'argument',
    doc: 'The characters from a place (the first is 0) up to before another; a negative place counts from the end.',
    example: ["slice('ransomware', 0, 6)", 'ransom'],
    call: (given) =>
      Array.from(given.text(0))
        .slice(given.number(1), given.any(2) === null ? undefined : given.number(2))
        .join(''),
  },
  {
    name: 'extract',
    group: 'text',
    takes: { text: 'text', pattern: 'pattern' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The first find of the regular expression (RE2, linear time), or its first group where it has one; null where there is none. The pattern is written out.',
    example: ["extract('see CVE-2024-3094 now', 'CVE-([0-9]+)')", '2024'],
    call: (given, budget) => findAll(given.text(0), given.text(1), 1, budget)[0] ?? null,
  },
  {
    name: 'extract_all',
    group: 'text',
    takes: { text: 'text', pattern: 'pattern' },
    gives: 'list',
    on: 'argument',
    doc: 'Every find, as extract() gives it; at most 1,000.',
    example: ["extract_all('CVE-2024-3094, CVE-2021-44228', 'CVE-[0-9]+-[0-9]+')", ['CVE-2024-3094', 'CVE-2021-44228']],
    call: (given, budget) => [...findAll(given.text(0), given.text(1), Number.POSITIVE_INFINITY, budget)],
  },
  {
    name: 'defang',
    group: 'text',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'URLs, domains and addresses in the text so that nobody clicks them by mistake.',
    example: ["defang('http://evil.example.org/a')", 'hxxp://evil[.]example[.]org/a'],
    call: (given) => shorten(defang(given.text(0))),
  },
  {
    name: 'refang',
    group: 'text',
    takes: { text: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'The reverse of defang(), for the usual spellings of it.',
    example: ["refang('hxxps://evil[.]example[dot]org')", 'https://evil.example.org'],
    call: (given) => refang(given.text(0)),
  },
  {
    name: 'hash_kind',
    group: 'text',
    takes: { text: 'text' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'md5, sha1, sha224, sha256, sha384 or sha512, by the number of hexadecimal digits; null for what is none.',
    example: ["hash_kind('d41d8cd98f00b204e9800998ecf8427e')", 'md5'],
    call: (given) => (/^[0-9a-fA-F]+$/.test(given.text(0)) ? (HASHES[given.text(0).length] ?? null) : null),
  },
];

/** By the number of digits. */
const HASHES: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };

function parts(text: string, separator: string): string[] {
  if (separator === '') return raise('EXPRESSION_FAILED', 'the separator is empty');
  const found = text.split(separator, MAX_LIST + 1);
  if (found.length > MAX_LIST) return raise('EXPRESSION_SIZE', `builds a list of more than ${MAX_LIST} members`);
  return found;
}
