// The rows of a run's timeline: the plan's steps in order, each with what became of it, then what was undone, in the order of time.
import type { RunDetail, StepRow } from '../../../server/contract.ts';
import { type Said, stepSaid, verbWords } from '../../words.ts';

export interface TimelineRow {
  readonly id: string;
  readonly depth: number;
  readonly words: string;
  /** Absent on rows that only hold others together. */
  readonly said?: Said;
  readonly step?: StepRow;
}

const OVER: readonly RunDetail['state'][] = ['completed', 'stopped', 'failed', 'cancelled', 'lost'];

const STRUCTURE: Readonly<Record<string, string>> = {
  group: 'Together',
  if: 'If',
  parallel: 'At the same time',
  switch: 'Choose',
  for_each: 'For each',
  repeat: 'Again and again',
};

export function timelineRows(run: Pick<RunDetail, 'plan' | 'steps' | 'loops' | 'state' | 'outcome'>): readonly TimelineRow[] {
  const forward = run.steps.filter(({ kind }) => kind !== 'undo');
  const reached = new Set(forward.map(({ stepId }) => stepId));
  const stops = stopsOf(run);
  const lastReached = Math.max(
    run.plan.findLastIndex(({ id, depth }) => depth === 0 && reached.has(id)),
    stops.length === 1 ? (stops[0] ?? -1) : -1,
  );
  const planned = new Set(run.plan.map(({ id }) => id));
  const rest = run.steps
    .filter((step) => step.kind === 'undo' || !planned.has(step.stepId))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return [
    ...run.plan.flatMap((entry, index) => {
      if (entry.kind === 'undo' && rest.some(({ kind }) => kind === 'undo')) return []; // its effects are the last rows
      // The outermost steps come one after the other: what lies before one that was reached was passed, and left no row of its own.
      if (stops.includes(index)) return [stopRow(entry, stops.length === 1)];
      const missing = index < lastReached ? 'passed' : OVER.includes(run.state) ? 'not reached' : 'to come';
      return [...planRows(entry, forward, missing), ...moreTurns(entry, forward, run.loops)];
    }),
    ...rest.map((step) => stepRow(step, 0, step.verb ? verbWords(step.verb) : step.stepId)),
  ];
}

/** The stops that a stopped run may have ended at: those with its outcome. A stop leaves no row of its own. */
const stopsOf = ({ state, outcome, plan }: Pick<RunDetail, 'plan' | 'state' | 'outcome'>): readonly number[] =>
  state === 'stopped'
    ? plan.flatMap(({ kind, ends }, index) => (kind === 'stop' && ends !== undefined && ends === outcome ? [index] : []))
    : [];

const stopRow = (entry: RunDetail['plan'][number], isSure: boolean): TimelineRow => ({
  id: entry.id,
  depth: entry.depth,
  words: entry.note ?? nameOf(entry),
  said: { tone: 'none', word: `${isSure ? 'ended' : 'may have ended'} the run: ${entry.ends}` },
});

function planRows(entry: RunDetail['plan'][number], steps: readonly StepRow[], missing: string): readonly TimelineRow[] {
  const own = steps.filter(({ stepId }) => stepId === entry.id);
  const words = entry.note ?? (entry.verb ? verbWords(entry.verb) : nameOf(entry));
  const holds = STRUCTURE[entry.kind];
  if (holds !== undefined) {
    return [
      { id: entry.id, depth: entry.depth, words: entry.note ?? `${[holds, isNamed(entry.id) ? entry.id : ''].filter(Boolean).join(': ')}` },
      ...own.map((step) => stepRow(step, entry.depth + 1, words)),
    ];
  }
  if (own.length > 0) return own.map((step) => stepRow(step, entry.depth, words));
  return [{ id: entry.id, depth: entry.depth, words, said: { tone: 'none', word: missing } }];
}

/** Of a long loop the list has the first turns, and this line the rest. */
function moreTurns(entry: RunDetail['plan'][number], steps: readonly StepRow[], loops: RunDetail['loops']): readonly TimelineRow[] {
  const loop = loops.find(({ stepId, kind }) => stepId === entry.id && kind !== 'undo');
  const shown = steps.filter(({ stepId }) => stepId === entry.id).length;
  if (!loop || loop.turns <= shown) return [];
  const counts = Object.entries(loop.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    { id: `${entry.id}:turns`, depth: entry.depth, words: `${loop.turns} in all: ${counts.join(', ')}. The first ${shown} are listed.` },
  ];
}

/** Steps without a name are numbered by the language: their kind says more. */
const isNamed = (id: string): boolean => !/^step-\d+(-\d+)*$/.test(id);

const KIND_WORDS: Readonly<Record<string, string>> = {
  set: 'Set values',
  stop: 'Stop',
  undo: 'Undo',
  wait: 'Wait',
  ask: 'Ask',
  call: 'Call a playbook',
};

function nameOf({ id, kind }: RunDetail['plan'][number]): string {
  const words = KIND_WORDS[kind];
  if (words === undefined) return id;
  return isNamed(id) && id !== kind ? `${words}: ${id}` : words;
}

function stepRow(step: StepRow, depth: number, words: string): TimelineRow {
  const id = `${step.key}:${step.generation}:${step.kind}`;
  const target = step.entityName ? `: ${step.entityName}` : '';
  // A step that only reads has its verb's name for a sentence.
  const says = step.says && step.says !== step.verb ? step.says : `${words}${target}`;
  return { id, depth, words: says, said: stepSaid(step), step };
}
