// What I1 to I13 are judged by, looked at from outside: the range's own record, the people's own notes, and only then the store.
// The simulation (a virtual clock) and the acceptance tests (a real Temporal server) both hand in such evidence.
import type { RecordLine } from '../../range/record.ts';
import type { Store } from '../../store/store.ts';
import type { Seal } from './seal.ts';

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13'] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly of: Invariant;
  readonly what: string;
}

export type Say = (what: string) => void;

/** A change on its way: from when it was sent until it took effect. */
export interface Flight {
  readonly product: string;
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
  /** By the values that the range has written down. */
  readonly does: 'contains' | 'gives-back' | 'tells';
  readonly product: string;
  /** The thing's name at the product: `user-007/password` of user-007. */
  readonly target: string;
  /** Whom or what it is done to, without the part of it. */
  readonly whom: string;
  /** Members of the value that are no longer as before. */
  readonly changed: readonly string[];
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
  readonly valueOf: (product: string, target: string) => unknown;
  /** With which the audit's heads are signed and checked. Made up, for this process only. */
  readonly seal: Seal;
  /** False: dispatch was stopped by the test, and what is due stays undone. */
  readonly isAttended: boolean;
  /** Made-up secrets that must appear nowhere. */
  readonly secrets: readonly string[];
  /** All that was written to the log and said to people. */
  readonly said: readonly string[];
}

/** Products that carry words. What any other does contains somebody or something, or gives it back, by whichever verb. */
const TELLS: ReadonlySet<string> = new Set(['tickets', 'chat', 'slack', 'teams', 'pagerduty']);
export const tells = ({ product }: { readonly product: string }): boolean => TELLS.has(product);

export function effectsOf(landed: readonly RecordLine[]): readonly Effect[] {
  const atFirst = firstValues(landed);
  return landed.flatMap((line) => {
    const { effect, key, product, target } = line;
    if (effect === null || key === null) return [];
    const [runId = '', ...rest] = key.split('.');
    const step = rest.slice(0, -1).join('.');
    const changed = membersOf(line.after).filter((member) => !isSame(line.before, line.after, member));
    const about = changed.length > 0 ? changed : membersOf(line.after);
    const isAsAtFirst = about.every((member) => isSame(atFirst.get(nameOf(line)), line.after, member));
    const does = tells(line) ? 'tells' : isAsAtFirst ? 'gives-back' : 'contains';
    const [whom = ''] = (target ?? '').split('/');
    return [{ effect, does, product, target: target ?? '', whom, changed, key, runId, step, atMs: Date.parse(line.at) }];
  });
}

export const nameOf = ({ product, target }: { readonly product: string; readonly target: string | null }): string => `${product} ${target}`;

/** How each thing was before anybody changed it. */
export function firstValues(landed: readonly RecordLine[]): ReadonlyMap<string, unknown> {
  const atFirst = new Map<string, unknown>();
  for (const line of landed) if (!atFirst.has(nameOf(line))) atFirst.set(nameOf(line), line.before);
  return atFirst;
}

/** What is still otherwise than anybody found it, of these members. */
export const isInForce = (atFirst: unknown, now: unknown, members: readonly string[]): boolean =>
  members.some((member) => !isSame(atFirst, now, member));

const membersOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
/** What a product has never heard of is not blocked. */
const isSame = (one: unknown, other: unknown, member: string): boolean => textOf(one, member) === textOf(other, member);
const textOf = (value: unknown, member: string): string =>
  JSON.stringify((typeof value === 'object' && value !== null && Object.entries(value).find(([name]) => name === member)?.[1]) || false);

/** A step's key as a request's key carries it. */
export const inRequests = (key: string): string => key.replace(/[^A-Za-z0-9._-]/g, '~');

export const sayOf = (effect: Effect): string =>
  `${effect.effect} ${effect.target} (${effect.key}) at ${new Date(effect.atMs).toISOString()}`;
