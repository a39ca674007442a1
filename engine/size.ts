// How much a run may remember. Its whole state travels when a run continues as new, and Temporal takes 2 MB at once; payloads are compressed.
import type { Json } from '../language/plan.ts';
import type { StepResult } from './command.ts';
import { engineError, type StepError } from './errors.ts';
import type { Frame } from './frame.ts';
import { STANDING } from './outcome.ts';

/** Results and the lists of loops under way, characters of JSON. */
const MAX_REMEMBERED = 1_500_000;
/** All variables together. */
const MAX_VARS = 250_000;
/** Everything that one decision shows. */
const MAX_SHOWN = 500_000;

export const sizeOf = (value: Json | StepResult | object): number => JSON.stringify(value).length;

export const listSize = (frame: Frame | undefined): number => {
  const list = frame?.loop?.list;
  return list && 'values' in list ? sizeOf(list.values) : 0;
};

const tooLarge = (what: string, size: number, max: number): StepError =>
  engineError('STATE_TOO_LARGE', `${what} has ${size} characters, and ${max} can be kept`);

export const listFault = (remembered: number, values: Json): StepError | undefined => {
  const size = sizeOf(values);
  return remembered + size > MAX_REMEMBERED
    ? tooLarge('the list of the loop, with what the run remembers,', remembered + size, MAX_REMEMBERED)
    : undefined;
};

export const varsFault = (vars: Readonly<Record<string, Json>>): StepError | undefined => {
  const size = sizeOf(vars);
  return size > MAX_VARS ? tooLarge('what the variables hold together', size, MAX_VARS) : undefined;
};

export const shownFault = (items: readonly object[]): StepError | undefined => {
  const size = sizeOf(items);
  return size > MAX_SHOWN ? tooLarge('what people would have to decide about', size, MAX_SHOWN) : undefined;
};

/** The result as it can be kept. An effect that was done stays done; only what it gave is let go. */
export function kept(remembered: number, result: StepResult): { readonly result: StepResult; readonly size: number } {
  const size = sizeOf(result);
  if (remembered + size <= MAX_REMEMBERED) return { result, size };
  const { output: _, answer: __, ...rest } = result;
  const isEffect = STANDING[result.outcome] !== 'well' || result.outcome === 'changed' || result.outcome === 'already';
  const error = tooLarge('what it gave, with what the run remembers,', remembered + size, MAX_REMEMBERED);
  const small: StepResult = { ...rest, outcome: isEffect ? result.outcome : 'failed', error: result.error ?? error };
  return { result: small, size: sizeOf(small) };
}
