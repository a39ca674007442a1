// A plan as what is to be drawn: cards, frames and branches, in plain words. No places and no sizes yet; Mermaid and SVG are made from it.
import { escalationsOf } from '../escalations.ts';
import type { Approve, Plan, Step } from '../plan.ts';
import { conditionWords, templateWords } from '../words/expression-words.ts';
import { durationWords, peopleWords } from '../words/quantities.ts';
import { followUpLists, type InnerList, type Look, stepWords } from '../words/step-words.ts';
import { triggerBrief } from '../words/trigger-words.ts';

export interface Card {
  readonly kind: 'card';
  readonly look: Look | 'start';
  /** Absent on start and end. */
  readonly step?: string;
  /** In the playbook's file. */
  readonly line?: number;
  /** As other steps call it; absent where its author gave it no name. */
  readonly name?: string;
  readonly headline: string;
  readonly small: readonly string[];
  /** Everything that is said of it, for who asks. */
  readonly all: readonly string[];
  /** Its own condition, where it has one. */
  readonly guard?: string;
  /** Nothing comes after it. */
  readonly ends: boolean;
}

export interface Frame {
  readonly kind: 'frame';
  readonly look: Look;
  readonly step: string;
  readonly title: string;
  readonly guard?: string;
  readonly inside: Flow;
}

export interface Branches {
  readonly kind: 'branches';
  /** One of them (a choice), or all side by side. */
  readonly how: 'one' | 'all';
  readonly branches: readonly { readonly label: string; readonly flow: Sequence }[];
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Flow[];
}

export type Flow = Card | Frame | Branches | Sequence;

const named = (id: string): string => `“${id}”`;
const sequence = (items: readonly Flow[]): Sequence => ({ kind: 'sequence', items });

export function flowOf(plan: Plan): Sequence {
  const start: Card = {
    ...blank,
    look: 'start',
    headline: plan.title,
    small: plan.triggers.map((one, index) => `${index === 0 ? '' : 'or '}${triggerBrief(one)}`),
  };
  const end: Card = { ...blank, look: 'end', headline: 'The run is completed', small: [], ends: true };
  return sequence([start, ...listFlow(plan.steps).items, end]);
}

const blank = { kind: 'card', look: 'note', headline: '', small: [], all: [], ends: false } as const;

/** `no`: what becomes of the run where a step is denied and says nothing of it itself. */
const listFlow = (steps: readonly Step[], no = 'the run ends'): Sequence => sequence(steps.flatMap((step) => stepFlow(step, no)));

/** Beside others a denial ends its branch alone; in a group that goes on without it, the rest of that group. */
function noWithin(step: Step, no: string): string {
  if (step.kind === 'parallel') return `this branch ends, the others go on${step.join === 'any' ? '; one that ends well is enough' : ''}`;
  return step.kind === 'group' && step.onDenied !== 'stop' ? 'the rest of these is left out' : no;
}

function stepFlow(step: Step, no: string): readonly Flow[] {
  const guard = step.when === undefined ? undefined : conditionWords(step.when, named);
  if (guard === undefined) return bodyOf(step, undefined, no);
  // What ends the run and what undoes it are turnings of the whole: drawn as such.
  if (step.kind !== 'stop' && step.kind !== 'undo') return bodyOf(step, guard, no);
  const otherwise = { label: 'otherwise', flow: sequence([]) };
  return [{ kind: 'branches', how: 'one', branches: [otherwise, { label: `if ${guard}`, flow: sequence(bodyOf(step, undefined, no)) }] }];
}

function bodyOf(step: Step, guard: string | undefined, no: string): readonly Flow[] {
  const words = stepWords(step, named);
  const approve = 'approve' in step ? step.approve : undefined;
  const people = approve ? [approvalCard(step, approve, guard, no)] : [];
  const own = approve ? {} : guardOf(guard);
  const place = { step: step.id, line: step.line, ...(step.named ? { name: step.id } : {}) };
  const all = [...words.sentences, ...(step.note === undefined ? [] : [step.note])];
  const after = aside(followUpLists(step), no);
  const within = noWithin(step, no);
  if (words.look === 'together' || words.look === 'loop') {
    const inside: Flow =
      step.kind === 'parallel'
        ? branches('all', words.lists, within)
        : sequence(words.lists.flatMap((list) => listFlow(list.steps, within).items));
    return [
      ...people,
      {
        kind: 'frame',
        look: words.look,
        step: step.id,
        title: step.named ? `${step.id}: ${lowered(words.headline)}` : words.headline,
        ...own,
        inside,
      },
      ...after,
    ];
  }
  const { small, headline } = { small: words.brief, headline: words.headline };
  const card: Card = { kind: 'card', look: words.look, ...place, headline, small, all, ends: step.kind === 'stop', ...own };
  const inner = words.lists.length === 0 ? [] : [branches('one', words.lists, within)];
  return [...people, card, ...inner, ...after];
}

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
const guardOf = (guard: string | undefined): { guard?: string } => (guard === undefined ? {} : { guard });

const branches = (how: Branches['how'], lists: readonly InnerList[], no: string): Branches => ({
  kind: 'branches',
  how,
  branches: lists.map(({ label, steps }) => ({ label: how === 'all' ? '' : label, flow: listFlow(steps, no) })),
});

/** Steps that take the place of what failed or was denied stand beside the way on. */
function aside(lists: readonly InnerList[], no: string): readonly Branches[] {
  if (lists.length === 0) return [];
  const straight = { label: 'done', flow: sequence([]) };
  return [{ kind: 'branches', how: 'one', branches: [straight, ...branches('one', lists, no).branches] }];
}

/** An approval stands before what it is about, as people. */
function approvalCard(step: Step, approve: Approve, guard: string | undefined, rest: string): Card {
  const { by, withinMs, unless } = approve;
  const after = escalationsOf(approve).map(({ afterMs }) => durationWords(afterMs));
  const who = peopleWords(by, by.person === undefined ? '' : templateWords(by.person, named), by.count);
  const no = step.onDenied === 'stop' ? rest : step.onDenied === 'continue' ? 'the run goes on without it' : 'see beside';
  return {
    kind: 'card',
    look: 'people',
    step: step.id,
    line: step.line,
    headline: `${who.charAt(0).toUpperCase()}${who.slice(1)} must say yes`,
    small: [
      ...(unless === undefined ? [] : [`not asked if ${conditionWords(unless, named)}`]),
      `within ${durationWords(withinMs)}${after.length > 0 ? `; after ${after.join(' and ')} others are asked too` : ''}`,
      `no, or silence: ${no}`,
    ],
    all: stepWords(step, named).sentences,
    ends: false,
    ...guardOf(guard),
  };
}
