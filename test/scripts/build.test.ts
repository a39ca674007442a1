import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const setup = (name: string) => pathToFileURL(join(import.meta.dirname, '../../scripts/setup', name)).href;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cordon-build-'));
  mkdirSync(join(root, 'reports'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A program of its own in the folder, as the set-up is. */
const run = (source: string) => spawnSync(process.execPath, ['--input-type=module', '-e', source], { cwd: root, encoding: 'utf8' });

describe('what is built', () => {
  /** Writes what the source says, and fails where the source is faulty: as tsc does. */
  const COMPILER = `
    import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    const source = readFileSync('source.txt', 'utf8');
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/made.txt', source);
    process.exitCode = source.includes('fault') ? 1 : 0;`;
  const build = () => {
    const parts = [{ name: 'code', title: 'compiling', from: ['source.txt'], makes: 'dist/made.txt', command: ['compiler.mjs'] }];
    return run(`import { ensureBuilt } from '${setup('build.mjs')}'; await ensureBuilt(${JSON.stringify(parts)});`).status;
  };
  beforeEach(() => writeFileSync(join(root, 'compiler.mjs'), COMPILER));

  it('is built again after a compiler that failed had written something else', () => {
    writeFileSync(join(root, 'source.txt'), 'good');
    expect(build()).toBe(0);
    writeFileSync(join(root, 'source.txt'), 'fault');
    expect(build()).not.toBe(0);
    writeFileSync(join(root, 'source.txt'), 'good');
    expect(build()).toBe(0);
    expect(readFileSync(join(root, 'dist/made.txt'), 'utf8')).toBe('good');
  });

  it('is left alone while no source has changed', () => {
    writeFileSync(join(root, 'source.txt'), 'good');
    build();
    writeFileSync(join(root, 'dist/made.txt'), 'untouched');
    expect(build()).toBe(0);
    expect(readFileSync(join(root, 'dist/made.txt'), 'utf8')).toBe('untouched');
  });
});

describe('the lock of a set-up', () => {
  const lock = () =>
    run(`import { withSetupLock } from '${setup('lock.mjs')}';
      const late = setTimeout(() => process.exit(3), 2_000);
      await withSetupLock(() => {}, () => clearTimeout(late));`).status;
  const held = (mark: string) => writeFileSync(join(root, 'reports/setup.lock'), mark);

  it('of a process that is gone, or whose number another one has by now, is taken over', () => {
    held('999999999');
    expect(lock()).toBe(0);
    held(`${process.pid} 1`);
    expect(lock()).toBe(0);
    expect(existsSync(join(root, 'reports/setup.lock'))).toBe(false);
  });

  it('of a process that runs is waited for', () => {
    held(String(process.pid));
    expect(lock()).toBe(3);
  });
});
