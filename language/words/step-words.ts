// What each kind of step does, in plain English: the account of `cordon explain` and the picture of `cordon graph` say the same. One row for each kind.
import { escalationsOf } from '../escalations.ts';
import { own } from '../own.ts';
import type { Approve, AskStep, DoStep, Hold, People, Step } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { conditionWords, type NameStep, templateWords, valueWords } from './expression-words.ts';
import { counted, durationWords, listWords, peopleWords } from './quantities.ts';

/** What the picture draws it as. */
export type Look = 'read' | 'tell' | 'effect' | 'final' | 'people' | 'choice' | 'together' | 'loop' | 'wait' | 'undo' | 'end' | 'note';

export interface InnerList {
  /** When this list is worked: "if phishing", "for each user". */
  readonly label: string;
  readonly steps: readonly Step[];
}

export interface StepWords {
  readonly look: Look;
  /** A few words, imperative: "Isolate the host". */
  readonly headline: string;
  /** The two or three things that a picture has room for. */
  readonly brief: readonly string[];
  /** Sentences that say the rest of it. */
  readonly sentences: readonly string[];
  readonly lists: readonly InnerList[];
}

type Rows = { readonly [K in Step['kind']]: (step: Extract<Step, { readonly kind: K }>, name: NameStep) => StepWords };

/** tell: a ticket, a message · final: cannot be undone. */
const LOOKS = { read: 'read', additive: 'tell', reversible: 'effect', destructive: 'final' } as const;

