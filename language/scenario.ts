// A scenario: what happens to a playbook in one made-up case, and what must come of it. Read beside its playbook; docs/reference/scenarios.md has the format.

import { z } from 'zod';
import type { Diagnostic } from './diagnostics.ts';
import { parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { own } from './own.ts';
import type { Json } from './plan.ts';
import { createReporter, type Report } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { VERBS } from './verbs.ts';
import { readYaml } from './yaml-text.ts';

const OUTCOMES = [
  'read',
  'changed',
  'already',
  'would',
  'done',
  'skipped',
  'unverified',
  'failed',
  'unknown',
  'denied',
  'expired',
  'cancelled',
] as const;
/** What can be said of a step in `expect`, beside its outcome. */
const MOMENTS = ['asked', 'reminded', 'escalated', 'approved', 'answered', 'retried', 'undone', 'not-undone', 'ignored', 'waits'] as const;

/** What a product answers to one step, or to one verb. */
export interface ScenarioAnswer {
  /** Default: read for reads, else changed. */
  readonly outcome?: (typeof OUTCOMES)[number];
  /** The verb's outputs; what is not said takes an ordinary value. */
  readonly output: Readonly<Record<string, Json>>;
  /** This many attempts fail before one works. */
  readonly fails: number;
  readonly takesMs: number;
  readonly error?: string;
  readonly undo: 'works' | 'fails';
}

/** What a person does. Without a time: as soon as they are asked. */
export interface ScenarioAct {
  readonly does: 'approve' | 'deny' | 'answer' | 'signal' | 'cancel';
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

export interface Expected {
  readonly step: string;
  /** Absent: the step ended well, whatever its outcome, and was not skipped. */
  readonly what?: string;
  readonly atMs?: number;
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
  readonly expect: readonly Expected[];
  readonly outcome?: string;
  readonly undone?: readonly string[];
  readonly held?: readonly string[];
  readonly never: readonly string[];
}

/** What the playbook has: its steps by id, each with its verb where it is a `do`. */
export type ScenarioNames = Readonly<Record<string, { readonly verb?: string }>>;

export interface ScenarioReading {
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

const NO_TIME = 'must have a time such as 0s, 30s, 5m, 2h, 1h30m or 7d';
const isTime = (text: string): boolean => text === '0s' || parseDuration(text) !== undefined;
const time = z.string().refine(isTime, NO_TIME);
const json = z.json() as z.ZodType<Json>; // zod's own JSON type is mutable; the values are the same
const map = z.record(z.string(), json);

const answer = z
  .object({
    outcome: z.enum(OUTCOMES).optional(),
    fails: z.int().min(1).max(100).optional(),
    takes: time.optional(),
    error: z.string().min(1).max(500).optional(),
    undo: z.enum(['works', 'fails']).optional(),
  })
  .catchall(json);

const act = z
  .strictObject({
    approve: z.string().optional(),
    deny: z.string().optional(),
    answer: z.string().optional(),
    signal: z.string().optional(),
    cancel: z.literal('run').optional(),
    with: z.union([z.string(), map]).optional(),
    at: time.optional(),
    after: time.optional(),
    by: z.string().min(1).max(100).optional(),
  })
  .refine(
    (one) => ['approve', 'deny', 'answer', 'signal', 'cancel'].filter((key) => key in one).length === 1,
    'must have one of approve, deny, answer, signal, cancel',
  )
  .refine(
    (one) => one.signal !== undefined || (one.answer === undefined) === (one.with === undefined),
    'must have `with` beside `answer`, and only there or beside `signal`',
  )
  .refine((one) => one.at === undefined || one.after === undefined, 'must have `at` or `after`, not both');

const expected = z
  .union([z.string().min(1), z.record(z.string(), z.string())])
  .refine(
    (one) => typeof one === 'string' || Object.keys(one).filter((key) => key !== 'at').length === 1,
    'must be a step, or { step: what } with `at` beside it',
  )
  .refine((one) => typeof one === 'string' || one.at === undefined || isTime(one.at), NO_TIME);

const list = z.array(z.string()).max(500);
const scenario = z
  .strictObject({
    scenario: z.string().min(1).max(200),
    alert: z.union([z.string(), map]).optional(),
    inputs: map.optional(),
    schedule: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'must be a time of the schedule’s own clock such as 2026-01-01T08:00')
      .optional(),
    answers: z.record(z.string(), answer).default({}),
    people: z.array(act).max(500).default([]),
    expect: z.array(expected).max(1000).default([]),
    outcome: z.string().optional(),
    undone: list.optional(),
    held: list.optional(),
    never: list.default([]),
  })
  .refine(
    (one) => [one.alert, one.inputs, one.schedule].filter((start) => start !== undefined).length === 1,
    'must have one of `alert`, `inputs` and `schedule`',
  )
  .refine(
    (one) => one.expect.length + one.never.length > 0 || (one.outcome ?? one.undone ?? one.held) !== undefined,
    'expects nothing: add `expect`, `outcome`, `undone`, `held` or `never`',
  );

type Text = z.output<typeof scenario>;

/** Never throws; `scenario` is there when there is no error. */
export function readScenario(text: string, file: string, names: ScenarioNames): ScenarioReading {
  const reading = readYaml(text, file);
  if (!reading.yaml) return { diagnostics: reading.diagnostics };
  const { report, list: found } = createReporter(reading.yaml, file, reading.diagnostics, 'scenarios.md');
  const parsed = scenario.safeParse(reading.yaml.value);
  if (!parsed.success) {
    reportIssues(report, parsed.error.issues, reading.yaml.value, [], { keys: Object.keys(scenario.shape) });
    return { diagnostics: found() };
  }
  checkNames(report, parsed.data, names);
  const diagnostics = found();
  return diagnostics.length > 0 ? { diagnostics } : { scenario: toScenario(parsed.data), diagnostics };
}

/** `off#2` is the third turn of the loop around the step. */
const stepOf = (name: string): string => name.replace(/(?:#\d+)+$/, '');

function checkNames(report: Report, text: Text, names: ScenarioNames): void {
  const steps = Object.keys(names);
  const known = (path: (string | number)[], name: string, candidates: readonly string[], what: string, part: 'key' | 'value' = 'value') => {
    if (candidates.includes(name)) return;
    const hint = didYouMean(name, candidates);
    report('VALUE_UNKNOWN', path, `\`${name.slice(0, 60)}\` is no ${what}`, { part, ...(hint === undefined ? {} : { hint }) });
  };
  for (const [name, one] of Object.entries(text.answers)) {
    known(['answers', name], stepOf(name), [...steps, ...Object.keys(VERBS)], 'step of the playbook and no verb', 'key');
    const step = stepOf(name);
    const verb = Object.hasOwn(names, step) ? (own(names, step)?.verb ?? '') : step;
    if (Object.hasOwn(VERBS, verb))
      for (const output of Object.keys(outputOf(one)))
        known(['answers', name, output], output, Object.keys(own(VERBS, verb)?.outputs ?? {}), 'output of the verb', 'key');
  }
  for (const [index, one] of text.people.entries()) {
    for (const does of ['approve', 'deny', 'answer', 'signal'] as const) {
      const step = one[does];
      if (step !== undefined) known(['people', index, does], stepOf(step), steps, 'step of the playbook');
    }
  }
  for (const [index, one] of text.expect.entries()) {
    const { step, what } = toExpected(one);
    known(['expect', index], stepOf(step), steps, 'step of the playbook');
    if (what !== undefined) known(['expect', index, step], what, [...OUTCOMES, ...MOMENTS], 'outcome or moment of a step');
  }
  for (const key of ['undone', 'held'] as const) {
    for (const [index, step] of (text[key] ?? []).entries()) known([key, index], step, steps, 'step of the playbook');
  }
  for (const [index, name] of text.never.entries())
    known(['never', index], name, [...steps, ...Object.keys(VERBS)], 'step of the playbook and no verb');
}

function toScenario(text: Text): Scenario {
  const { scenario: title, alert, inputs, schedule, outcome, undone, held } = text;
  return {
    title,
    ...(alert === undefined ? {} : { alert }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(schedule === undefined ? {} : { schedule }),
    answers: Object.fromEntries(Object.entries(text.answers).map(([name, one]) => [name, toAnswer(one)])),
    people: text.people.map(toAct),
    expect: text.expect.map(toExpected),
    ...(outcome === undefined ? {} : { outcome }),
    ...(undone === undefined ? {} : { undone }),
    ...(held === undefined ? {} : { held }),
    never: text.never,
  };
}

const toMs = (text: string): number => parseDuration(text) ?? 0; // 0s is the only time that is no duration

function outputOf(one: Text['answers'][string]): Record<string, Json> {
  const { outcome: _o, fails: _f, takes: _t, error: _e, undo: _u, ...output } = one;
  return output;
}

function toAnswer(one: Text['answers'][string]): ScenarioAnswer {
  return {
    ...(one.outcome === undefined ? {} : { outcome: one.outcome }),
    output: outputOf(one),
    fails: one.fails ?? 0,
    takesMs: toMs(one.takes ?? '0s'),
    ...(one.error === undefined ? {} : { error: one.error }),
    undo: one.undo ?? 'works',
  };
}

function toAct(one: Text['people'][number]): ScenarioAct {
  const does = (['approve', 'deny', 'answer', 'signal'] as const).find((key) => one[key] !== undefined) ?? 'cancel';
  return {
    does,
    step: one[does] ?? 'run',
    ...(one.with === undefined ? {} : { with: one.with }),
    ...(one.at === undefined ? {} : { atMs: toMs(one.at) }),
    ...(one.after === undefined ? {} : { afterMs: toMs(one.after) }),
    ...(one.by === undefined ? { by: 'a person', anybody: true } : { by: one.by }),
  };
}

function toExpected(one: Text['expect'][number]): Expected {
  if (typeof one === 'string') return { step: one };
  const [step = '', what = ''] = Object.entries(one).find(([key]) => key !== 'at') ?? [];
  return { step, what, ...(one.at === undefined ? {} : { atMs: toMs(one.at) }) };
}
