// undo: takes back effects of this run, last first. What cannot be taken back is a failure of this step.
import type { Step, UndoStep } from '../../language/plan.ts';
import { anyTurn, followUps, keyOf } from '../keys.ts';
import type { Run, Scope } from '../run.ts';
import { idsWithin, issue, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const undoKind: StepKind<UndoStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return answer;
    if (run.open[key]) return undefined;
    const steps = step.scope === 'all' ? step.scope : keysOf(run, step, step.scope, scope);
    if (steps.length === 0) return { outcome: 'done' }; // none of the named steps has done anything
    issue(run, key, { kind: 'undo', key, id: step.id, steps });
    return undefined;
  },
};

/** What the named steps did: their own effects and those of the steps they hold. Within a loop: those of the same turn, and outside it. */
function keysOf(run: Run, undo: UndoStep, named: readonly string[], scope: Scope): readonly string[] {
  const loops = loopsAround(run, run.plan.steps);
  const ids = new Set<string>();
  for (const { step } of loops.values()) if (named.includes(step.id)) idsWithin(run, [step], ids);
  const here = loops.get(undo.id)?.around ?? [];
  return [...ids].flatMap((id) => {
    const around = loops.get(id)?.around ?? [];
    const apart = around.findIndex((loop, depth) => here[depth] !== loop);
    const shared = apart < 0 ? around.length : apart;
    const key = keyOf(id, firstTurns(scope.suffix, shared));
    if (shared < around.length) return [anyTurn(key)];
    const result = run.results[key];
    return result && result.outcome !== 'skipped' ? [key] : [];
  });
}

/** The part of a suffix that belongs to this many loops, the outermost first. */
const firstTurns = (suffix: string, count: number): string =>
  suffix
    .split('#')
    .slice(0, count + 1)
    .join('#');

interface Placed {
  readonly step: Step;
  /** Ids of the loops around it, the outermost first. */
  readonly around: readonly string[];
}

function loopsAround(
  run: Run,
  steps: readonly Step[],
  around: readonly string[] = [],
  found: Map<string, Placed> = new Map(),
): Map<string, Placed> {
  for (const step of steps) {
    const kind = run.kindOf(step);
    found.set(step.id, { step, around });
    const inside = kind.isLoop ? [...around, step.id] : around;
    for (const list of kind.inside?.(step) ?? []) loopsAround(run, list, inside, found);
    for (const list of followUps(step)) loopsAround(run, list, around, found);
  }
  return found;
}
