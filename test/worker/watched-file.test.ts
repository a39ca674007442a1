import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { watchedFile } from '../../worker/watched-file.ts';

function fixture() {
  const path = join(mkdtempSync(join(tmpdir(), 'cordon-watched-')), 'policy.yaml');
  let nowMs = 0;
  let version = 1;
  const write = (text: string) => {
    writeFileSync(path, text);
    version += 1;
    utimesSync(path, version, version);
    nowMs += 2_000;
  };
  const later = () => {
    nowMs += 2_000;
  };
  const parse = (text: string) => {
    if (text.startsWith('bad')) throw new Error(`cannot read ${text}`);
    return text;
  };
  const warnings: string[] = [];
  write('one');
  const open = () =>
    watchedFile(
      path,
      parse,
      (message) => warnings.push(message),
      () => nowMs,
    );
  return { path, write, later, warnings, open };
}

describe('a file that people edit while Cordon runs', () => {
  it('counts from its next look on', () => {
    const { write, open, warnings } = fixture();
    const { read } = open();
    expect(read()).toBe('one');
    write('two');
    expect(read()).toBe('two');
    expect(warnings).toEqual([]);
  });
  it('that becomes wrong does not replace its last good content; people are told once', () => {
    const { write, later, open, warnings } = fixture();
    const { read } = open();
    write('bad');
    expect(read()).toBe('one');
    later();
    expect(read()).toBe('one');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/last good one stays in force: cannot read bad/);
    write('three');
    expect(read()).toBe('three');
  });
  it('that goes away stays in force, told once, and counts again when it is back', () => {
    const { path, write, later, open, warnings } = fixture();
    const { read } = open();
    rmSync(path);
    later();
    expect(read()).toBe('one');
    later();
    expect(read()).toBe('one');
    expect(warnings).toHaveLength(1);
    write('two');
    expect(read()).toBe('two');
  });
  it('that is wrong at the start stops the start', () => {
    const { write, open } = fixture();
    write('bad');
    expect(open).toThrow('cannot read bad');
  });
});
