import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const playbook = resolve('playbooks/malware-on-host');
const folder = folderWith({});
afterAll(() => folder.remove());

it('prints Mermaid, and writes an SVG where the file is called so', async () => {
  const printed = await cordon(folder.path, 'graph', playbook);
  expect(printed.code).toBe(0);
  expect(printed.out).toMatch(/^flowchart TD\n/);
  expect(printed.out).toContain('Isolate the host');
  expect(await cordon(folder.path, 'graph', playbook, '--out', 'm.svg')).toEqual({ code: 0, out: 'wrote m.svg\n', err: '' });
  expect(readFileSync(join(folder.path, 'm.svg'), 'utf8')).toMatch(/^<svg [^>]*>\n<title id="t">Malware on a host<\/title>/);
});

it('gives the picture as JSON', async () => {
  const { out } = await cordon(folder.path, 'graph', playbook, '--format', 'svg', '--json');
  expect(JSON.parse(out)).toMatchObject({ playbook: 'malware-on-host', format: 'svg', text: expect.stringContaining('<svg') });
});

it.each([
  [['--format', 'png'], 'png'],
  [['--out', 'm.svg/m.svg'], 'FILE_UNWRITABLE'],
  [['--out', 'm.pdf'], 'end it with .svg, .mmd, .mermaid'],
  [['--out', 'constructor'], 'FORMAT_UNKNOWN'],
])('calls %j wrong use', async (more, words) => {
  const { code, err } = await cordon(folder.path, 'graph', playbook, ...more);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
});

it('writes nothing under a name that it cannot keep', async () => {
  await cordon(folder.path, 'graph', playbook, '--out', 'n.pdf');
  expect(existsSync(join(folder.path, 'n.pdf'))).toBe(false);
});

it.each(['n.mmd', 'n.MERMAID'])('writes Mermaid into %s', async (file) => {
  expect((await cordon(folder.path, 'graph', playbook, '--out', file)).code).toBe(0);
  expect(readFileSync(join(folder.path, file), 'utf8')).toMatch(/^flowchart TD\n/);
});
