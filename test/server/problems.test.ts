import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../server/problems.ts';

describe('docs/reference/errors.md', () => {
  it('has one row for each code of the API, as it is answered, and no other', () => {
    const rows = readFileSync('docs/reference/errors.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const expected = Object.entries(PROBLEMS).map(([code, { status, title, hint }]) => `| \`${code}\` | ${status} | ${title}. | ${hint} |`);
    expect(rows).toEqual(expected);
  });

  it('has sentences that name what to do', () => {
    for (const { title, hint } of Object.values(PROBLEMS)) expect([title.length >= 8, /[.…)]$/.test(hint)]).toEqual([true, true]);
  });
});
