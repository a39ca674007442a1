// parallel: branches side by side. all: ends when every branch has ended · any: the first that ends well wins.
import type { ParallelStep } from '../../language/plan.ts';
import type { PerformItem, StepResult } from '../command.ts';
import { freezeList, underGate } from '../gate.ts';
import type { NotReady, Progress, Run, Scope } from '../run.ts';
import { failedInside, isEnding, keepAnswers, keysWithin, setFrame, withdraw } from '../settle.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const parallelKind: StepKind<ParallelStep> = {
  inside: (step) => step.branches,
  advance(run, step, scope, key) {
    const freeze = (items: PerformItem[]) => freezeBranches(run, step, scope, items);
    return underGate(run, step, scope, freeze, (inner) => advanceBranches(run, step, inner, key));
  },
  freeze: freezeBranches,
};

function freezeBranches(run: Run, step: ParallelStep, scope: Scope, items: PerformItem[]): NotReady | undefined {
  for (const branch of step.branches) {
    const fault = freezeList(run, branch, scope, items);
    if (fault) return fault;
  }
  return undefined;
}

function advanceBranches(run: Run, step: ParallelStep, scope: Scope, key: string): StepResult | undefined {
  const winner = run.frames[key]?.winner;
  if (winner !== undefined) return awaitLosers(run, step, scope, winner);
  const progress: Progress[] = [];
  for (const [index, branch] of step.branches.entries()) {
    const one = walk(run, branch, scope);
    if (isEnding(run, scope)) return undefined;
    if (one.at === 'well' && step.join === 'any') {
      setFrame(run, key, { winner: index });
      return awaitLosers(run, step, scope, index);
    }
    progress.push(one);
  }
  return progress.some(({ at }) => at === 'open') ? undefined : joined(progress);
}

function joined(progress: readonly Progress[]): StepResult {
  const bad = progress.find(({ at }) => at === 'failed') ?? progress.find(({ at }) => at === 'denied');
  return bad && (bad.at === 'failed' || bad.at === 'denied') ? failedInside(bad) : { outcome: 'done' };
}

function awaitLosers(run: Run, step: ParallelStep, scope: Scope, winner: number): StepResult | undefined {
  const losers = step.branches.filter((_, index) => index !== winner).flat();
  const { open, answered } = keysWithin(run, losers, scope);
  for (const key of open) withdraw(run, key);
  keepAnswers(run, answered);
  return open.some((key) => run.open[key]) ? undefined : { outcome: 'done' };
}
