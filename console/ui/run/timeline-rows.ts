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
};

export function timelineRows(run: Pick<RunDetail, 'plan' | 'steps' | 'state'>): readonly TimelineRow[] {
  const forward = run.steps.filter(({ kind }) => kind !== 'undo');
  const planned = new Set(run.plan.map(({ id }) => id));
  const rest = run.steps
    .filter((step) => step.kind === 'undo' || !planned.has(step.stepId))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return [
    ...run.plan.flatMap((entry) => planRows(entry, forward, OVER.includes(run.state))),
    ...rest.map((step) => stepRow(step, 0, step.verb ? verbWords(step.verb) : step.stepId)),
  ];
}

function planRows(entry: RunDetail['plan'][number], steps: readonly StepRow[], isOver: boolean): readonly TimelineRow[] {
  const own = steps.filter(({ stepId }) => stepId === entry.id);
  const words = entry.note ?? (entry.verb ? verbWords(entry.verb) : entry.id);
  const holds = STRUCTURE[entry.kind];
  if (holds !== undefined) {
    return [
      { id: entry.id, depth: entry.depth, words: entry.note ?? `${holds}: ${entry.id}` },
      ...own.map((step) => stepRow(step, entry.depth + 1, words)),
    ];
  }
  if (own.length > 0) return own.map((step) => stepRow(step, entry.depth, words));
  const said: Said = { tone: 'none', word: isOver ? 'not reached' : 'to come' };
  return [{ id: entry.id, depth: entry.depth, words, said }];
}

function stepRow(step: StepRow, depth: number, words: string): TimelineRow {
  const id = `${step.key}:${step.generation}:${step.kind}`;
  const target = step.entityName ? `: ${step.entityName}` : '';
  // A step that only reads has its verb's name for a sentence.
  const says = step.says && step.says !== step.verb ? step.says : `${words}${target}`;
  return { id, depth, words: says, said: stepSaid(step), step };
}
