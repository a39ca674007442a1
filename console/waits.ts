// What runs wait for, gathered by run: a list has one row for each run, its most pressing wait first, as the server puts them.
import type { WaitingRun } from '../server/contract.ts';

export interface RunWaits {
  readonly run: string;
  /** Never empty. */
  readonly first: WaitingRun;
  readonly all: readonly WaitingRun[];
}

export function byRun({ items }: { readonly items: readonly WaitingRun[] }): readonly RunWaits[] {
  const found = new Map<string, RunWaits>();
  for (const wait of items) {
    const before = found.get(wait.run);
    found.set(wait.run, before ? { ...before, all: [...before.all, wait] } : { run: wait.run, first: wait, all: [wait] });
  }
  return [...found.values()];
}

const ASKS: Readonly<Record<string, string>> = { approval: 'a decision of', question: 'an answer of' };

/** "a decision of role responder", "another run that works on the same thing". */
export function waitWords({ on, whom }: WaitingRun): string {
  const asks = ASKS[on];
  return asks ? `${asks} ${whom}` : whom;
}
