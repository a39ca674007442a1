// A suppression in words: its state, and which alerts it is about.
import type { SuppressionRow } from '../server/contract.ts';
import { list, type Said, severityWord } from './words.ts';

type Match = SuppressionRow['match'];

const SAID: Readonly<Record<SuppressionRow['state'], Said>> = {
  active: { tone: 'wait', word: 'in force' },
  planned: { tone: 'none', word: 'planned' },
  expired: { tone: 'none', word: 'over' },
  removed: { tone: 'none', word: 'ended early' },
};

export const suppressionSaid = ({ state }: Pick<SuppressionRow, 'state'>): Said => SAID[state];

/** "alerts of edr about host:wks-007, below critical, for isolate-host": the whole of it in a line. */
export function matchWords(match: Match): string {
  const parts = [
    match.sources ? `alerts of ${list(match.sources, 'or')}` : 'alerts',
    match.entities ? `about ${list(match.entities, 'or')}` : '',
    match.title === undefined ? '' : `called “${match.title}”`,
    match.when === undefined ? '' : `where ${match.when}`,
  ].filter(Boolean);
  const below = match.severityBelow === undefined ? '' : `, below ${severityWord(match.severityBelow)}`;
  return `${parts.join(' ')}${below}${match.playbooks ? `, for ${list(match.playbooks)} only` : ''}`;
}

/** Each condition with its label; all of them must hold. */
export function matchFacts(match: Match): readonly (readonly [label: string, value: string])[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Sources', match.sources?.join(', ')],
    ['About', match.entities?.join(', ')],
    ["The alert's title", match.title],
    ['Only these start nothing', match.playbooks?.join(', ')],
    ['Come through', match.severityBelow === undefined ? undefined : `${severityWord(match.severityBelow)} and above`],
    ['Condition', match.when],
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
}
