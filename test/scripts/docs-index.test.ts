// A page that nothing leads to is not read.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

it('docs/README.md leads to every page', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const pages = ['', 'reference/'].flatMap((folder) =>
    readdirSync(`docs/${folder}`)
      .filter((name) => name.endsWith('.md') && name !== 'README.md')
      .map((name) => `(${folder}${name})`),
  );
  expect(pages.filter((page) => !index.includes(page))).toEqual([]);
});
