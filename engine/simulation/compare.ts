// What a scenario expects against what happened.
import { own } from '../../language/own.ts';
import type { ExpectedEffect } from '../../language/scenario/effects.ts';
import type { Expected } from '../../language/scenario/expectations.ts';
import type { Scenario } from '../../language/scenario.ts';
import type { Place } from '../../language/yaml-text.ts';
import { STANDING } from '../outcome.ts';
import { cardDifferencesOf, detailWords, differencesOf, effectWords, isMeantBy, isNamed, peopleWords, wantedWords } from './differences.ts';
import { durationText } from './duration-text.ts';
import type { Effect } from './effect.ts';
import type { Happening, Simulation } from './simulation.ts';

/** One line of the comparison: something that happened, perhaps expected, or something expected that did not happen. */
export type Line =
  | { readonly kind: 'happened'; readonly happening: Happening; readonly expected: boolean }
  | { readonly kind: 'missing'; readonly expected: Expected; readonly hint: string };

/** Something that is not as expected, in words. */
export interface Fault {
  readonly message: string;
  /** Of the expectation, in the scenario's file. */
  readonly place?: Place;
}

export interface Comparison {
  readonly ok: boolean;
  readonly lines: readonly Line[];
  readonly faults: readonly Fault[];
}

export function compare(scenario: Scenario, simulation: Simulation): Comparison {
  const lines = compareOrder(scenario.expect, simulation.happenings);
  const faults = [
    ...simulation.problems.map((message) => ({ message })),
    ...lines.flatMap(missingFault),
    ...strayFaults(scenario.expect, lines, simulation),
    ...outcomeFault(scenario, simulation),
    ...setFaults('undone', scenario, simulation),
    ...setFaults('held', scenario, simulation),
    ...scenario.never.flatMap((one) => neverFaults(one, simulation)),
  ];
  return { ok: faults.length === 0, lines, faults };
}

/** The expected list must be found in this order; other things may happen in between. */
function compareOrder(expected: readonly Expected[], happenings: readonly Happening[]): readonly Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (const one of expected) {
    const found = happenings.findIndex((happening, index) => index >= at && matches(one, happening));
    if (found < 0) {
      lines.push({ kind: 'missing', expected: one, hint: whyMissing(one, happenings, at) });
      continue;
    }
    for (const happening of happenings.slice(at, found)) lines.push({ kind: 'happened', happening, expected: false });
    for (const happening of happenings.slice(found, found + 1)) lines.push({ kind: 'happened', happening, expected: true });
    at = found + 1;
  }
  for (const happening of happenings.slice(at)) lines.push({ kind: 'happened', happening, expected: false });
  return lines;
}

const matches = (expected: Expected, happening: Happening): boolean =>
  (expected.atMs === undefined || happening.atMs === expected.atMs) &&
  isWhat(expected, happening) &&
  otherwise(expected, happening).length === 0;

/** The step, and how it ended. */
function isWhat(expected: Expected, happening: Happening): boolean {
  if (!isOf(expected, happening)) return false;
  return expected.what === undefined ? endedWell(happening.what) : happening.what === expected.what;
}

const isOf = (expected: Expected, { step, key }: Happening): boolean => step === expected.step || key === expected.step;

/** On whom, with what, who was asked: everything in which it is not as expected. */
const otherwise = (expected: Expected, happening: Happening): readonly string[] => [
  ...differencesOf(expected, happening),
  ...cardDifferencesOf(expected, happening),
];

function endedWell(what: string): boolean {
  const standing = Object.entries(STANDING).find(([outcome]) => outcome === what)?.[1];
  return standing === 'well' && what !== 'skipped';
}

/** Things that came near and are named. */
const NEAREST = 3;

function whyMissing(expected: Expected, happenings: readonly Happening[], at: number): string {
  const own = happenings.filter((happening) => isOf(expected, happening));
  if (own.length === 0) return 'the step was never reached';
  const ended = own.filter((happening) => isWhat(expected, happening));
  if (ended.length === 0) return `instead: ${own.map(whatWithReason).join(', ')}`;
  const meant = ended.filter((happening) => otherwise(expected, happening).length === 0);
  if (meant.length === 0) {
    const near = ended.map((happening) => otherwise(expected, happening)).toSorted((a, b) => a.length - b.length);
    const words = [...new Set(near.map((parts) => parts.join(', ')))];
    const more = words.length > NEAREST ? `, and ${words.length - NEAREST} others` : '';
    return `it was ${words.slice(0, NEAREST).join('; ')}${more}`;
  }
  const later = meant.find((happening) => happenings.indexOf(happening) >= at);
  return later ? `it happened at ${durationText(later.atMs)}` : 'it happened before what stands above it';
}

const whatWithReason = ({ what, error }: Happening): string => (error ? `${what} (${error.message})` : what);

function missingFault(line: Line): readonly Fault[] {
  if (line.kind !== 'missing') return [];
  const { step, what, place } = line.expected;
  const words = [step, what ?? 'done', expectedWords(line.expected)].filter((text) => text !== '').join(' ');
  return [{ message: `expected: ${words}; ${line.hint}`, place }];
}

