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
  };
  const later = () => {
    nowMs += 2_000;
  };
  /** What is in force when two looks have passed. */
  const settled = (read: () => string) => {
    for (const _ of [1, 2]) {
      later();
      read();
    }
    return read();
  };
  const parse = (text: string) => {
    if (text.startsWith('bad')) throw new Error(`cannot read ${text}`);
    return text;
  };
  const warnings: string[] = [];
  write('one');
  const open = (reading = parse) =>
    watchedFile(
      path,
      reading,
      (message) => warnings.push(message),
      () => nowMs,
    );
  return { path, write, later, settled, warnings, open };
}

describe('a file that people edit while Cordon runs', () => {
  it('counts from the second look on', () => {
    const { write, settled, open, warnings } = fixture();
    const { read } = open();
    expect(read()).toBe('one');
    write('two');
    expect(settled(read)).toBe('two');
    expect(warnings).toEqual([]);
  });
  it('is not taken while it is being written: half a policy may be one that allows more', () => {
    const { write, later, settled, open, warnings } = fixture();
    const { read } = open();
    for (const half of ['t', 'tw', 'bad', 'two']) {
      write(half);
      later();
      expect(read()).toBe('one');
    }
    expect(settled(read)).toBe('two');
    expect(warnings).toEqual([]);
  });
  it('is looked at again when it was written while it was read', () => {
    const { write, settled, open } = fixture();
    let meanwhile: (() => void) | undefined = () => write('two');
    const { read } = open((text) => {
      meanwhile?.();
      meanwhile = undefined;
      return text;
    });
    expect(read()).toBe('one');
    expect(settled(read)).toBe('two');
  });
  it('that becomes wrong does not replace its last good content; people are told once', () => {
    const { write, settled, open, warnings } = fixture();
    const { read } = open();
    write('bad');
    expect(settled(read)).toBe('one');
    expect(settled(read)).toBe('one');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/last good one stays in force: cannot read bad/);
    write('three');
    expect(settled(read)).toBe('three');
  });
  it('that goes away stays in force, told once, and counts again when it is back', () => {
    const { path, write, settled, open, warnings } = fixture();
    const { read } = open();
    rmSync(path);
    expect(settled(read)).toBe('one');
    expect(settled(read)).toBe('one');
    expect(warnings).toHaveLength(1);
    write('two');
    expect(settled(read)).toBe('two');
  });
  it('that is wrong at the start stops the start', () => {
    const { write, open } = fixture();
    write('bad');
    expect(() => open()).toThrow('cannot read bad');
  });
});
