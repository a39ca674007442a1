// What one evaluation may cost. CEL ends always, but two loops over long lists of an alert could take minutes; steps are counted, not time, so that a
// replay decides the same.
import { type CelInput, type CelValue, isCelList, isCelMap } from '@bufbuild/cel';
import { raise } from './failure.ts';

/** Loop rounds, list members visited, and 16 characters of text each cost one. About 90 ms on a slow core. */
const MAX_STEPS = 200_000;
/** Characters of a text, or members of a list, that an expression may build. */
const MAX_TEXT = 1_048_576;
export const MAX_LIST = 100_000;
/** Characters of the text that `matches` looks through. */
export const MAX_MATCHED_TEXT = 100_000;

export interface Budget {
  readonly reset: () => void;
  readonly spend: (steps: number) => void;
}

/** One for the module: evaluation is synchronous and never nested, so the counter belongs to one evaluation at a time. */
export function createBudget(): Budget {
  let left = MAX_STEPS;
  return {
    reset: () => {
      left = MAX_STEPS;
    },
    spend: (steps) => {
      left -= steps;
      if (left < 0) raise('EXPRESSION_BUDGET', `takes more than ${MAX_STEPS} steps; loop over less, or filter first`);
    },
  };
}

/** Charges for everything that a function given this value might look at, and hands it on. */
export function weigh(budget: Budget, value: CelValue): CelInput {
  charge(budget, value);
  return value;
}

function charge(budget: Budget, value: CelValue): void {
  if (typeof value === 'string') budget.spend(value.length >> 4);
  else if (isCelList(value)) {
    for (const item of value) {
      budget.spend(1);
      charge(budget, item);
    }
  } else if (isCelMap(value)) {
    for (const [, item] of value) {
      budget.spend(1);
      charge(budget, item);
    }
  }
}

/** The text, unless it is longer than an expression may build. */
export function shorten(text: string): string {
  if (text.length > MAX_TEXT) raise('EXPRESSION_SIZE', `builds a text of more than ${MAX_TEXT} characters`);
  return text;
}
