// Whoever breaks a shipped playbook is told by its scenarios: each target, each parameter and each person asked is made another's, and a scenario must fail.
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findPlaybooks } from '../../cli/playbook-files.ts';
import { playScenario } from '../../cli/run-scenarios.ts';
import { allSteps, namesOf } from '../../engine/simulation/outline.ts';
import type { Json, Plan, Step, Template } from '../../language/plan.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import { readScenario, type Scenario } from '../../language/scenario.ts';
import { type ParamType, VERBS } from '../../language/verbs.ts';

const root = join(import.meta.dirname, '../..');
const shipped = findPlaybooks(['playbooks'], root).map(({ playbook, scenarios, beside }) => {
  const { plan } = readPlaybookBeside(playbook, beside);
  if (!plan) throw new Error(`${playbook.file} is broken`);
  const read = scenarios.map(({ file, text }): Scenario => {
    const { scenario } = readScenario(text, file, namesOf(plan));
    if (!scenario) throw new Error(`${file} is broken`);
    return scenario;
  });
  return { plan, scenarios: read };
});

/** Somebody or something else, of each type. */
const OTHERS: Readonly<Record<ParamType, Json>> = {
  user: { id: 'user-999', name: 'Somebody Else', email: 'somebody.else@example.test' },
  host: { id: 'wks-999', name: 'wks-999' },
  ip: '198.51.100.254',
  domain: 'somewhere-else.example.test',
  url: 'https://somewhere-else.example.test/',
  file: { sha256: 'f'.repeat(64), name: 'else.bin' },
  message: { id: 'msg-999', from: 'else@example.test', subject: 'Something else' },
  ticket: { id: 'TICKET-999' },
  text: 'something else',
  number: 4711,
  boolean: false,
  severity: 'fatal',
  people: { person: 'somebody.else@example.test' },
  duration: '11d',
  map: { else: true },
};

interface Mutant {
  readonly name: string;
  readonly plan: Plan;
}

/** The plan with one step changed. */
function changed(plan: Plan, id: string, change: (step: Step) => Step): Plan {
  const copy: unknown = JSON.parse(JSON.stringify(plan), (_, value) => (value?.id === id && 'kind' in value ? change(value) : value));
  return copy as Plan; // a plan as JSON, with one step changed
}

const OTHER_PEOPLE = { role: 'somebody-else' };

function mutantsOf(plan: Plan): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const add = (step: Step, what: string, change: (step: Step) => Step) =>
    mutants.push({ name: `${step.id}: ${what}`, plan: changed(plan, step.id, change) });
  for (const step of allSteps(plan)) {
    if (step.kind === 'do')
      for (const name of Object.keys(step.with)) {
        const other: Template = { lit: OTHERS[VERBS[step.verb]?.params[name]?.type ?? 'text'] };
        add(step, `${step.verb} with another ${name}`, (one) => ({ ...one, with: { ...step.with, [name]: other } }) as Step); // as it was, of the same kind
      }
    if (step.kind === 'ask') {
      add(step, 'asks somebody else', (one) => ({ ...one, to: OTHER_PEOPLE }) as Step); // as above
      add(step, 'asks something else', (one) => ({ ...one, title: { lit: 'Something else?' } }) as Step); // as above
    }
    if ('approve' in step && step.approve) {
      const { approve } = step;
      add(
        step,
        'is approved by somebody else',
        (one) => ({ ...one, approve: { ...approve, by: { ...OTHER_PEOPLE, count: approve.by.count } } }) as Step,
      ); // as above
      add(
        step,
        'needs one person more',
        (one) => ({ ...one, approve: { ...approve, by: { ...approve.by, count: approve.by.count + 1 } } }) as Step,
      ); // as above
    }
    if (step.kind === 'for_each') {
      // One more than was meant: the last of the list, made another.
      const cel = 'cel' in step.of ? step.of.cel : undefined;
      const [inner] = step.steps.flatMap((one) => (one.kind === 'do' ? [VERBS[one.verb]] : []));
      const type = inner?.target === undefined ? undefined : inner.params[inner.target]?.type;
      if (cel !== undefined && type !== undefined)
        add(step, 'is done to one more', (one) => ({ ...one, of: { cel: `(${cel}) + [${celOf(OTHERS[type])}]` } }) as Step); // as above
    }
  }
  return mutants;
}

/** CEL reads JSON. */
const celOf = (value: Json): string => JSON.stringify(value);

const survives = (scenarios: readonly Scenario[], { plan }: Mutant): boolean =>
  scenarios.every((scenario) => playScenario(plan, scenario).ok);

describe.each(shipped.map((one) => [one.plan.playbook, one] as const))('%s', (_name, { plan, scenarios }) => {
  it('fails a scenario for whatever is done to another, with something else, or asked of somebody else', () => {
    const mutants = mutantsOf(plan);
    expect(mutants.length).toBeGreaterThan(0);
    expect(mutants.filter((mutant) => survives(scenarios, mutant)).map(({ name }) => name)).toEqual([]);
  });
});
