// Runs test/cases/language: a playbook (what it leaves out of the outer shape is added below it), `---`, then the diagnostics that must come,
// all of them and in this order ("line:column CODE words of the message or hint"), or parts of the plan by path.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CODES } from '../../language/diagnostics.ts';
import { readPlaybook } from '../../language/parse.ts';

const FOLDER = new URL('../cases/language/', import.meta.url);
const REST = { playbook: 'a-case', title: 'A case', owner: 'tests', triggers: '[{ manual: {} }]' };

function readCase(file: string) {
  const [text = '', expected = ''] = readFileSync(new URL(file, FOLDER), 'utf8').split(/^---$/m);
  const isWhole = /^playbook:/m.test(text);
  const rest = Object.entries(REST).filter(([key]) => !isWhole && !new RegExp(`^${key}:`, 'm').test(text));
  return { text: text + rest.map(([key, value]) => `${key}: ${value}\n`).join(''), expected: parse(expected) as unknown };
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined), value);

describe('cases of the language', () => {
  it.each(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')))('%s', (file) => {
    const { text, expected } = readCase(file);
    const { plan, diagnostics } = readPlaybook(text, file);
    const told = diagnostics.map((one) => `${one.line}:${one.column} ${one.code} ${one.message} = ${one.hint ?? ''}`);
    if (!Array.isArray(expected)) {
      expect(told).toEqual([]);
      const parts = at(expected, 'plan');
      for (const [path, value] of Object.entries(parts as object)) expect({ path, value: at(plan, path) }).toEqual({ path, value });
      return;
    }
    const lines = expected.map(String);
    const place = (line: string): string => line.split(' ').slice(0, 2).join(' ');
    expect(told.map(place)).toEqual(lines.map(place));
    for (const [index, line] of lines.entries()) expect(told[index]).toContain(line.split(' ').slice(2).join(' '));
    expect(plan === undefined).toBe(diagnostics.some((one) => one.severity === 'error'));
  });
});

it('every code is provoked by a case or a test', () => {
  const folders = ['../cases/language/', '../cases/wrong/', './', '../language/policy/', '../cli/'];
  const texts = folders.flatMap((folder) => {
    const at = new URL(folder, import.meta.url);
    return existsSync(at)
      ? readdirSync(at, { withFileTypes: true }).flatMap((one) => (one.isFile() ? [readFileSync(new URL(one.name, at), 'utf8')] : []))
      : [];
  });
  const all = texts.join('\n');
  expect(Object.keys(CODES).filter((code) => !new RegExp(`\\b${code}\\b`).test(all))).toEqual([]);
});
