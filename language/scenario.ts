// A scenario: what happens to a playbook in one made-up case, and what must come of it. Read beside its playbook; docs/reference/scenarios.md has the format.

import type { Diagnostic } from './diagnostics.ts';
import type { DoOutcome } from './outcomes.ts';
import { own } from './own.ts';
import type { Json } from './plan.ts';
import { createReporter } from './report.ts';
import { type ExpectedEffect, readEffect } from './scenario/effects.ts';
import { type Expected, readExpected } from './scenario/expectations.ts';
import { checkKnown, checkStep, type Reading, type ScenarioNames, stepOf } from './scenario/names.ts';
import { ACTS, type ScenarioText, scenario } from './scenario/schema.ts';
import { timeMs } from './scenario/times.ts';
import { reportIssues } from './schema/issues.ts';
import { staysInForce, VERBS } from './verbs.ts';
import { type Place, readYaml } from './yaml-text.ts';

/** What a product answers to one step, or to one verb. */
export interface ScenarioAnswer {
  /** Default: read for reads, else changed. */
  readonly outcome?: DoOutcome;
  /** The verb's outputs; what is not said takes an ordinary value. */
  readonly output: Readonly<Record<string, Json>>;
  /** This many attempts fail before one works. */
  readonly fails: number;
  readonly takesMs: number;
  /** Its product is not there at first. */
  readonly awayMs?: number;
  readonly error?: string;
  readonly undo: 'works' | 'fails';
}

/** What a person does. Without a time: as soon as they are asked. */
export interface ScenarioAct {
  readonly does: (typeof ACTS)[number];
  /** Step id; `run` for cancel. */
  readonly step: string;
  /** A choice; a form's values; rows by name, with `*` for all others (or one text for all). */
  readonly with?: string | Readonly<Record<string, Json>>;
  /** Since the run began. */
  readonly atMs?: number;
  /** Since they were asked. */
  readonly afterMs?: number;
  readonly by: string;
  /** The scenario names nobody: it is whoever was asked. */
  readonly anybody?: true;
}

/** What is so at the start: this effect is in force on that. */
export interface ScenarioState {
  readonly verb: string;
  readonly on: Json;
}

export interface Scenario {
  readonly title: string;
  /** A plain alert, or the name of a sample. */
  readonly alert?: string | Readonly<Record<string, Json>>;
  readonly inputs?: Readonly<Record<string, Json>>;
  /** The wall clock's time, in its own zone, at which a schedule starts it: 2026-01-01T08:00. */
  readonly schedule?: string;
  /** By step id or verb; the step's own wins. */
  readonly answers: Readonly<Record<string, ScenarioAnswer>>;
  readonly people: readonly ScenarioAct[];
  readonly already?: readonly ScenarioState[];
  readonly expect: readonly Expected[];
  readonly outcome?: string;
  readonly undone?: readonly ExpectedEffect[];
  readonly held?: readonly ExpectedEffect[];
  readonly never: readonly ExpectedEffect[];
  /** Where these keys stand. */
  readonly places: Readonly<Partial<Record<'outcome' | 'undone' | 'held', Place>>>;
}