const ROWS: Rows = {
  do: (step, name) => {
    const verb = own(VERBS, step.verb);
    const target = verb?.target === undefined ? undefined : step.with[verb.target];
    const title = verb?.title ?? step.verb;
    const about = target && 'cel' in target && !/^inputs\.\w+$/.test(target.cel) ? ` (${templateWords(target, name)})` : '';
    const said = step.with.title ?? step.with.text;
    return {
      look: LOOKS[verb?.risk ?? 'destructive'],
      // A definite thing, where the verb acts on one: "Isolate the host".
      headline: `${target ? title.replace(/\ban? (?=(?:user|host|message|address|URL|file|ticket)\b)/i, 'the ') : title}${about}`,
      brief: [
        ...(verb?.risk === 'reversible' ? [holdBrief(step.hold)] : []),
        ...(verb?.risk === 'destructive' ? ['cannot be undone'] : []),
        ...(step.onError === 'undo' ? ['if it fails: everything is undone'] : []),
      ],
      sentences: [
        ...(said ? [`It says: “${templateWords(said, name).replace(/\s+/g, ' ').trim()}”.`] : []),
        ...(verb?.risk === 'destructive' ? ['This cannot be undone.'] : []),
        ...(verb?.risk === 'reversible' ? [`${holdSentence(step.hold)} It can be undone: ${lowered(verb.inverse ?? 'put back')}.`] : []),
        ...approveSentences(step.approve, name, 'it'),
        ...(step.via === undefined ? [] : [`It is done by the connector ${step.via}.`]),
        ...patienceSentences(step),
      ],
      lists: [],
    };
  },
  ask: (step, name) => ({
    look: 'people',
    headline: `Ask ${peopleWords(step.to, personOf(step.to, name))}: “${templateWords(step.title, name)}”`,
    brief: [answerBrief(step), `within ${durationWords(step.withinMs)}; silence means ${silenceWords(step, name)}`],
    sentences: [
      `${answerSentence(step, name)} They have ${durationWords(step.withinMs)} to answer${reminders(step.remindMs)}.`,
      `Silence means ${silenceWords(step, name)}${step.rows ? ' for every row' : ''}.`,
    ],
    lists: [],
  }),
  group: (step, name) => ({
    look: 'together',
    headline: step.approve ? 'One decision over all of these' : 'These belong together',
    brief: [],
    sentences: approveSentences(step.approve, name, 'all of it'),
    lists: [{ label: '', steps: step.steps }],
  }),
  if: (step, name) => ({
    look: 'choice',
    headline: `${raised(conditionWords(step.condition, name))}?`,
    brief: [],
    sentences: [],
    lists: [
      { label: 'yes', steps: step.then },
      { label: 'no', steps: step.else },
    ],
  }),
  switch: (step, name) => ({
    look: 'choice',
    headline: `Which way: by ${valueWords(step.value, name)}`,
    brief: [],
    sentences: step.else.length > 0 ? [] : ['Where none of these fits, nothing is done.'],
    lists: [
      ...step.cases.map((one) => ({ label: one.is, steps: one.steps })),
      ...(step.else.length > 0 ? [{ label: 'else', steps: step.else }] : []),
    ],
  }),
  for_each: (step, name) => ({
    look: 'loop',
    headline: `For each ${step.name} of ${templateWords(step.of, name)}`,
    brief: [step.atOnce === 1 ? 'one after the other' : `${step.atOnce} at a time`],
    sentences: [
      `At most ${step.max}${step.atOnce === 1 ? ', one after the other' : `, ${step.atOnce} at a time`}. One that fails stops no other.`,
      ...approveSentences(step.approve, name, 'any of it'),
    ],
    lists: [{ label: `for each ${step.name}`, steps: step.steps }],
  }),
  call: (step, name) => ({
    look: 'together',
    headline: `Do the playbook “${step.playbook}”`,
    brief: [],
    sentences: [
      ...Object.entries(step.with).map(([input, value]) => `Its “${input}” is ${templateWords(value, name)}.`),
      'It is a part of this run: an undo of this run takes back what it did.',
    ],
    lists: [{ label: '', steps: step.callee.steps }],
  }),
  repeat: (step, name) => ({
    look: 'loop',
    headline: `Again and again until ${conditionWords(step.until, name)}`,
    brief: [`every ${durationWords(step.everyMs)}, for ${durationWords(step.forMs)} at the most`],
    sentences: [
      `With ${durationWords(step.everyMs)} between two turns. When it is not so within ${durationWords(step.forMs)}, the step has failed.`,
    ],
    lists: [{ label: 'in each turn', steps: step.steps }],
  }),
  wait: (step, name) => {
    const { on } = step;
    if ('forMs' in on) return { look: 'wait', headline: `Wait ${durationWords(on.forMs)}`, brief: [], sentences: [], lists: [] };
    if ('until' in on)
      return { look: 'wait', headline: `Wait until ${templateWords(on.until, name)}`, brief: [], sentences: [], lists: [] };
    return {
      look: 'wait',
      headline: `Wait for “${on.event}”`,
      brief: [`for ${durationWords(on.withinMs)} at the most`],
      sentences: [`It is posted by a person or a program; without it, the wait ends as expired after ${durationWords(on.withinMs)}.`],
      lists: [],
    };
  },
  parallel: (step, name) => ({
    look: 'together',
    headline:
      step.join === 'all' ? 'At the same time, all of these' : 'At the same time; the first that ends well counts, the others are stopped',
    brief: [],
    sentences: [
      ...approveSentences(step.approve, name, 'all of it'),
      ...(step.join === 'any' && step.branches.some((steps) => steps.every(({ when }) => when !== undefined))
        ? ['A branch that is skipped as a whole has ended well at once, and counts.']
        : []),
    ],
    lists: step.branches.map((steps, index) => ({ label: steps.length === 1 ? '' : `branch ${index + 1}, in this order`, steps })),
  }),
  undo: (step, name) => ({
    look: 'undo',
    headline: step.scope === 'all' ? 'Undo everything this run has done' : `Undo what was done by ${listWords(step.scope.map(name))}`,
    brief: ['the last effect first'],
    sentences: ['The last effect is taken back first; what somebody else has changed meanwhile is left alone.'],
    lists: [],
  }),
  stop: (step, name) => ({
    look: 'end',
    headline: `The run ends here as “${step.outcome}”`,
    brief: step.message ? [templateWords(step.message, name)] : [],
    sentences: [...(step.message ? [asSentence(templateWords(step.message, name))] : []), 'What is in place stays in place.'],
    lists: [],
  }),
  set: (step, name) => ({
    look: 'note',
    headline: `Remember ${listWords(Object.keys(step.vars).map((key) => `“${key}”`))}`,
    brief: [],
    sentences: Object.entries(step.vars).map(([key, value]) => `“${key}” is ${templateWords(value, name)}.`),
    lists: [],
  }),
};

// The row of a step's own kind takes that step; the type system cannot follow a lookup by `kind`.
const rowOf = (step: Step) => ROWS[step.kind] as (step: Step, name: NameStep) => StepWords;

/** The step as people say it. */
export const stepWords = (step: Step, name: NameStep): StepWords => rowOf(step)(step, name);

