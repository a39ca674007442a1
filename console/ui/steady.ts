// A list that is being read does not move: while it is held, rows keep their places, what left stays (marked), what is new waits.

export interface Steady<T> {
  readonly rows: readonly { readonly item: T; readonly isGone: boolean }[];
  /** How many new rows wait for the list to be let go. */
  readonly fresh: number;
}

/** `next` is the truth; `previous` what was shown. New rows after the last known one are appended, for they move nothing. */
export function steady<T>(previous: readonly T[], next: readonly T[], idOf: (item: T) => string, isHeld: boolean): Steady<T> {
  if (!isHeld || previous.length === 0) return { rows: next.map((item) => ({ item, isGone: false })), fresh: 0 };
  const now = new Map(next.map((item) => [idOf(item), item]));
  const known = new Set(previous.map(idOf));
  const kept = previous.map((item) => ({ item: now.get(idOf(item)) ?? item, isGone: !now.has(idOf(item)) }));
  const lastKnown = next.findLastIndex((item) => known.has(idOf(item)));
  const added = lastKnown < 0 ? [] : next.slice(lastKnown + 1);
  const fresh = next.filter((item) => !known.has(idOf(item))).length - added.length;
  return { rows: [...kept, ...added.map((item) => ({ item, isGone: false }))], fresh };
}
