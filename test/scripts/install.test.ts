import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkNode, installedAsLocked } from '../../scripts/setup/install.mjs';

function project(locked: unknown, installed: unknown) {
  const root = mkdtempSync(join(tmpdir(), 'cordon-install-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
  mkdirSync(join(root, 'node_modules'));
  if (installed !== undefined)
    writeFileSync(
      join(root, 'node_modules/.package-lock.json'),
      typeof installed === 'string' ? installed : JSON.stringify({ packages: installed }),
    );
  return root;
}
const locked = { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-darwin': { version: '1.0.0', optional: true } };

describe('what is installed is what the lock file says', () => {
  it('without the binaries of other platforms', () => {
    expect(installedAsLocked(project(locked, { 'node_modules/a': { version: '1.0.0' } }))).toBe(true);
  });
  it('not when a version differs, a package is missing, or the install was cut off', () => {
    expect(installedAsLocked(project(locked, { 'node_modules/a': { version: '0.9.0' } }))).toBe(false);
    expect(installedAsLocked(project(locked, {}))).toBe(false);
    expect(installedAsLocked(project(locked, undefined))).toBe(false);
    expect(installedAsLocked(project(locked, '{"packages":'))).toBe(false);
  });
  it('not when a binary is there in another version', () => {
    const installed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-darwin': { version: '0.1.0' } };
    expect(installedAsLocked(project(locked, installed))).toBe(false);
  });
});

describe('the version of Node', () => {
  it('old ones are refused with what to do, new ones pass', () => {
    expect(() => checkNode('18.20.0')).toThrow(/needs Node 20.19 or newer; this is 18.20.0/);
    expect(() => checkNode('20.18.3')).toThrow(/needs Node/);
    for (const version of ['20.19.0', '22.1.0', '24.21.0']) expect(() => checkNode(version)).not.toThrow();
  });
});
