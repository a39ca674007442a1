// docs/operations.md names every error that stops a start, so that whoever reads one in a journal finds what to do.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const sources = ['worker', 'store'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
);
/** Of the program that backs up, when it does not know better. */
const UNKNOWN = ['STORE_FAILED'];

it('has a row for each code, and no other', () => {
  const code = /'((?:BACKUP|CONFIG|DATA|DISK|KEYS|PORT|RANGE|SECRET|STORE|TEMPORAL)(?:_[A-Z]+)+)'/;
  const raised = [/(?:new StartError|storeError)\(\s*'([A-Z_]+)'/g, /\bcode: '([A-Z]+(?:_[A-Z]+)+)',\n/g, /\bsay\('([A-Z_]+)'/g];
  const codes = sources.flatMap((text) => raised.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found]) => found ?? '')));
  const expected = [...new Set(codes)].filter((found) => code.test(`'${found}'`) && !UNKNOWN.includes(found)).sort();
  const [, section = ''] = readFileSync('docs/operations.md', 'utf8').split('## Errors of a start');
  expect([...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, found]) => found)).toEqual(expected);
});
