// What stands around a step and decides whether, how often and beside what it is done.

import type { Step } from '../plan.ts';
import { conditionWords, templateWords, valueWords } from '../words/expression-words.ts';
import { durationWords, listWords } from '../words/quantities.ts';
import { type Part, part } from './fact.ts';

export const plainName = (id: string): string => id;

/** A list of steps, and what must be so, in words and as it is written, for it to be done. */
export interface Inner {
  readonly steps: readonly Step[];
  readonly around: readonly Part[];
}

export const aroundPart = (around: readonly Part[]): Part =>
  part(
    around.map(({ words }) => words).join(', '),
    around.map(({ raw }) => raw),
  );

/** The lists in a step; those of a called playbook too. */
export function innersOf(step: Step, title: string): readonly Inner[] {
  const guard = step.when === undefined ? [] : [part(`only when ${conditionWords(step.when, plainName)}`, { when: step.when })];
  const follow = [
    { next: step.onError, did: 'failed' },
    { next: step.onDenied, did: 'was denied' },
  ].flatMap(({ next, did }) =>
    typeof next === 'string' ? [] : [{ steps: next, around: [...guard, part(`after “${title}” ${did}`, { did, title })] }],
  );
  return [...ownInners(step).map(({ steps, around }) => ({ steps, around: [...guard, ...around] })), ...follow];
}

function ownInners(step: Step): readonly Inner[] {
  switch (step.kind) {
    case 'group':
      return [{ steps: step.steps, around: [part(step.named ? `in the group ${step.id}` : 'in a group', { group: named(step) })] }];
    case 'if': {
      const { condition } = step;
      const words = conditionWords(condition, plainName);
      return [
        { steps: step.then, around: [part(`if it is so that ${words}`, { if: condition })] },
        { steps: step.else, around: [part(`if it is not so that ${words}`, { unless: condition })] },
      ];
    }
    case 'switch': {
      const value = valueWords(step.value, plainName);
      const words = step.cases.map(({ is }) => is);
      return [
        ...step.cases.map(({ is, steps }) => ({ steps, around: [part(`if ${value} is ${is}`, { switch: step.value, is })] })),
        { steps: step.else, around: [part(`if ${value} is not ${listWords(words, 'or')}`, { switch: step.value, not: words })] },
      ];
    }
    case 'parallel': {
      const ends = step.join === 'any' ? ', where the first to end cancels the others' : '';
      return step.branches.map((steps, index) => ({
        steps,
        around: [part(`in branch ${index + 1} of ${step.branches.length} side by side${ends}`, { branch: index, join: step.join })],
      }));
    }
    case 'for_each': {
      const { name, of, max, atOnce, steps } = step;
      const words = `for each ${name} of ${templateWords(of, plainName)} (at most ${max}, ${atOnce} at once)`;
      return [{ steps, around: [part(words, { name, of, max, atOnce })] }];
    }
    case 'repeat': {
      const { until, everyMs, forMs, steps } = step;
      const words = `again every ${durationWords(everyMs)} until ${conditionWords(until, plainName)}, for at most ${durationWords(forMs)}`;
      return [{ steps, around: [part(words, { until, everyMs, forMs })] }];
    }
    case 'call':
      return [{ steps: step.callee.steps, around: [] }];
    default:
      return [];
  }
}

const named = (step: Step): string => (step.named ? step.id : '');