/** Everything but the step and how it ended: "on user-007 at 2m". */
export function expectedWords({ on, with: wanted, to, title, covers, atMs }: Expected): string {
  const parts = [
    detailWords({ on, with: wanted }),
    to === undefined ? '' : `to ${peopleWords(to)}`,
    title === undefined ? '' : `"${title}"`,
    covers === undefined ? '' : `about ${covers.map(wantedWords).join(', ') || 'nothing'}`,
    atMs === undefined ? '' : `at ${durationText(atMs)}`,
  ];
  return parts.filter((text) => text !== '').join(' ');
}

/** Who says of each end of a step on what it acts says it whole: whatever else the step was sent on is a fault. */
function strayFaults(expected: readonly Expected[], lines: readonly Line[], { performed }: Simulation): readonly Fault[] {
  const isMissing = new Set(lines.flatMap((line) => (line.kind === 'missing' ? [line.expected.step] : [])));
  const names = [...new Set(expected.map(({ step }) => step))].filter((name) => !isMissing.has(name));
  return names.flatMap((name) => {
    const own = expected.filter((one) => one.step === name);
    const [first] = own;
    if (!first || own.some(({ on }) => on === undefined)) return [];
    const stray = performed.filter(
      (one) => (one.step === name || one.key === name) && !own.some(({ on }) => isMeantBy(wantedOf(first, on), one)),
    );
    return [...new Set(stray.map(({ target }) => target))].map((target) => ({
      message: `${name} was sent on ${target}, too, and no line of \`expect\` says so`,
      place: first.place,
    }));
  });
}

const wantedOf = ({ step, place }: Expected, on: Expected['on']): ExpectedEffect => ({
  name: step,
  place,
  ...(on === undefined ? {} : { on }),
});

function outcomeFault({ outcome, places }: Scenario, { finish }: Simulation): readonly Fault[] {
  if (outcome === undefined || finish?.outcome === outcome) return [];
  const { error } = finish ?? {};
  const because = error ? `, because ${error.step ? `${error.step}: ` : ''}${error.message} (${error.code})` : '';
  return [{ message: `the run ends as ${finish?.outcome ?? 'nothing'}, not as ${outcome}${because}`, ...placed(places.outcome) }];
}

const placed = (place: Place | undefined): Pick<Fault, 'place'> => (place === undefined ? {} : { place });

const SETS = { undone: 'undone', held: 'still held at the end' } as const;

function setFaults(what: keyof typeof SETS, scenario: Scenario, simulation: Simulation): readonly Fault[] {
  const expected = scenario[what];
  if (expected === undefined) return [];
  const actual = simulation[what];
  const missing = expected.filter((wanted) => !actual.some((one) => isMeantBy(wanted, one)));
  const extra = actual.filter((one) => !expected.some((wanted) => isMeantBy(wanted, one)));
  return uniqueFaults([
    ...missing.map((wanted) => ({
      message: `${wantedWords(wanted)} is not ${SETS[what]}${insteadOf(wanted, actual)}`,
      place: wanted.place,
    })),
    ...firstOf([...new Set(extra.map(effectWords))]).map((words) => ({
      message: `${words} is ${SETS[what]}, and should not be`,
      ...placed(scenario.places[what]),
    })),
  ]);
}

/** Of thousands the first few, and how many more. */
const firstOf = (words: readonly string[]): readonly string[] =>
  words.length <= SHOWN + 1 ? words : [...words.slice(0, SHOWN), `each of ${words.length - SHOWN} more`];

const SHOWN = 5;

/** The same step on something else. */
function insteadOf(wanted: ExpectedEffect, actual: readonly Effect[]): string {
  const near = actual.filter((one) => isNamed(wanted.name, one)).map((one) => differencesOf(wanted, one));
  const [nearest] = near.toSorted((a, b) => a.length - b.length);
  return nearest ? `; it is ${nearest.join(', ')}` : '';
}

function neverFaults(wanted: ExpectedEffect, simulation: Simulation): readonly Fault[] {
  const done = simulation.performed.find((one) => isMeantBy(wanted, one));
  if (!done) return noSuchTurn(wanted, simulation);
  const { verb, step, target } = done;
  const where = target === undefined ? '' : ` on ${target}`;
  return [{ message: `${verb} was sent by step ${step}${where}, and ${wantedWords(wanted)} must never be`, place: wanted.place }];
}

/** That nothing was sent in a turn that the loop did not have would be so whatever the steps do. */
function noSuchTurn({ name, turns = [], place }: ExpectedEffect, { results }: Simulation): readonly Fault[] {
  return turns.flatMap(({ loop, turn }) => {
    const { outcome = 'skipped', counts = {} } = own(results, loop) ?? {};
    const had = outcome === 'skipped' ? undefined : (counts.items ?? counts.turns);
    if (had === undefined || turn < Math.max(1, had)) return [];
    return [{ message: `never: ${name} says nothing: ${loop} had ${had} turns here, and they are counted from 0`, place }];
  });
}

const uniqueFaults = (faults: readonly Fault[]): readonly Fault[] => [...new Map(faults.map((one) => [one.message, one])).values()];
