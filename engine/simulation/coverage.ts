// What no scenario reaches: steps that never ran and branches that were never taken.
import type { Plan, Step } from '../../language/plan.ts';
import { STANDING } from '../outcome.ts';
import { allSteps } from './outline.ts';
import type { Happening, Simulation } from './simulation.ts';

interface Gap {
  readonly step: string;
  readonly line: number;
  /** In words, after the step's name: "never runs". */
  readonly what: string;
}

export interface Coverage {
  readonly steps: { readonly reached: number; readonly all: number };
  readonly branches: { readonly reached: number; readonly all: number };
  readonly gaps: readonly Gap[];
}

export function measureCoverage(plan: Plan, simulations: readonly Simulation[]): Coverage {
  const happenings = simulations.flatMap((simulation) => simulation.happenings);
  const branchesTaken = simulations.flatMap((simulation) =>
    Object.entries(simulation.results).map(([key, result]) => `${key.replace(/#.*/, '')}:${String(result.output?.branch)}`),
  );
  const steps = allSteps(plan).map((step) =>
    coverStep(
      step,
      happenings.filter((one) => one.step === step.id),
      new Set(branchesTaken),
    ),
  );
  const branches = steps.flatMap((one) => one.branches);
  return {
    steps: { reached: steps.filter((one) => one.runs).length, all: steps.length },
    branches: { reached: branches.filter((one) => one.taken).length, all: branches.length },
    gaps: steps.flatMap(gapsOf),
  };
}

interface Branch {
  readonly what: string;
  readonly taken: boolean;
}

interface Covered {
  readonly step: Step;
  readonly runs: boolean;
  readonly branches: readonly Branch[];
}

function coverStep(step: Step, own: readonly Happening[], taken: ReadonlySet<string>): Covered {
  const what = new Set(own.map((one) => one.what));
  const branches: Branch[] = [];
  if (step.when !== undefined) branches.push({ what: 'is never skipped by its `when`', taken: what.has('skipped') });
  if (step.kind === 'if') {
    branches.push({ what: 'never takes `then`', taken: taken.has(`${step.id}:then`) });
    branches.push({ what: 'never takes `else`', taken: taken.has(`${step.id}:else`) });
  }
  if (step.kind === 'ask') {
    for (const choice of step.choices ?? [])
      branches.push({ what: `is never answered with ${choice}`, taken: own.some((one) => one.answer === choice) });
    for (const choice of step.rows?.choices ?? [])
      branches.push({ what: `never has a row with ${choice}`, taken: own.some((one) => one.rows?.some((row) => row.answer === choice)) });
    if (step.form) branches.push({ what: 'is never filled in', taken: own.some((one) => one.what === 'answered' && one.by !== undefined) });
  }
  if ('approve' in step && step.approve) {
    branches.push({ what: 'is never approved', taken: what.has('approved') });
    branches.push({ what: 'is never denied', taken: own.some((one) => isDenied(one.what)) });
  }
  return { step, runs: own.some((one) => one.what !== 'skipped'), branches };
}

const isDenied = (what: string): boolean =>
  Object.entries(STANDING).some(([outcome, standing]) => outcome === what && standing === 'denied');

function gapsOf({ step, runs, branches }: Covered): readonly Gap[] {
  // A step that never runs says enough.
  const texts = runs ? branches.filter((branch) => !branch.taken).map((branch) => branch.what) : ['never runs'];
  return texts.map((what) => ({ step: step.id, line: step.line, what }));
}
