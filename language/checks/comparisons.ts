// Comparisons that can never be true, or that order words where numbers were meant.

import type { Comparison, Read } from '../cel.ts';
import type { DiagnosticCode } from '../diagnostics.ts';
import { didYouMean } from '../nearest.ts';
import { OUTCOMES } from '../outcomes.ts';
import { own } from '../own.ts';
import { isSeverityWord, SEVERITY_ID } from '../severity.ts';
import type { Use } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import type { Names } from './expression.ts';
import { ofList } from './items.ts';
import { kindOfRead } from './kinds.ts';

type Tell = (code: DiagnosticCode, message: string, hint?: string) => void;

export function checkComparison(names: Names, use: Use, comparison: Comparison): void {
  const tell: Tell = (code, message, hint) =>
    names.report(code, use.path, message, { offset: use.offset + comparison.offset, ...(hint === undefined ? {} : { hint }) });
  const sides = [comparison.left, comparison.right];
  const word = sides.flatMap((side) => ('text' in side ? [side.text] : []))[0];
  const reads = sides.flatMap((side) => ('read' in side ? [ofList(names, side.read)] : []));
  const isEquality = comparison.operator === '==' || comparison.operator === '!=';
  if (!isEquality) {
    const severity = reads.find((read) => isSeverityRead(names, read));
    if (!severity && (word === undefined || !isSeverityWord(word.toLowerCase()))) return;
    const id = word !== undefined && isSeverityWord(word.toLowerCase()) ? SEVERITY_ID[word.toLowerCase() as keyof typeof SEVERITY_ID] : 4;
    const number = severity?.root === 'inputs' ? `severity_id(inputs.${severity.path[0]})` : `${severity?.root ?? 'run'}.severity_id`;
    tell(
      'SEVERITY_ORDER',
      'severities are words, and words are ordered by the alphabet',
      `compare the number: ${number} ${comparison.operator} ${id}`,
    );
    return;
  }
  if (word === undefined) return;
  for (const read of reads) {
    const kind = kindOfRead(names, read);
    if (kind !== undefined && kind !== 'text') {
      tell(
        'CHOICE_UNKNOWN',
        `\`${read.root}.${read.path.join('.')}\` is ${kind}, and never equal to text`,
        'compare it with a value of its kind',
      );
      continue;
    }
    const choices = choicesOf(names, read);
    if (choices && !choices.includes(word))
      tell(
        'CHOICE_UNKNOWN',
        `\`${wordsOf(read)}\` is never \`${word}\``,
        didYouMean(word, choices) ?? `it is one of ${choices.join(', ')}`,
      );
  }
}

/** `steps.q.rows[].answer`. */
const wordsOf = ({ root, path }: Read): string => `${root}.${path.join('.')}`.replaceAll('.[]', '[]');

function isSeverityRead(names: Pick<Names, 'inputs'>, read: Read): boolean {
  const last = read.path.at(-1);
  if (read.root === 'inputs' && read.path.length === 1 && last !== undefined) return own(names.inputs, last)?.type === 'severity';
  return (read.root === 'run' || read.root === 'alert') && read.path.length === 1 && last === 'severity';
}

/** The words that a member can be, where they are known. */
export function choicesOf(names: Pick<Names, 'steps' | 'inputs' | 'broken'>, read: Read): readonly string[] | undefined {
  const [first, second, ...rest] = read.path;
  if (read.root === 'steps' && first !== undefined && rest.length === 0) {
    if (second === 'outcome') return OUTCOMES;
    const step = names.broken.has(first) ? undefined : names.steps.get(first);
    if (second === 'answer' && step?.kind === 'ask') return step.choices;
    if (step?.kind === 'do' && second !== undefined) return own(own(VERBS, step.verb)?.outputs ?? {}, second)?.choices;
  }
  if (read.root === 'steps' && first !== undefined && second === 'answer' && rest.length === 1) {
    const step = names.broken.has(first) ? undefined : names.steps.get(first);
    if (step?.kind === 'ask') return step.form?.find(({ name }) => name === rest[0])?.choices;
  }
  if (read.root === 'steps' && first !== undefined && second === 'rows' && rest.length === 2 && rest[1] === 'answer') {
    const step = names.broken.has(first) ? undefined : names.steps.get(first);
    if (step?.kind === 'ask') return step.rows?.choices;
  }
  if (second === undefined && isSeverityRead(names, read)) return Object.keys(SEVERITY_ID);
  return undefined;
}
