// What each kind of step does, in plain English: the account of `cordon explain` and the picture of `cordon graph` say the same. One row for each kind.
import type { Approve, Hold, People, Step, Then } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { conditionWords, type NameStep, templateWords } from './expression-words.ts';
import { counted, durationWords, listWords, peopleWords } from './quantities.ts';

/** What the picture draws it as. */
export type Look = 'read' | 'effect' | 'people' | 'choice' | 'together' | 'loop' | 'wait' | 'undo' | 'end' | 'note';

export interface InnerList {
  /** When this list is worked: "if phishing", "for each user". */
  readonly label: string;
  readonly steps: readonly Step[];
}

export interface StepWords {
  readonly look: Look;
  /** A few words, imperative: "Isolate the host". */
  readonly headline: string;
  /** Sentences that say the rest of it. */
  readonly sentences: readonly string[];
  readonly lists: readonly InnerList[];
}

type Rows = { readonly [K in Step['kind']]: (step: Extract<Step, { readonly kind: K }>, name: NameStep) => StepWords };

const ROWS: Rows = {
  do: (step, name) => {
    const verb = VERBS[step.verb];
    const target = verb?.target === undefined ? undefined : step.with[verb.target];
    const title = verb?.title ?? step.verb;
    const about = target && 'cel' in target && !/^inputs\.\w+$/.test(target.cel) ? ` (${templateWords(target, name)})` : '';
    const said = step.with.title ?? step.with.text;
    return {
      look: verb?.risk === 'read' ? 'read' : 'effect',
      // A definite thing, where the verb acts on one: "Isolate the host".
      headline: `${target ? title.replace(/\ban? (?=(?:user|host|message|address|URL|file|ticket)\b)/i, 'the ') : title}${about}`,
      sentences: [
        ...(said ? [`It says: “${templateWords(said, name).replace(/\s+/g, ' ').trim()}”.`] : []),
        ...(verb?.risk === 'destructive' ? ['This cannot be undone.'] : []),
        ...(verb?.risk === 'reversible' ? [`${holdSentence(step.hold)} It can be undone: ${lowered(verb.inverse ?? 'put back')}.`] : []),
        ...approveSentences(step.approve, name, 'it'),
        ...(step.via === undefined ? [] : [`It is done by the connector ${step.via}.`]),
      ],
      lists: [],
    };
  },
  ask: (step, name) => ({
    look: 'people',
    headline: `Ask ${peopleWords(step.to, personOf(step.to, name))}: “${templateWords(step.title, name)}”`,
    sentences: [
      `The answers: ${listWords(step.choices, 'or')}. They have ${durationWords(step.withinMs)} to answer${reminders(step.remindMs)}.`,
      `Silence means ${step.else}.`,
    ],
    lists: [],
  }),
  group: (step, name) => ({
    look: 'together',
    headline: step.approve ? 'One decision over all of these' : 'These belong together',
    sentences: approveSentences(step.approve, name, 'all of it'),
    lists: [{ label: '', steps: step.steps }],
  }),
  if: (step, name) => ({
    look: 'choice',
    headline: `Is it so that ${conditionWords(step.condition, name)}?`,
    sentences: [],
    lists: [
      { label: 'yes', steps: step.then },
      { label: 'no', steps: step.else },
    ],
  }),
  parallel: (step, name) => ({
    look: 'together',
    headline:
      step.join === 'all' ? 'At the same time, all of these' : 'At the same time; the first that ends well counts, the others are stopped',
    sentences: approveSentences(step.approve, name, 'all of it'),
    lists: step.branches.map((steps, index) => ({ label: steps.length === 1 ? '' : `branch ${index + 1}, in this order`, steps })),
  }),
  undo: (step, name) => ({
    look: 'undo',
    headline: step.scope === 'all' ? 'Undo everything this run has done' : `Undo what was done by ${listWords(step.scope.map(name))}`,
    sentences: ['The last effect is taken back first; what somebody else has changed meanwhile is left alone.'],
    lists: [],
  }),
  stop: (step, name) => ({
    look: 'end',
    headline: `The run ends here as “${step.outcome}”`,
    sentences: [...(step.message ? [`${templateWords(step.message, name)}`] : []), 'What is in place stays in place.'],
    lists: [],
  }),
  set: (step, name) => ({
    look: 'note',
    headline: `Note ${listWords(Object.entries(step.vars).map(([key, value]) => `${key}: ${templateWords(value, name)}`))}`,
    sentences: [],
    lists: [],
  }),
};

// The row of a step's own kind takes that step; the type system cannot follow a lookup by `kind`.
const rowOf = (step: Step) => ROWS[step.kind] as (step: Step, name: NameStep) => StepWords;

/** The step as people say it, with what follows a failure or a denial as lists of its own. */
export function stepWords(step: Step, name: NameStep): StepWords {
  const words = rowOf(step)(step, name);
  return { ...words, lists: [...words.lists, ...followUp('if it fails', step.onError), ...followUp('if the answer is no', step.onDenied)] };
}

const followUp = (label: string, then: Then): readonly InnerList[] => (typeof then === 'string' ? [] : [{ label, steps: then }]);

export function holdSentence(hold: Hold | undefined): string {
  if (!hold || 'until' in hold) return 'It stays in place until a person releases it.';
  const length = durationWords(hold.forMs);
  if (hold.then === 'release') return `It is held for ${length}, then released by itself.`;
  return `It is held for ${length}; then people are asked, and it stays in place until they answer.`;
}

/** Who is asked before, for how long, and what silence means. */
export function approveSentences(approve: Approve | undefined, name: NameStep, what: string): readonly string[] {
  if (!approve) return [];
  const { by, withinMs, remindMs, escalate, unless } = approve;
  const who = peopleWords(by, personOf(by, name), by.count);
  const spared = unless === undefined ? '' : `, unless ${conditionWords(unless, name)}`;
  return [
    `Before ${what} is done, ${who} must say yes${spared}.`,
    `They have ${durationWords(withinMs)} for that${reminders(remindMs)}${escalate ? `; after ${durationWords(escalate.afterMs)} ${peopleWords(escalate.to, personOf(escalate.to, name))} is asked too` : ''}. Silence means no.`,
  ];
}

const reminders = (remindMs: readonly number[]): string =>
  remindMs.length === 0 ? '' : `, with ${counted(remindMs.length, 'reminder')} after ${listWords(remindMs.map(durationWords))}`;

const personOf = (people: People, name: NameStep): string =>
  people.person === undefined ? 'somebody' : templateWords(people.person, name);

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
