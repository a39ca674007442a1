// What a scenario expects against what happened.
import type { Expected, Scenario } from '../../language/scenario.ts';
import { STANDING } from '../outcome.ts';
import type { Happening, Simulation } from './simulation.ts';

/** One line of the comparison: something that happened, perhaps expected, or something expected that did not happen. */
export type Line =
  | { readonly kind: 'happened'; readonly happening: Happening; readonly expected: boolean }
  | { readonly kind: 'missing'; readonly expected: Expected; readonly hint: string };

export interface Comparison {
  readonly ok: boolean;
  readonly lines: readonly Line[];
  /** Everything else that is not as expected, in words. */
  readonly faults: readonly string[];
}

export function compare(scenario: Scenario, simulation: Simulation): Comparison {
  const lines = compareOrder(scenario.expect, simulation.happenings);
  const faults = [
    ...simulation.problems,
    ...outcomeFault(scenario.outcome, simulation),
    ...setFault('undone', scenario.undone, simulation.undone),
    ...setFault('held', scenario.held, simulation.held),
    ...neverFaults(scenario.never, simulation),
  ];
  return { ok: faults.length === 0 && lines.every((line) => line.kind === 'happened'), lines, faults };
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

function matches(expected: Expected, happening: Happening, atAnyTime = false): boolean {
  if (happening.step !== expected.step && happening.key !== expected.step) return false;
  if (!atAnyTime && expected.atMs !== undefined && happening.atMs !== expected.atMs) return false;
  return expected.what === undefined ? endedWell(happening.what) : happening.what === expected.what;
}

function endedWell(what: string): boolean {
  const standing = Object.entries(STANDING).find(([outcome]) => outcome === what)?.[1];
  return standing === 'well' && what !== 'skipped';
}

function whyMissing(expected: Expected, happenings: readonly Happening[], at: number): string {
  const elsewhere = happenings.filter((happening) => matches(expected, happening, true));
  const later = elsewhere.find((happening) => happenings.indexOf(happening) >= at);
  if (later) return `it happened at ${durationText(later.atMs)}`;
  if (elsewhere.length > 0) return 'it happened before what stands above it';
  const own = happenings.filter((happening) => happening.step === expected.step || happening.key === expected.step);
  return own.length === 0 ? 'the step was never reached' : `instead: ${own.map(whatWithReason).join(', ')}`;
}

const whatWithReason = ({ what, error }: Happening): string => (error ? `${what} (${error.message})` : what);

function outcomeFault(expected: string | undefined, { finish }: Simulation): readonly string[] {
  if (expected === undefined || finish?.outcome === expected) return [];
  const { error } = finish ?? {};
  const because = error ? `, because ${error.step ? `${error.step}: ` : ''}${error.message} (${error.code})` : '';
  return [`the run ends as ${finish?.outcome ?? 'nothing'}, not as ${expected}${because}`];
}

function setFault(what: 'undone' | 'held', expected: readonly string[] | undefined, actual: readonly string[]): readonly string[] {
  if (expected === undefined) return [];
  const missing = [...new Set(expected)].filter((step) => !actual.includes(step));
  const extra = [...new Set(actual)].filter((step) => !expected.includes(step));
  const verb = what === 'undone' ? 'undone' : 'still held at the end';
  return [...missing.map((step) => `${step} is not ${verb}`), ...extra.map((step) => `${step} is ${verb}, and should not be`)];
}

function neverFaults(never: readonly string[], { performed }: Simulation): readonly string[] {
  return never.flatMap((name) => {
    const done = performed.find((one) => one.step === name || one.verb === name);
    return done ? [`${done.verb} was sent by step ${done.step}, and ${name} must never be`] : [];
  });
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** 90000 is "1m30s". */
export function durationText(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
