// Which effects an undo means: those of steps by their ids, in the turns of loops that it stands in, else in all of them.
import type { Step } from '../language/plan.ts';
import { anyTurn, followUps, keyOf } from './keys.ts';
import type { Run, Scope } from './run.ts';
import { idsWithin } from './settle.ts';

/** What steps of these ids did, as seen from the step `at`, which stands in this scope. Within a loop: those of the same turn, and outside it. */
export function effectKeys(run: Run, at: string, ids: ReadonlySet<string>, scope: Scope): readonly string[] {
  const loops = loopsAround(run, run.plan.steps);
  const here = loops.get(at)?.around ?? [];
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

/** These steps and those that they hold. */
export function idsOfSteps(run: Run, named: readonly string[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { step } of loopsAround(run, run.plan.steps).values()) if (named.includes(step.id)) idsWithin(run, [step], ids);
  return ids;
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
