// What I1 to I13 are judged by, looked at from outside: the range's own record, the people's own notes, and only then the store.
// The simulation (a virtual clock) and the acceptance tests (a real Temporal server) both hand in such evidence.
import type { RecordLine } from '../../range/record.ts';
import type { Store } from '../../store/store.ts';

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13'] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly of: Invariant;
  readonly what: string;
}

export type Say = (what: string) => void;

/** A change on its way: from when it was sent until it took effect. */
export interface Flight {
  readonly key: string;
  readonly word: string;
  readonly target: string;
  readonly sentMs: number;
  readonly landedMs: number;
}

/** Noted by whoever decided, apart from the store. */
export interface Decided {
  readonly approval: string;
  readonly runId: string;
  readonly who: string;
  readonly decision: 'approve' | 'deny';
  readonly digest: string;
  readonly atMs: number;
  /** Exact names of whoever decided: what is done to one of these is not theirs to approve. */
  readonly names: readonly string[];
  readonly mayApprove: boolean;
}

/** What took effect by our doing. Somebody else's requests carry no key. */
export interface Effect {
  readonly effect: string;
  readonly target: string;
  readonly key: string;
  readonly runId: string;
  readonly step: string;
  readonly atMs: number;
}

export interface Evidence {
  readonly store: Store;
  /** Lines of the range's record that took effect, whoever asked for them. */
  readonly landed: readonly RecordLine[];
  readonly flights: readonly Flight[];
  readonly decisions: readonly Decided[];
  /** Things that somebody else has changed at a product. */
  readonly foreign: ReadonlySet<string>;
  /** How many people must have agreed, by what the test itself knows of the target and the playbook; undefined: nobody may do it. */
  readonly needed: (effect: Effect) => number | undefined;
  /** Present value at the product. */
  readonly valueOf: (product: 'edr' | 'idp' | 'tickets', target: string) => unknown;
  /** Made-up secrets that must appear nowhere. */
  readonly secrets: readonly string[];
  /** All that was written to the log and said to people. */
  readonly said: readonly string[];
}

export const effectsOf = (landed: readonly RecordLine[]): readonly Effect[] =>
  landed.flatMap((line) => {
    if (line.effect === null || line.key === null) return [];
    const [runId = '', ...rest] = line.key.split('.');
    const step = rest.slice(0, -1).join('.');
    return [{ effect: line.effect, target: line.target ?? '', key: line.key, runId, step, atMs: Date.parse(line.at) }];
  });

/** A step's key as a request's key carries it. */
export const inRequests = (key: string): string => key.replace(/[^A-Za-z0-9._-]/g, '~');

export const CONTAINS: ReadonlySet<string> = new Set(['isolate', 'disable', 'revoke']);
export const UNDOES: Readonly<Record<string, string>> = { release: 'isolate', enable: 'disable' };

export const sayOf = (effect: Effect): string =>
  `${effect.effect} ${effect.target} (${effect.key}) at ${new Date(effect.atMs).toISOString()}`;
