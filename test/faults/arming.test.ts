import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { failpoint } from '../../worker/failpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-arming-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a running process is armed by a file, counts from then on, and is disarmed by the same file', () => {
  const file = join(folder, 'kill-at');
  let kills = 0;
  const fail = failpoint(`file:${file}`, () => {
    kills += 1;
  });
  fail('effect.before');
  writeFileSync(file, 'effect.before:2\n');
  fail('effect.before');
  fail('effect.answered');
  expect(kills).toBe(0);
  fail('effect.before');
  expect(kills).toBe(1);

  writeFileSync(file, 'undo.before');
  fail('undo.before');
  expect(kills).toBe(2);

  for (const nothing of ['', 'no such: thing']) {
    writeFileSync(file, nothing);
    fail('undo.before');
    fail('effect.before');
  }
  expect(kills).toBe(2);
});
