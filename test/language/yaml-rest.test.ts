// A playbook that is right but for one line that is no YAML: nothing but that line is told of it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const ROOT = new URL('../../playbooks/', import.meta.url).pathname;
/** Every so many lines; with 1 all of them, which takes minutes. */
const STRIDE = 127;

const FAULTS: readonly (readonly [string, (line: string) => string])[] = [
  ['a value that begins with @', (line) => line.replace(/: .*$/, ': @x')],
  ['a quote that is not closed', (line) => line.replace(/: .*$/, ': "x')],
  ['a template without quotes in a map', (line) => line.replace(/: .*$/, ': { a: ${{ b }} }')],
  ['a second colon', (line) => line.replace(/: .*$/, ': a: b')],
];

describe.each(FAULTS)('%s', (_, damage) => {
  it('has no false follow-ups, wherever it stands', () => {
    const told: string[] = [];
    let broken = 0;
    let at = 0;
    for (const name of readdirSync(ROOT)) {
      const lines = readFileSync(join(ROOT, name, 'playbook.yaml'), 'utf8').split('\n');
      for (const [index, line] of lines.entries()) {
        if (!/^\s*(?:- )?\w+: \S/.test(line)) continue;
        at += 1;
        if (at % STRIDE !== 0) continue;
        const { diagnostics } = readPlaybook(lines.with(index, damage(line)).join('\n'), name);
        if (diagnostics.some(({ code }) => code === 'YAML_SYNTAX')) broken += 1;
        else continue;
        for (const one of diagnostics)
          if (!one.code.startsWith('YAML_')) told.push(`${name}:${index + 1} ${line.trim()} > ${one.line} ${one.code} ${one.message}`);
      }
    }
    expect(told).toEqual([]);
    expect(broken).toBeGreaterThan(2);
  });
});
