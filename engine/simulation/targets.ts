// Effects that no scenario says on whom: a playbook that does them to another passes all of them.
import { own } from '../../language/own.ts';
import type { DoStep, Plan } from '../../language/plan.ts';
import type { Scenario } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import { idOf } from '../keys.ts';
import { allSteps } from './outline.ts';

export interface Targets {
  readonly reached: number;
  readonly all: number;
  /** Ids of the steps that no scenario holds to a target. */
  readonly open: ReadonlySet<string>;
}

export function measureTargets(plan: Plan, scenarios: readonly Scenario[]): Targets {
  const said = new Set(scenarios.flatMap(targetsSaid));
  // What a called playbook does is said by scenarios of its own.
  const effects = allSteps(plan).filter((step): step is DoStep => step.kind === 'do' && !step.id.includes('.') && changesSomething(step));
  const open = new Set(effects.map(({ id }) => id).filter((id) => !said.has(id)));
  return { reached: effects.length - open.size, all: effects.length, open };
}

function changesSomething({ verb }: DoStep): boolean {
  const about = own(VERBS, verb);
  return about?.target !== undefined && (about.risk === 'reversible' || about.risk === 'destructive');
}

function targetsSaid({ expect, held = [], undone = [] }: Scenario): readonly string[] {
  const effects = [...held, ...undone, ...expect.flatMap(({ covers = [] }) => covers)];
  return [
    ...expect.flatMap(({ step, on }) => (on === undefined ? [] : [idOf(step)])),
    ...effects.flatMap(({ name, on }) => (on === undefined ? [] : [idOf(name)])),
  ];
}
