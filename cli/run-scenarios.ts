// One playbook with its scenarios: read, simulated, compared. No output here.
import { type Comparison, compare } from '../engine/simulation/compare.ts';
import { type Coverage, measureCoverage } from '../engine/simulation/coverage.ts';
import { namesOf } from '../engine/simulation/outline.ts';
import { simulate } from '../engine/simulation/simulate.ts';
import type { Simulation } from '../engine/simulation/simulation.ts';
import type { Diagnostic } from '../language/diagnostics.ts';
import type { Plan } from '../language/plan.ts';
import { readPlaybookBeside } from '../language/read-beside.ts';
import { readScenario, type Scenario } from '../language/scenario.ts';
import { judgeBy } from './judge.ts';
import type { PlaybookFiles, TextFile } from './playbook-files.ts';
import type { PolicyGround } from './policy-ground.ts';
import { type Start, startByAlert, startByHand, startBySchedule } from './starting.ts';

export interface ScenarioRun {
  readonly file: string;
  /** The scenario's own words; its file where it could not be read. */
  readonly title: string;
  readonly ok: boolean;
  /** Why the scenario itself cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
  readonly scenario?: Scenario;
  readonly comparison?: Comparison;
  readonly simulation?: Simulation;
  readonly text: string;
}

export interface PlaybookRun {
  readonly file: string;
  readonly text: string;
  readonly playbook: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Without a plan no scenario ran. */
  readonly plan?: Plan;
  readonly scenarios: readonly ScenarioRun[];
  readonly coverage?: Coverage;
}

/** `ground`: the policy to ask, too. */
export function runScenarios({ playbook, scenarios, beside }: PlaybookFiles, ground?: PolicyGround): PlaybookRun {
  const { file, text } = playbook;
  const { plan, diagnostics } = readPlaybookBeside(playbook, beside);
  if (!plan) return { file, text, playbook: file, diagnostics, scenarios: [] };
  const runs = scenarios.map((scenario) => runScenario(plan, scenario, ground));
  const simulations = runs.flatMap((run) => (run.simulation ? [run.simulation] : []));
  const read = runs.flatMap((run) => (run.scenario ? [run.scenario] : []));
  return { file, text, playbook: plan.playbook, diagnostics, plan, scenarios: runs, coverage: measureCoverage(plan, simulations, read) };
}

function runScenario(plan: Plan, { file, text }: TextFile, ground: PolicyGround | undefined): ScenarioRun {
  const { scenario, diagnostics } = readScenario(text, file, namesOf(plan));
  if (!scenario) return { file, text, title: file, ok: false, diagnostics };
  return { file, text, title: scenario.title, diagnostics, scenario, ...playScenario(plan, scenario, ground) };
}

/** A scenario that was read, against the plan that it was read beside. */
export function playScenario(
  plan: Plan,
  scenario: Scenario,
  ground?: PolicyGround,
): Required<Pick<ScenarioRun, 'ok' | 'comparison'>> & Pick<ScenarioRun, 'simulation'> {
  const start = startOf(plan, scenario);
  if (start.kind !== 'started') {
    const comparison = withoutRun(scenario, start.reason, start.kind === 'refused');
    return { ok: comparison.ok, comparison };
  }
  const judge = ground && judgeBy({ ...ground, mode: 'act', severityId: start.given.run.severity_id });
  const simulation = simulate(plan, start.given, scenario, judge);
  const comparison = compare(scenario, simulation);
  return { ok: comparison.ok, comparison, simulation };
}

function startOf(plan: Plan, { alert, inputs = {}, schedule }: Scenario): Start {
  if (schedule !== undefined) return startBySchedule(plan, schedule);
  return alert === undefined ? startByHand(plan, inputs) : startByAlert(plan, alert);
}

/** Nothing ran: right where that is what the scenario expects. */
function withoutRun(scenario: Scenario, reason: string, mayBeMeant: boolean): Comparison {
  const lines = scenario.expect.map((expected) => ({ kind: 'missing', expected, hint: 'the playbook does not start' }) as const);
  if (mayBeMeant && scenario.outcome === 'not-started' && lines.length === 0) return { ok: true, lines, faults: [] };
  return { ok: false, lines, faults: [{ message: `the playbook does not start: ${reason}` }] };
}
