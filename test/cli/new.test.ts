import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const folder = folderWith({ 'mine/taken/keep.txt': 'mine' });
afterAll(() => folder.remove());

it('lists what is shipped', async () => {
  const { code, out } = await cordon(folder.path, 'new');
  expect(code).toBe(0);
  expect(out).toMatch(/^malware-on-host +\d+ +Malware on a host$/m);
  expect(JSON.parse((await cordon(folder.path, 'new', '--json')).out).useCases.length).toBeGreaterThanOrEqual(3);
});

it('copies one under a new name, checks it and runs its scenarios', async () => {
  const { code, out } = await cordon(folder.path, 'new', 'stolen-laptop', '--from', 'malware-on-host', '--into', 'mine');
  expect(code).toBe(0);
  expect(out).toContain('mine/stolen-laptop');
  expect(out).toContain('✓ Silence to the question leaves the host isolated');
  expect(out).toContain('It starts on the same alerts as malware-on-host does');
  const text = readFileSync(join(folder.path, 'mine/stolen-laptop/playbook.yaml'), 'utf8');
  expect(text).toMatch(/^playbook: stolen-laptop$/m);
  expect(text).toMatch(/^# yaml-language-server: \$schema=(?:\.\.\/)+.*docs\/reference\/playbook\.schema\.json$/m);
  const scenario = readFileSync(join(folder.path, 'mine/stolen-laptop/scenarios/silence.yaml'), 'utf8');
  const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(scenario) ?? [];
  expect(JSON.parse(readFileSync(join(folder.path, 'mine/stolen-laptop/scenarios', schema), 'utf8')).title).toBe('Cordon scenario');
  expect((await cordon(folder.path, 'test', 'mine/stolen-laptop', '--coverage-min', '100')).code).toBe(0);
});

it.each([
  [['taken', '--from', 'malware-on-host', '--into', 'mine'], 'is there already; nothing was written'],
  [['x', '--from', 'nothing'], 'there is no shipped playbook'],
  [['x'], 'say what to begin with'],
  [['../../etc', '--from', 'malware-on-host'], 'cannot be called'],
  [['-', '--from', 'malware-on-host'], 'cannot be called'],
])('refuses %j and writes nothing', async (args, words) => {
  const { code, err } = await cordon(folder.path, 'new', ...args);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  expect(readFileSync(join(folder.path, 'mine/taken/keep.txt'), 'utf8')).toBe('mine');
});
