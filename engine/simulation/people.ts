// The people of a simulated world: they answer what the script says, when it says; else they are silent.

import { checkForm, type FieldFault } from '../../language/form.ts';
import type { Json } from '../../language/plan.ts';
import { checkRows, rowsByName } from '../../language/rows.ts';
import type { ScenarioAct } from '../../language/scenario.ts';
import type { Asked, RenderedEscalation, StepResult } from '../command.ts';
import { type Clock, isoAfter } from './clock.ts';
import type { Happening, Script } from './simulation.ts';

export interface Question {
  readonly key: string;
  readonly id: string;
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  readonly escalations?: readonly RenderedEscalation[];
  /** What they see: to whom it goes, what it says, what it is about. */
  readonly card: Card;
  /** An approval: how many different people it needs. */
  readonly needs?: number;
  /** A question: what may be answered. Absent for an approval. */
  readonly asked?: Asked;
  /** The one person it is put to: nobody else answers or approves it. */
  readonly person?: string;
  readonly end: (result: StepResult) => void;
}

export type Card = Pick<Happening, 'to' | 'title' | 'covers' | 'verb' | 'target' | 'params'>;

export type Tell = (question: Question, what: string, more?: Pick<Happening, 'by' | 'to'>) => void;

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
  const asked: Question[] = [];
  const ask = (question: Question) => {
    asked.push(question);
    const one: Open = { question, approvals: new Set() };
    const isOpen = () => open.get(question.key) === one;
    const since = clock.nowMs();
    open.set(question.key, one);
    tell(question, 'asked');
    const isSpokenOf = script.people.some((act) => act.step === question.id || act.step === question.key);
    if (script.areWilling && !question.asked && !isSpokenOf) {
      approveAtOnce(one, { clock, tell, close, problems });
      return;
    }
    for (const act of script.people) {
      if (act.step !== question.id && act.step !== question.key) continue;
      const when = act.atMs ?? since + (act.afterMs ?? 0);
      if (!isMeant(act, question, when - since)) continue;
      used.add(act);
      if (when < since) problems.push(`${inWords(act)}: that is before anybody was asked`);
      else clock.at(when, () => (isOpen() ? hear(one, act, { clock, tell, close, problems }) : tell(question, 'ignored', { by: act.by })));
    }
    for (const after of question.remindMs) clock.at(since + after, () => isOpen() && tell(question, 'reminded'));
    for (const { afterMs, to } of question.escalations ?? [])
      clock.at(since + afterMs, () => isOpen() && tell(question, 'escalated', { to }));
    clock.at(since + question.withinMs, () => isOpen() && close(one, { outcome: 'expired', at: isoAfter(clock.nowMs()) }));
  };
  return {
    ask,
    withdraw: (key) => open.delete(key),
    problems: () => {
      const idle = script.people.filter((act) => !used.has(act));
      return [...problems, ...idle.map((act) => `${inWords(act)}: ${whoElse(act, asked)}`)];
    },
  };
}

function approveAtOnce(one: Open, { clock, tell, close }: Hearing): void {
  const { needs = 1, person: only } = one.question;
  const people = Array.from({ length: needs }, (_, index) => (only !== undefined && index === 0 ? only : `person ${index + 1}`));
  for (const person of people) tell(one.question, 'approved', { by: person });
  close(one, { outcome: 'answered', by: people.at(-1) ?? '', at: isoAfter(clock.nowMs()) });
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
  if (question.asked) {
    const answer = act.does === 'answer' && act.with !== undefined ? answerTo(question.asked, act.with) : undefined;
    if (answer === undefined) problems.push(`${inWords(act)}: ${question.id} is a question, answer it`);
    else if (typeof answer === 'string') problems.push(`${inWords(act)}: ${answer}`);
    else close(one, { outcome: 'answered', answer: answer.value, by: question.person ?? act.by, at });
    return;
  }
  if (act.does === 'answer') problems.push(`${inWords(act)}: ${question.id} is an approval, approve or deny it`);
  else if (act.does === 'deny') close(one, { outcome: 'denied', by: act.by, at });
  else {
    approvals.add(act.by);
    tell(question, 'approved', { by: act.by });
    if (approvals.size >= (question.needs ?? 1)) close(one, { outcome: 'answered', by: act.by, at }); // `by` is whose yes it was that let it pass
  }
}

/**
 * What a named person does is theirs; without a name, it stands for whoever is asked. Who is asked later because nobody has answered counts too.
 * A no to an approval is nobody's privilege.
 */
const isMeant = (act: ScenarioAct, { person, asked, escalations = [] }: Question, sinceMs: number): boolean =>
  person === undefined ||
  act.anybody === true ||
  act.by === person ||
  (act.does === 'deny' && asked === undefined) ||
  escalations.some(({ afterMs }) => afterMs <= sinceMs);

function whoElse(act: ScenarioAct, asked: readonly Question[]): string {
  const people = asked.flatMap(({ id, key, person }) => (person !== undefined && (act.step === id || act.step === key) ? [person] : []));
  return people.length === 0 ? 'nobody was asked' : `asked was ${[...new Set(people)].join(', ')}, and nobody else`;
}

/** The answer as it would be stored; a text says why it is none. */
function answerTo(asked: Asked, given: NonNullable<ScenarioAct['with']>): { readonly value: Json } | string {
  if ('choices' in asked)
    return typeof given === 'string' && asked.choices.includes(given) ? { value: given } : `its choices are ${asked.choices.join(', ')}`;
  if ('form' in asked) {
    const checked = checkForm(asked.form, given);
    return checked.ok ? checked : inWordsOf(checked.faults);
  }
  const named = rowsByName(asked.rows, typeof given === 'string' ? { '*': given } : textsOf(given));
  if (!named.ok) return inWordsOf(named.faults);
  const checked = checkRows(asked.rows, named.value);
  return checked.ok ? checked : inWordsOf(checked.faults);
}

const textsOf = (given: Readonly<Record<string, Json>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));

const inWordsOf = (faults: readonly FieldFault[]): string => faults.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');

export function inWords(act: ScenarioAct): string {
  const given = act.with === undefined ? '' : ` with ${typeof act.with === 'string' ? act.with : JSON.stringify(act.with)}`;
  return `${act.does}: ${act.step}${given} (by ${act.by})`;
}
