// What is left of a loop's turn when it has ended: one more in the counts, and the item itself where it did not end well. Its results are
// forgotten, so that ten thousand items need no more memory than those that are under way.
import type { Json, Step } from '../language/plan.ts';
import type { Outcome, StepResult } from './command.ts';
import type { LoopFrame } from './frame.ts';
import { keyOf } from './keys.ts';
import { STANDING } from './outcome.ts';
import type { Progress, Run, Scope } from './run.ts';
import { forgetStep, idsInside } from './settle.ts';

/** The worst first: an item is counted once, under the first of these that any step of its turn ended with. */
const WORST_FIRST = [
  'failed',
  'unknown',
  'unverified',
  'cancelled',
  'denied',
  'expired',
  'changed',
  'would',
  'already',
  'answered',
  'read',
  'done',
  'skipped',
] as const satisfies readonly Outcome[];

/** Items that did not end well and are kept, the first of the list. */
const MAX_LEFT = 100;

/** Every outcome is there, so that `counts.failed` can be read where nothing has failed. */
export const emptyCounts = (): Record<string, number> => Object.fromEntries([['items', 0], ...WORST_FIRST.map((outcome) => [outcome, 0])]);

interface EndedTurn {
  readonly index: number;
  readonly item: Json;
  readonly progress: Exclude<Progress, { readonly at: 'open' }>;
}

export function closeTurn(run: Run, loop: Step, scope: Scope, frame: LoopFrame, turn: EndedTurn): LoopFrame {
  const results = forget(run, loop, scope);
  const outcome = worstOf(results, turn.progress);
  const counts = { ...frame.counts, items: (frame.counts.items ?? 0) + 1, [outcome]: (frame.counts[outcome] ?? 0) + 1 };
  const left = STANDING[outcome] === 'well' ? frame.left : withItem(frame.left, turn, outcome, results);
  const next = { ...frame, counts, left };
  const { progress, index } = turn;
  if (progress.at === 'well') return next;
  const { error, step } = progress;
  const before = frame[progress.at];
  return before && before.index < index ? next : { ...next, [progress.at]: { index, error, step } };
}

/** Takes the turn's results away and gives them. Those of loops inside are gone already. */
function forget(run: Run, loop: Step, scope: Scope): readonly StepResult[] {
  const results: StepResult[] = [];
  for (const id of idsInside(run, loop)) {
    const result = forgetStep(run, keyOf(id, scope.suffix));
    if (result && !result.unreached) results.push(result);
  }
  return results;
}

function worstOf(results: readonly StepResult[], progress: EndedTurn['progress']): Outcome {
  const found = new Set<string>(results.map((result) => result.outcome));
  // A loop inside that went on after a failure has ended well itself; its counts say what happened.
  for (const { counts } of results) for (const [name, count] of Object.entries(counts ?? {})) if (count > 0) found.add(name);
  if (progress.at !== 'well') found.add(progress.at);
  return WORST_FIRST.find((outcome) => found.has(outcome)) ?? 'skipped';
}

function withItem(left: LoopFrame['left'], turn: EndedTurn, outcome: Outcome, results: readonly StepResult[]): LoopFrame['left'] {
  const { index, item, progress } = turn;
  const error = progress.at === 'well' ? results.find((result) => result.outcome === outcome)?.error : progress.error;
  const one = { index, of: item, outcome, error: error?.message ?? '' };
  return [...left, one].toSorted((a, b) => a.index - b.index).slice(0, MAX_LEFT);
}
