import { mkdtempSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fileRecord, type RecordLine } from '../../range/record.ts';

it('the record keeps no half line of what a full disk did not take', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-record-'));
  let isFull = false;
  const disk = (file: number, bytes: Buffer) => {
    writeSync(file, isFull ? bytes.subarray(0, 30) : bytes);
    if (isFull) throw Object.assign(new Error('made up'), { code: 'ENOSPC' });
  };
  const kept = fileRecord(folder, () => undefined, disk);
  const line = (target: string): RecordLine => ({
    ...{ at: '2026-01-01T00:00:00.000Z', product: 'idp', method: 'POST', path: '/', key: null, effect: 'disable', target },
    ...{ before: null, after: null, status: 200 },
  });
  kept.append(line('first'));
  isFull = true;
  expect(() => kept.append(line('lost'))).toThrow('made up');
  isFull = false;
  kept.append(line('second'));
  kept.close();
  const lines = readFileSync(join(folder, 'record.ndjson'), 'utf8').trimEnd().split('\n');
  expect(lines.map((text) => (JSON.parse(text) as RecordLine).target)).toEqual(['first', 'second']); // the range's own lines
});