export interface ScenarioReading {
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws; `scenario` is there when there is no error. */
export function readScenario(text: string, file: string, names: ScenarioNames): ScenarioReading {
  const { yaml, diagnostics: before } = readYaml(text, file);
  if (!yaml) return { diagnostics: before };
  const { report, list: found } = createReporter(yaml, file, before, 'scenarios.md');
  const parsed = scenario.safeParse(yaml.value);
  if (!parsed.success) {
    reportIssues(report, parsed.error.issues, yaml.value, [], { keys: Object.keys(scenario.shape), schema: scenario });
    return { diagnostics: found() };
  }
  const reading: Reading = { report, names, placeOf: yaml.place };
  checkAnswers(reading, parsed.data);
  checkAlready(reading, parsed.data);
  checkPeople(reading, parsed.data);
  checkNothing(reading, parsed.data);
  const read = toScenario(reading, parsed.data);
  const diagnostics = found();
  return diagnostics.length > 0 ? { diagnostics } : { scenario: read, diagnostics };
}

function checkAnswers(reading: Reading, { answers }: ScenarioText): void {
  for (const [name, one] of Object.entries(answers)) {
    const step = stepOf(name);
    checkStep(reading, ['answers', name], name, 'key', true);
    const verb = Object.hasOwn(reading.names, step) ? (own(reading.names, step)?.verb ?? '') : step;
    if (!Object.hasOwn(VERBS, verb)) continue;
    for (const output of Object.keys(outputOf(one)))
      checkKnown(reading, ['answers', name, output], output, Object.keys(own(VERBS, verb)?.outputs ?? {}), 'output of the verb', 'key');
  }
}

function checkAlready(reading: Reading, { already = [] }: ScenarioText): void {
  const effects = Object.keys(VERBS).filter(staysInForce);
  for (const [index, { verb }] of already.entries())
    checkKnown(reading, ['already', index, 'verb'], verb, effects, 'effect that stays in force');
}

function checkPeople(reading: Reading, { people = [] }: ScenarioText): void {
  for (const [index, one] of people.entries()) {
    for (const does of ACTS) {
      const step = one[does];
      if (step !== undefined && does !== 'cancel') checkStep(reading, ['people', index, does], step);
    }
  }
}

/** Where nothing starts, nothing can be sent, asked or held: it would be so whatever the playbook says. */
function checkNothing({ report }: Reading, text: ScenarioText): void {
  if (text.outcome !== 'not-started') return;
  for (const key of ['expect', 'people', 'undone', 'held', 'never'] as const)
    if (text[key] !== undefined)
      report('KEY_USELESS', [key], `\`${key}\` says nothing of a run that does not start`, { part: 'key', hint: 'take it away' });
}

function toScenario(reading: Reading, text: ScenarioText): Scenario {
  const { scenario: title, alert, inputs, schedule, outcome } = text;
  const effects = (key: 'undone' | 'held' | 'never') =>
    (text[key] ?? []).flatMap((one, index) => readEffect(reading, one, [key, index], key === 'never' ? 'sent' : 'lasting') ?? []);
  return {
    title,
    ...(alert === undefined ? {} : { alert }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(schedule === undefined ? {} : { schedule }),
    answers: Object.fromEntries(Object.entries(text.answers).map(([name, one]) => [name, toAnswer(one)])),
    people: (text.people ?? []).map(toAct),
    ...(text.already === undefined ? {} : { already: text.already }),
    expect: (text.expect ?? []).flatMap((one, index) => readExpected(reading, one, ['expect', index]) ?? []),
    ...(outcome === undefined ? {} : { outcome }),
    ...(text.undone === undefined ? {} : { undone: effects('undone') }),
    ...(text.held === undefined ? {} : { held: effects('held') }),
    never: effects('never'),
    places: Object.fromEntries(PLACED.flatMap((key) => (text[key] === undefined ? [] : [[key, reading.placeOf([key], 'key')]]))),
  };
}

const PLACED = ['outcome', 'undone', 'held'] as const;

function outputOf(one: ScenarioText['answers'][string]): Record<string, Json> {
  const { outcome: _o, fails: _f, takes: _t, away: _a, error: _e, undo: _u, ...output } = one;
  return output;
}

function toAnswer(one: ScenarioText['answers'][string]): ScenarioAnswer {
  return {
    ...(one.outcome === undefined ? {} : { outcome: one.outcome }),
    output: outputOf(one),
    fails: one.fails ?? 0,
    takesMs: timeMs(one.takes ?? '0s'),
    ...(one.away === undefined ? {} : { awayMs: timeMs(one.away) }),
    ...(one.error === undefined ? {} : { error: one.error }),
    undo: one.undo ?? 'works',
  };
}

function toAct(one: NonNullable<ScenarioText['people']>[number]): ScenarioAct {
  const does = ACTS.find((key) => one[key] !== undefined) ?? 'cancel';
  return {
    does,
    step: one[does] ?? 'run',
    ...(one.with === undefined ? {} : { with: one.with }),
    ...(one.at === undefined ? {} : { atMs: timeMs(one.at) }),
    ...(one.after === undefined ? {} : { afterMs: timeMs(one.after) }),
    ...(one.by === undefined ? { by: 'a person', anybody: true } : { by: one.by }),
  };
}
