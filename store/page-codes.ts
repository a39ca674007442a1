// What pages are about. docs/pages.md has a row for each, which a test holds: whoever is woken finds there what to do.
export const PAGE_CODES = [
  'APPROVAL_WAITING',
  'BREAK_GLASS',
  'DEBTS_OPEN',
  'DELIVERY_GIVEN_UP',
  'DIRECTORY',
  'EFFECT',
  'RUNS_MISSING',
  'RUNS_STUCK',
  'RUN_LOST',
] as const;

export type PageCode = (typeof PAGE_CODES)[number];
