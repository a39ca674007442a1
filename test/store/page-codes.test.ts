// Whoever is woken at night reads docs/pages.md: nothing may wake them that it does not know.
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { PAGE_CODES } from '../../store/page-codes.ts';

it('docs/pages.md says of every page what it means and what to do, and of no other', () => {
  const rows = readFileSync('docs/pages.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(rows.map((row) => row.split('`')[1])).toEqual([...PAGE_CODES]);
  for (const row of rows) expect(row.split(' | ').filter((cell) => cell.trim().length > 10).length).toBeGreaterThanOrEqual(4);
});
