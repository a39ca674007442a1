import { readdirSync, readFileSync } from 'node:fs';
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

/** Each code in the first cells of the table under a heading. */
function codesUnder(heading: string): readonly string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([A-Z_]+)`/g)]);
  return cells.map(([, code]) => code ?? '').sort();
}

/** What the sources of a folder say, by patterns whose first group is a code. */
function codesIn(folder: string, ...patterns: readonly RegExp[]): readonly string[] {
  const root = join(import.meta.dirname, '../..', folder);
  const texts = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = texts.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
  return [...new Set(patterns.flatMap((pattern) => [...sources.matchAll(pattern)].map(([, code]) => code ?? '')))].sort();
}

/** Found when a playbook is checked, so that no run meets them. */
const CHECKED = ['EMPTY', 'TOO_LONG', 'SYNTAX', 'TOO_LARGE', 'TOO_NESTED', 'UNKNOWN_FUNCTION', 'UNSUPPORTED', 'PATTERN'];
it('the reference has every error that an expression can end with in a run', () => {
  const all = codesIn('language/cel', /'(EXPRESSION_[A-Z_]+)'/g);
  expect(codesUnder('From expressions')).toEqual(all.filter((code) => !CHECKED.includes(code.replace('EXPRESSION_', ''))));
});

it('the reference has every reason for which a run is lost', () => {
  expect(codesUnder('Of a run')).toEqual(codesIn('dispatch', /code: '((?:RUN|START)_(?!LOST)[A-Z_]+)', reason/g));
});

/** Between the run and its worker: no step ends with these. */
const INSIDE = ['LOCAL_DEADLINE', 'LOCAL_LANE_CLOSED'];
it('the reference has every error that an effect or a product gives', () => {
  const effects = codesIn(
    'activities',
    /\b(?:failed|no)\(\s*'([A-Z_]+)'/g,
    /\bcode: '([A-Z_]{5,})'/g,
    /new ConnectorFailure\(\s*'[a-z]+',\s*'([A-Z_]+)'/g,
  );
  const known = [...Object.keys(ENGINE_ERRORS), ...INSIDE];
  expect(codesUnder('From effects')).toEqual([...effects.filter((code) => !known.includes(code)), 'UNDO_FAILED'].sort());
  const products = codesIn(
    'connectors',
    /new ConnectorFailure\(\s*[^,]+,\s*'([A-Z_]+)'/g,
    /\bfail\([\w']+, '([A-Z_]+)'/g,
    /^ {2}\d{3}: '([A-Z_]+)'/gm,
    /: '(SERVER_ERROR)'/g,
  );
  expect(codesUnder('From products')).toEqual(products.filter((code) => code !== ''));
});
