import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLog } from '../../worker/log.ts';
import { logFile } from '../../worker/log-file.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'cordon-log-'));
const linesOf = (path: string): { msg: string }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { msg: string }); // pino's own lines

describe('a disk that takes no log', () => {
  if (existsSync('/dev/full')) {
    it('does not reach who logs, however much there is', () => {
      const folder = newFolder();
      symlinkSync('/dev/full', join(folder, 'cordon.log'));
      const log = openLog(folder, 'info');
      for (let at = 0; at < 200; at += 1) expect(() => log.error({ at, filler: 'x'.repeat(1_000) }, 'made up')).not.toThrow();
    });
  }

  it('is said when it takes lines again, with how many are lost, and cuts none of the others', () => {
    const path = join(newFolder(), 'cordon.log');
    let room = 1_000;
    const { write } = logFile(path, 1_000_000, (handle, bytes) => {
      if (room === 0) throw Object.assign(new Error('made up'), { code: 'ENOSPC' });
      const written = writeSync(handle, bytes.subarray(0, room));
      room -= written;
      return written;
    });
    const say = (msg: string) => write(`${JSON.stringify({ msg })}\n`);
    say('first');
    room = 5;
    for (const msg of ['cut', 'lost', 'lost too']) say(msg);
    room = 1_000;
    say('again');
    say('last');
    const [first, cut, ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect([first, cut]).toEqual(['{"msg":"first"}', '{"msg']);
    expect(rest.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      '3 lines before this one could not be written',
      'again',
      'last',
    ]);
  });
});

describe('the log while it runs', () => {
  it('is bounded: a full file is put aside, which replaces the one before, and no line is cut', () => {
    const folder = newFolder();
    const log = openLog(folder, 'info', 2_000);
    for (let at = 0; at < 200; at += 1) log.info(`line ${at}`);
    expect(readdirSync(folder).sort()).toEqual(['cordon.log', 'cordon.log.1']);
    const [old, fresh] = ['cordon.log.1', 'cordon.log'].map((name) => join(folder, name)) as [string, string]; // two in, two out
    for (const path of [old, fresh]) expect(statSync(path).size).toBeLessThanOrEqual(2_000);
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
    const kept = [...linesOf(old), ...linesOf(fresh)].map(({ msg }) => msg);
    expect(kept.length).toBeGreaterThan(15);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => `line ${200 - kept.length + at}`));
  });

  it('goes on in the file that is there, and puts one aside that is too large already', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'cordon.log'), `${JSON.stringify({ msg: 'of yesterday' })}\n`);
    openLog(folder, 'info', 2_000).info('of today');
    expect(linesOf(join(folder, 'cordon.log')).map(({ msg }) => msg)).toEqual(['of yesterday', 'of today']);
    writeFileSync(join(folder, 'cordon.log'), 'x'.repeat(3_000));
    openLog(folder, 'info', 2_000).info('of tomorrow');
    expect(linesOf(join(folder, 'cordon.log')).map(({ msg }) => msg)).toEqual(['of tomorrow']);
    expect(statSync(join(folder, 'cordon.log.1')).size).toBe(3_000);
  });
});
