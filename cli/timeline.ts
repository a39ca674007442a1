// What happened in a simulation, one line for each, for a terminal.
import { expectedWords, type Line } from '../engine/simulation/compare.ts';
import { effectWords, parameterWords, peopleWords } from '../engine/simulation/differences.ts';
import { durationText } from '../engine/simulation/duration-text.ts';
import type { Happening, Simulation } from '../engine/simulation/simulation.ts';
import { type Folded, foldLines } from './fold.ts';
import { columns, type Paint, safeText } from './output.ts';

type Row = readonly [mark: string, at: string, step: string, what: string];

/** Marks: ✓ expected and happened, ✗ expected and missing. */
export function timelineText(lines: readonly Line[], colour: Paint, indent: string): string {
  const rows = foldLines(lines).map(toRow);
  const text = columns(rows.map((row) => [...row]));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => `${indent}${paintRow(line, rows[index]?.[0] ?? ' ', colour)}\n`)
    .join('');
}

export const asLines = (simulation: Simulation): readonly Line[] =>
  simulation.happenings.map((happening) => ({ kind: 'happened', happening, expected: false }));

function toRow(line: Folded): Row {
  if (line.kind === 'more') {
    const { atMs, step, what, verb } = line.happening;
    return [' ', durationText(atMs), step, `… ${line.count} more like these, until here: ${safeText([what, verb ?? ''].join(' ').trim())}`];
  }
  if (line.kind === 'happened')
    return [line.expected ? '✓' : ' ', durationText(line.happening.atMs), line.happening.step, wordsFor(line.happening)];
  const { step, what = 'done', atMs } = line.expected;
  const words = [what, expectedWords(line.expected)].filter((text) => text !== '').join(' ');
  return ['✗', atMs === undefined ? '' : durationText(atMs), step, safeText(`${words}: missing; ${line.hint}`)];
}

function wordsFor(happening: Happening): string {
  const { what, verb, target, params, to, title, covers, by, answer, error } = happening;
  const parts = [
    what,
    answer === undefined ? '' : `with ${typeof answer === 'string' ? answer : JSON.stringify(answer)}`,
    verb ?? '',
    target === undefined ? '' : `on ${target}`,
    verb === undefined ? '' : parameterWords(verb, params ?? {}),
    to === undefined ? '' : `to ${peopleWords(to)}`,
    title === undefined ? '' : `"${title}"`,
    covers === undefined ? '' : `about ${aboutWords(covers)}`,
    by === undefined ? '' : `by ${by}`,
    error ? `(${error.code}: ${error.message})` : '',
  ];
  return safeText(parts.filter((part) => part !== '').join(' '));
}

/** Effects of one approval that are named one by one. */
const NAMED = 5;

function aboutWords(covers: NonNullable<Happening['covers']>): string {
  const names = covers.slice(0, NAMED).map(effectWords);
  return [...names, ...(covers.length > NAMED ? [`${covers.length - NAMED} more`] : [])].join(', ') || 'nothing';
}

function paintRow(text: string, mark: string, colour: Paint): string {
  if (mark === '✓') return text.replace('✓', colour.green('✓'));
  return mark === '✗' ? colour.red(text) : colour.dim(text);
}
