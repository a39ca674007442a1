import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ENGINE_ERRORS } from '../../engine/errors.ts';
import { STANDING } from '../../engine/outcome.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reference/outcomes.md'), 'utf8');
/** First and second cell of each row of the table under a heading. */
function tableUnder(heading: string): Readonly<Record<string, string>> {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)];
  return Object.fromEntries(rows.map((row) => [row[1], row[2]]));
}

it('the reference says for every outcome what the engine does with it', () => {
  expect(tableUnder('Outcomes')).toEqual(STANDING);
});

it('the reference has every error of the engine, in its words', () => {
  expect(tableUnder('Errors')).toEqual(ENGINE_ERRORS);
});
