import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../worker/data-folder.ts';

const parent = () => mkdtempSync(join(tmpdir(), 'cordon-data-'));

describe('the data folder', () => {
  it('is made for its owner alone, and known again', () => {
    const path = join(parent(), 'deep/data');
    const first = openDataFolder(path, '0.1.0');
    expect(first.isNew).toBe(true);
    expect(statSync(path).mode & 0o077).toBe(0);
    first.release();
    const second = openDataFolder(path, '0.1.0');
    expect(second.isNew).toBe(false);
    second.release();
  });

  it('is used by one Cordon at a time; the second is told, and touches nothing', () => {
    const path = join(parent(), 'data');
    const first = openDataFolder(path, '0.1.0');
    const before = readdirSync(path);
    expect(() => openDataFolder(path, '0.1.0')).toThrow(expect.objectContaining({ code: 'DATA_IN_USE' }));
    expect(readdirSync(path)).toEqual(before);
    first.release();
  });

  it('of a newer Cordon is not touched', () => {
    const path = parent();
    writeFileSync(join(path, 'data-folder.json'), '{"format":2,"writtenBy":"9.0.0"}');
    writeFileSync(join(path, 'precious'), 'x');
    expect(() => openDataFolder(path, '0.1.0')).toThrow(
      expect.objectContaining({ code: 'DATA_NEWER', message: expect.stringMatching(/version 9.0.0/) }),
    );
    expect(readdirSync(path).sort()).toEqual(['data-folder.json', 'precious']);
    expect(readFileSync(join(path, 'data-folder.json'), 'utf8')).toContain('9.0.0');
  });

  it.each(['', '{"writtenBy":"0.1.0"}', '{'])('whose version file says nothing (%j) is said to be damaged, and not touched', (text) => {
    const path = parent();
    writeFileSync(join(path, 'data-folder.json'), text);
    expect(() => openDataFolder(path, '0.1.0')).toThrow(
      expect.objectContaining({ code: 'DATA_DAMAGED', message: expect.stringMatching(/data-folder\.json/) }),
    );
    expect(readdirSync(path)).toEqual(['data-folder.json']);
  });

  it('on a full disk is refused before a database could be hurt, and its lock is free again', () => {
    const path = parent();
    expect(() => openDataFolder(path, '0.1.0', () => 20_000_000)).toThrow(
      expect.objectContaining({
        code: 'DISK_FULL',
        message: expect.stringMatching(/20 MB left/),
        advice: expect.stringMatching(/Free some space/),
      }),
    );
    expect(readdirSync(path)).toEqual([]);
    openDataFolder(path, '0.1.0').release();
  });

  it('that is a file, or below one, is said to be so', () => {
    const file = join(parent(), 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(file, '0.1.0')).toThrow(expect.objectContaining({ code: 'DATA_NOT_WRITABLE' }));
    expect(() => openDataFolder(join(file, 'data'), '0.1.0')).toThrow(expect.objectContaining({ code: 'DATA_NOT_WRITABLE' }));
  });
});
