// One thing that a playbook does, asks or waits for, as a comparison of two plans sees it.

import { canonicalJson } from '../canonical.ts';

export interface PlanChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly about:
    | 'start'
    | 'input'
    | 'variable'
    | 'read'
    | 'effect'
    | 'approval'
    | 'question'
    | 'wait'
    | 'undo'
    | 'step'
    | 'output'
    | 'end'
    | 'playbook'
    | 'order';
  /** One line: "effect: Disable a user on inputs.user, held for 24 hours, then people are asked". */
  readonly says: string;
}

export interface Part {
  /** For people. Empty: the title says it already. */
  readonly words: string;
  /** The plan's own, as JSON with sorted keys: words may be alike where these are not. */
  readonly raw: string;
}

export interface Fact {
  readonly about: PlanChange['about'];
  readonly title: string;
  /** What may change of it, by name. */
  readonly parts: Readonly<Record<string, Part>>;
}

export type AddFact = (key: string, fact: Fact) => void;

export const part = (words: string, value: unknown): Part => ({ words, raw: canonicalJson(value) });

/** Expressions that the words cut short end like this. */
const CUT = '…`';

/** "a → b"; as they are written where the words are alike or leave something out. */
export function fromTo(from: Part | undefined, to: Part | undefined): string {
  const inFull = from?.words === to?.words || [from, to].some((one) => one?.words.includes(CUT));
  const said = (one: Part | undefined): string => (inFull ? one?.raw : one?.words) || 'nothing said';
  return `${said(from)} → ${said(to)}`;
}
