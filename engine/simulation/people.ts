// The people of a simulated world: they answer what the script says, when it says; else they are silent.
import type { ScenarioAct } from '../../language/scenario.ts';
import type { StepResult } from '../command.ts';
import { type Clock, isoAfter } from './clock.ts';
import type { Script } from './simulation.ts';

export interface Question {
  readonly key: string;
  readonly id: string;
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  readonly escalateAfterMs?: number;
  /** An approval: how many different people it needs. */
  readonly needs?: number;
  /** A question: what may be answered. */
  readonly choices?: readonly string[];
  readonly end: (result: StepResult) => void;
}

export type Tell = (question: { readonly key: string; readonly id: string }, what: string, by?: string) => void;

export interface People {
  readonly ask: (question: Question) => void;
  /** Nobody needs to answer any more; false when nothing was open under this key. */
  readonly withdraw: (key: string) => boolean;
  readonly problems: () => readonly string[];
}

export function createPeople(script: Script, clock: Clock, tell: Tell): People {
  const open = new Map<string, Open>();
  const used = new Set<ScenarioAct>();
  const problems: string[] = [];
  const close = (one: Open, result: StepResult) => {
    open.delete(one.question.key);
    one.question.end(result);
  };
  const ask = (question: Question) => {
    const one: Open = { question, approvals: new Set() };
    const isOpen = () => open.get(question.key) === one;
    const since = clock.nowMs();
    open.set(question.key, one);
    tell(question, 'asked');
    for (const act of script.people) {
      if (act.step !== question.id || act.does === 'cancel') continue;
      used.add(act);
      const when = act.atMs ?? since + (act.afterMs ?? 0);
      if (when < since) problems.push(`${inWords(act)}: that is before anybody was asked`);
      else clock.at(when, () => (isOpen() ? hear(one, act, { clock, tell, close, problems }) : tell(question, 'ignored', act.by)));
    }
    for (const after of question.remindMs) clock.at(since + after, () => isOpen() && tell(question, 'reminded'));
    if (question.escalateAfterMs !== undefined) clock.at(since + question.escalateAfterMs, () => isOpen() && tell(question, 'escalated'));
    clock.at(since + question.withinMs, () => isOpen() && close(one, { outcome: 'expired', at: isoAfter(clock.nowMs()) }));
  };
  return {
    ask,
    withdraw: (key) => open.delete(key),
    problems: () => {
      const idle = script.people.filter((act) => act.does !== 'cancel' && !used.has(act));
      return [...problems, ...idle.map((act) => `${inWords(act)}: nobody was asked`)];
    },
  };
}

interface Open {
  readonly question: Question;
  readonly approvals: Set<string>;
}

interface Hearing {
  readonly clock: Clock;
  readonly tell: Tell;
  readonly close: (one: Open, result: StepResult) => void;
  readonly problems: string[];
}

function hear(one: Open, act: ScenarioAct, { clock, tell, close, problems }: Hearing): void {
  const { question, approvals } = one;
  const at = isoAfter(clock.nowMs());
  if (question.choices) {
    if (act.does !== 'answer' || act.with === undefined) problems.push(`${inWords(act)}: ${question.id} is a question, answer it`);
    else if (!question.choices.includes(act.with)) problems.push(`${inWords(act)}: its choices are ${question.choices.join(', ')}`);
    else close(one, { outcome: 'answered', answer: act.with, by: act.by, at });
    return;
  }
  if (act.does === 'answer') problems.push(`${inWords(act)}: ${question.id} is an approval, approve or deny it`);
  else if (act.does === 'deny') close(one, { outcome: 'denied', by: act.by, at });
  else {
    approvals.add(act.by);
    tell(question, 'approved', act.by);
    if (approvals.size >= (question.needs ?? 1)) close(one, { outcome: 'answered', by: [...approvals].join(', '), at });
  }
}

const inWords = (act: ScenarioAct): string => `${act.does}: ${act.step}${act.with === undefined ? '' : ` with ${act.with}`} (by ${act.by})`;
