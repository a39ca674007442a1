import { afterAll, describe, expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const text = (key: string) =>
  `playbook: p\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\n${key}: 1\nsteps:\n  - do: user.lookup\n    with: { user: eve }\n    ${key}: 1\n`;
const folder = folderWith(Object.fromEntries(['toString', 'constructor'].map((key) => [`${key}/playbook.yaml`, text(key)])));
afterAll(() => folder.remove());

describe.each(['toString', 'constructor'])('a playbook with the unknown key %s', (key) => {
  it.each(['validate', 'explain', 'graph', 'test', 'simulate'])('is refused in plain words by %s', async (command) => {
    const { code, out, err } = await cordon(folder.path, command, key);
    expect(code).not.toBe(0);
    expect(out + err).toContain(`\`${key}\` is not known here`);
    expect(out + err).not.toContain('bug in Cordon');
  });
});
