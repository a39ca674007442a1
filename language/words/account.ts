// A whole plan as a numbered account for people who never saw the language: when it starts, who is asked, what silence means, what is held and how it
// ends, what a failure does. Plain JSON.
import { own } from '../own.ts';
import type { Input, Plan, Step } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { conditionWords, type NameStep } from './expression-words.ts';
import { article, counted, listWords } from './quantities.ts';
import { followUpLists, type InnerList, innerLists, isEventWait, noWords, raised, stepWords } from './step-words.ts';
import { triggerWords } from './trigger-words.ts';

export interface Point {
  /** "2.1". */
  readonly number: string;
  readonly step: string;
  readonly headline: string;
  readonly sentences: readonly string[];
  readonly lists: readonly { readonly label: string; readonly points: readonly Point[] }[];
}

export interface Account {
  readonly playbook: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  /** How many things of which weight it does, and how often it asks. */
  readonly summary: string;
  readonly starts: readonly string[];
  readonly needs: readonly string[];
  readonly points: readonly Point[];
  readonly ends: readonly string[];
}

export function accountOf(plan: Plan): Account {
  const numbers = new Map<string, string>();
  number(plan.steps, '', numbers);
  const name: NameStep = (id) => (numbers.has(id) ? `step ${numbers.get(id)} (${id})` : id);
  const points = plan.steps.map((step) => pointOf(step, name, numbers));
  const { playbook, title, description, owner } = plan;
  return {
    playbook,
    title,
    description,
    owner,
    summary: summaryOf(plan),
    starts: plan.triggers.map((trigger) => triggerWords(trigger, name)),
    needs: Object.entries(plan.inputs).map(([input, one]) => needSentence(input, one)),
    points,
    ends: endSentences(plan),
  };
}

// Numbers follow the file: lists within a step count on through all of its lists.
function number(steps: readonly Step[], before: string, numbers: Map<string, string>): void {
  for (const [index, step] of steps.entries()) {
    const own = `${before}${index + 1}`;
    numbers.set(step.id, own);
    number(
      innerLists(step).flatMap((list) => list.steps),
      `${own}.`,
      numbers,
    );
  }
}

/** What follows a failure, and what a no, that the step itself says nothing of: "nothing after it is done". */
interface Rest {
  readonly failed: string;
  readonly denied: string;
}

const both = (words: string): Rest => ({ failed: words, denied: words });

function pointOf(step: Step, name: NameStep, numbers: ReadonlyMap<string, string>, rest: Rest = both('nothing after it is done')): Point {
  const { headline, sentences, lists } = stepWords(step, name);
  return {
    number: numbers.get(step.id) ?? '',
    step: step.id,
    headline,
    sentences: [
      ...(step.when === undefined ? [] : [`Only when ${conditionWords(step.when, name)}.`]),
      ...sentences,
      ...failureSentences(step, rest),
      ...(step.note === undefined ? [] : [`Note: ${step.note}`]),
    ],
    // What follows a failure or a denial of a loop is done once, outside of its turns.
    lists: [
      ...listPoints(lists, (inner) => pointOf(inner, name, numbers, restWithin(step, name, rest))),
      ...listPoints(followUpLists(step), (inner) => pointOf(inner, name, numbers, rest)),
    ],
  };
}

const listPoints = (lists: readonly InnerList[], pointFor: (step: Step) => Point): Point['lists'] =>
  lists.map(({ label, steps }) => ({ label, points: steps.map(pointFor) }));

const canFail = (step: Step): boolean => !['stop', 'set', 'if'].includes(step.kind);