export const isEventWait = (step: Step): boolean => step.kind === 'wait' && 'event' in step.on;

/** When `on_denied` counts: an event that does not come in time is no answer. */
export const noWords = (step: Step): string => (isEventWait(step) ? 'if it does not come in time' : 'if the answer is no');

/** What follows a failure or a denial, where it is steps of its own. */
export const followUpLists = (step: Step): readonly InnerList[] =>
  [
    { label: 'if it fails', steps: step.onError },
    { label: noWords(step), steps: step.onDenied },
  ].flatMap(({ label, steps }) => (typeof steps === 'string' ? [] : [{ label, steps }]));

/** Every list of steps that the step holds, in the order of the file. */
export const innerLists = (step: Step): readonly InnerList[] => [...stepWords(step, (id) => id).lists, ...followUpLists(step)];

function holdSentence(hold: Hold | undefined): string {
  if (!hold || 'until' in hold) return 'It stays in place until a person releases it.';
  const length = durationWords(hold.forMs);
  if (hold.then === 'release') return `It is held for ${length}, then released by itself.`;
  return `It is held for ${length}; then people are asked, and it stays in place until they answer.`;
}

/** A few words: "held for 1 day, then released". */
export function holdBrief(hold: Hold | undefined): string {
  if (!hold || 'until' in hold) return 'held until a person releases it';
  return `held for ${durationWords(hold.forMs)}, then ${hold.then === 'ask' ? 'people are asked' : 'released'}`;
}

/** How often it is tried, and when it is given up. */
function patienceSentences({ retry, timeoutMs }: DoStep): readonly string[] {
  return [
    ...(retry === undefined ? [] : [`It is tried ${counted(retry.attempts, 'time')} in all before it has failed.`]),
    ...(timeoutMs === undefined
      ? []
      : [`It is given up after ${durationWords(timeoutMs)}, and has failed then; an approval that is still open is withdrawn.`]),
  ];
}

/** Who is asked before, for how long, and what silence means. */
function approveSentences(approve: Approve | undefined, name: NameStep, what: string): readonly string[] {
  if (!approve) return [];
  const { by, withinMs, remindMs, unless } = approve;
  const who = peopleWords(by, personOf(by, name), by.count);
  const more = escalationsOf(approve).map(
    ({ afterMs, to }) => `after ${durationWords(afterMs)} ${peopleWords(to, personOf(to, name))} is asked too`,
  );
  const spared = unless === undefined ? '' : `, unless ${conditionWords(unless, name)}`;
  return [
    `Before ${what} is done, ${who} must say yes${spared}.`,
    `They have ${durationWords(withinMs)} for that${reminders(remindMs)}${more.map((one) => `; ${one}`).join('')}. Silence means no.`,
  ];
}

const reminders = (remindMs: readonly number[]): string =>
  remindMs.length === 0 ? '' : `, with ${counted(remindMs.length, 'reminder')} after ${listWords(remindMs.map(durationWords))}`;

const personOf = (people: People, name: NameStep): string =>
  people.person === undefined ? 'somebody' : templateWords(people.person, name);

/** A message of the author's, with a stop where it has none. */
const asSentence = (text: string): string => (/[.!?…:]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

export const raised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

function answerBrief({ choices, form, rows }: AskStep): string {
  if (form) return `a form: ${listWords(form.map(({ label }) => label))}`;
  return rows ? `${listWords(rows.choices, 'or')}, for each row` : listWords(choices ?? [], 'or');
}

function answerSentence({ choices, form, rows }: AskStep, name: NameStep): string {
  if (form) return `They fill in ${listWords(form.map(({ label, optional }) => (optional ? `${label} (may be left empty)` : label)))}.`;
  if (rows) return `For each of ${templateWords(rows.of, name)} they say ${listWords(rows.choices, 'or')}.`;
  return `The answers: ${listWords(choices ?? [], 'or')}.`;
}

function silenceWords(step: AskStep, name: NameStep): string {
  if (typeof step.else === 'string') return step.else;
  const said = step.else;
  const values = (step.form ?? []).flatMap((field) => {
    const value = (Object.hasOwn(said, field.name) ? said[field.name] : undefined) ?? field.default;
    return value === undefined ? [] : [`${field.label}: ${templateWords(value, name)}`];
  });
  return values.length === 0 ? 'an empty form' : listWords(values);
}
