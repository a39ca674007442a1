// What an outcome means for the list that the step stands in. One row each; the language reference shows this table.
import type { Outcome } from './command.ts';

/** well: go on · failed: on_error · denied: on_denied. */
export type Standing = 'well' | 'failed' | 'denied';

export const STANDING: Readonly<Record<Outcome, Standing>> = {
  read: 'well',
  changed: 'well',
  already: 'well',
  would: 'well',
  answered: 'well',
  done: 'well',
  skipped: 'well',
  unverified: 'failed',
  failed: 'failed',
  unknown: 'failed',
  // Only where nobody of ours cancelled it: what the engine cancels is no longer part of the flow.
  cancelled: 'failed',
  denied: 'denied',
  expired: 'denied',
};