/** In a loop a failure ends one turn alone, beside others one branch alone; in a group that goes on without it, the rest of that group. */
function restWithin(step: Step, name: NameStep, rest: Rest): Rest {
  switch (step.kind) {
    case 'for_each':
      return both(`nothing more is done for this ${step.name.replaceAll('_', ' ')}`);
    case 'repeat':
      return both('nothing after it is done, nor a further turn');
    case 'parallel': {
      const branch = 'nothing after it in its branch is done, and the other branches go on';
      return both(
        step.join === 'all'
          ? `${branch}; ${name(step.id)} ends when all of them have ended`
          : `${branch}; one that ends well is enough for ${name(step.id)}`,
      );
    }
    case 'group': {
      const left = `nothing more of ${name(step.id)} is done`;
      return { failed: step.onError === 'stop' ? rest.failed : left, denied: step.onDenied === 'stop' ? rest.denied : left };
    }
    default:
      return rest;
  }
}

function failureSentences(step: Step, rest: Rest): readonly string[] {
  if (!canFail(step)) return [];
  const sentences: string[] = [];
  if (step.onError === 'continue') sentences.push('If it fails, the run goes on.');
  if (step.onError === 'undo') sentences.push('If it fails, everything this run has done is taken back, and the run ends.');
  if (step.onError === 'stop' && (step.kind === 'do' || step.kind === 'undo')) sentences.push(`If it fails, ${rest.failed}.`);
  if (step.onError === 'stop' && step.kind === 'parallel') {
    const when = step.join === 'all' ? 'If a branch has failed when all have ended' : 'If no branch has ended well';
    sentences.push(`${when}, ${rest.failed}.`);
  }
  if (step.onDenied === 'continue') sentences.push(`${raised(noWords(step))}, the run goes on without it.`);
  if (step.onDenied === 'stop' && 'approve' in step && step.approve) sentences.push(`If the answer is no, ${rest.denied}.`);
  if (step.onDenied === 'stop' && isEventWait(step)) sentences.push(`${raised(noWords(step))}, ${rest.denied}.`);
  return sentences;
}

const THINGS: Readonly<Record<string, string>> = { ip: 'IP address', url: 'URL', message: 'mail message' };

function needSentence(name: string, { type, list, optional, description }: Input): string {
  const thing = THINGS[type] ?? type;
  const what = `${name}: ${list ? `a list: each ${article(thing)} ${thing}` : `${article(thing)} ${thing}`}`;
  return `${what}${optional ? ', may be missing' : ''}${description === undefined ? '.' : `. ${description}`}`;
}

function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const list of innerLists(step)) yield* everyStep(list.steps);
  }
}

function summaryOf(plan: Plan): string {
  const steps = [...everyStep(plan.steps)];
  const risks = steps.flatMap((step) => (step.kind === 'do' ? [own(VERBS, step.verb)?.risk] : []));
  const count = (risk: string) => risks.filter((one) => one === risk).length;
  const asks = steps.filter((step) => step.kind === 'ask').length;
  const approvals = steps.filter((step) => 'approve' in step && step.approve).length;
  const parts = [
    count('read') > 0 ? `looks up ${counted(count('read'), 'thing')}` : '',
    count('reversible') > 0 ? `does ${counted(count('reversible'), 'thing')} that can be undone` : '',
    count('destructive') > 0 ? `does ${counted(count('destructive'), 'thing')} that cannot be undone` : '',
    count('additive') > 0 ? `writes ${counted(count('additive'), 'ticket or message', 'tickets or messages')}` : '',
    approvals > 0 ? `asks for ${counted(approvals, 'approval')}` : 'asks for no approval by itself',
    asks > 0 ? `asks ${counted(asks, 'question')}` : '',
  ];
  return `It ${listWords(parts.filter((part) => part !== ''))}.`;
}

function endSentences(plan: Plan): readonly string[] {
  const failure =
    plan.onFailure === 'undo'
      ? 'When a step fails and nothing here says otherwise, everything it has done is taken back.'
      : 'When a step fails and nothing here says otherwise, the run ends as failed; what is in place stays in place, and people can undo it.';
  return [
    failure,
    'When a person cancels it, what is under way is ended first, and what is in place stays in place.',
    'Policy is asked before every effect: it can ask more people than stand here, or refuse; it never asks fewer.',
  ];
}
