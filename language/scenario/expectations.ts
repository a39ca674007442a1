// One line of what a scenario expects, read beside the playbook: which step, how it ended, on whom and with what, who was asked.

import { didYouMean } from '../nearest.ts';
import { OUTCOMES } from '../outcomes.ts';
import { own } from '../own.ts';
import type { Json } from '../plan.ts';
import { keysAt, reportIssues } from '../schema/issues.ts';
import type { Path, Place } from '../yaml-text.ts';
import { checkDetails, type ExpectedEffect, type ExpectedTarget, readEffect, targetAndParameters } from './effects.ts';
import { checkKnown, checkStep, type Reading, stepOf } from './names.ts';
import { type DetailsText, details, MOMENTS } from './schema.ts';
import { timeMs } from './times.ts';

export interface Expected {
  readonly step: string;
  /** Absent: the step ended well, whatever its outcome, and was not skipped. */
  readonly what?: string;
  readonly atMs?: number;
  readonly on?: ExpectedTarget;
  readonly with?: Readonly<Record<string, Json>>;
  readonly to?: Readonly<Record<string, Json>>;
  readonly title?: string;
  readonly covers?: readonly ExpectedEffect[];
  readonly place: Place;
}

const WHATS: readonly string[] = [...OUTCOMES, ...MOMENTS];
const DETAILS: readonly string[] = Object.keys(details.shape);

/** Undefined where it cannot be understood; that was told. */
export function readExpected(reading: Reading, written: string | Readonly<Record<string, Json>>, path: Path): Expected | undefined {
  const place = reading.placeOf(path);
  const step = typeof written === 'string' ? written : stepKeyOf(reading, written, path);
  if (step === undefined) return undefined;
  if (!checkStep(reading, path, step)) return undefined;
  if (typeof written === 'string') return { step, place };
  const { [step]: what, ...rest } = written;
  if (typeof what !== 'string') {
    reading.report('VALUE_TYPE', [...path, step], `\`${step}\` must be an outcome or a moment, written as text`, {
      hint: 'such as: { disable: changed, on: user-007 }',
    });
    return undefined;
  }
  if (!checkKnown(reading, [...path, step], what, WHATS, 'outcome or moment of a step')) return undefined;
  const parsed = details.safeParse(rest);
  if (!parsed.success) {
    reportIssues(reading.report, parsed.error.issues, rest, path, { keys: keysAt(details, []), schema: details });
    return undefined;
  }
  return withDetails(reading, { step, what, place }, parsed.data, path);
}

/** The key that names the step: the only one, or the one that says nothing more about it. */
function stepKeyOf({ report, names }: Reading, written: Readonly<Record<string, Json>>, path: Path): string | undefined {
  const keys = Object.keys(written);
  const [first, second] = keys.length === 1 ? keys : keys.filter((key) => !DETAILS.includes(key));
  if (first === undefined) {
    report('KEY_MISSING', path, 'the step is missing', { hint: 'such as: { disable: changed, on: user-007 }' });
    return undefined;
  }
  if (second === undefined) return first;
  const others = keys.filter((key) => !DETAILS.includes(key));
  const step = others.find((key) => Object.hasOwn(names, stepOf(key))) ?? first;
  for (const key of others.filter((other) => other !== step)) {
    const isStep = Object.hasOwn(names, stepOf(key));
    const hint = isStep ? 'each step has a line of its own' : (didYouMean(key, DETAILS) ?? `known here: the step, ${DETAILS.join(', ')}`);
    report('KEY_UNKNOWN', [...path, key], `\`${key.slice(0, 60)}\` is not known here`, { part: 'key', hint });
  }
  return undefined;
}

type Named = Pick<Expected, 'step' | 'place'> & { readonly what: string };

function withDetails(reading: Reading, named: Named, text: DetailsText, path: Path): Expected | undefined {
  const { step, what } = named;
  const { names, report } = reading;
  const about = own(names, stepOf(step));
  const useless = (key: string, message: string, hint: string) => report('KEY_USELESS', [...path, key], message, { part: 'key', hint });
  let isRight = checkDetails(reading, text, path, about?.verb);
  const wants = (key: 'to' | 'title' | 'covers', moments: readonly string[]) => {
    if (text[key] === undefined || moments.includes(what)) return;
    isRight = false;
    useless(key, `\`${key}\` says nothing of ${what}`, `it goes with ${moments.join(' and ')}`);
  };
  wants('to', ['asked', 'escalated']);
  wants('title', ['asked']);
  wants('covers', ['asked']);
  if (text.title !== undefined && about?.kind !== 'ask') {
    isRight = false;
    useless('title', `\`${step}\` is no question`, 'only questions (ask) have a title');
  }
  if (text.covers !== undefined && (about?.kind === 'ask' || about?.kind === 'do')) {
    isRight = false;
    const hint = about.kind === 'ask' ? 'take it away' : 'say beside `asked` on whom and with what: on: …';
    useless('covers', `\`${step}\` ${about.kind === 'ask' ? 'is a question, which is about no effect' : 'is asked about by itself'}`, hint);
  }
  const covers = text.covers?.map((one, index) => readEffect(reading, one, [...path, 'covers', index], 'covered'));
  if (!isRight || covers?.includes(undefined)) return undefined;
  const atMs = text.at === undefined ? undefined : timeMs(text.at);
  return {
    ...named,
    ...(atMs === undefined ? {} : { atMs }),
    ...targetAndParameters(text),
    ...(text.to === undefined ? {} : { to: withoutAbsent(text.to) }),
    ...(text.title === undefined ? {} : { title: text.title }),
    ...(covers === undefined ? {} : { covers: covers.filter((one) => one !== undefined) }),
  };
}

const withoutAbsent = (record: Readonly<Record<string, Json | undefined>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
