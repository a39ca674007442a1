// The example on each kind's reference page runs, and no kind is without one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { KINDS } from '../../language/steps/kinds.ts';
import { cordon } from '../cli/run.ts';

const root = join(import.meta.dirname, '../..');

it.each(KINDS.map(({ key }) => key))('%s has a page with an example', (kind) => {
  expect(existsSync(join(root, `docs/reference/steps/${kind}.md`))).toBe(true);
  const text = readFileSync(join(root, `docs/examples/${kind}/playbook.yaml`), 'utf8');
  expect(text).toMatch(new RegExp(`^[ -]+${kind}:`, 'm'));
});

it('every example is right, without a warning, and does what its scenario says', async () => {
  const checked = await cordon(root, 'validate', 'docs/examples');
  expect(checked.out).toMatch(/^0 errors, 0 warnings/);
  const { code, out } = await cordon(root, 'test', 'docs/examples');
  expect({ code, out }).toMatchObject({ code: 0 });
});
