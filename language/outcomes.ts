// How a step can end: one word each. What each means for the playbook is in engine/outcome.ts.

export const OUTCOMES = [
  'read',
  'changed',
  'already',
  'would',
  'answered',
  'done',
  'skipped',
  'unverified',
  'failed',
  'unknown',
  'denied',
  'expired',
  'cancelled',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Of questions, of steps that hold others, of what was not reached: nothing that a product is asked for ends so. */
const OF_OTHERS = ['answered', 'done', 'skipped'] as const;

export type DoOutcome = Exclude<Outcome, (typeof OF_OTHERS)[number]>;

const others: readonly string[] = OF_OTHERS;
/** How a `do` can end. */
export const DO_OUTCOMES = OUTCOMES.filter((outcome): outcome is DoOutcome => !others.includes(outcome));
