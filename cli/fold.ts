// Ten thousand lines that say the same of ten thousand items, as the first of them and a count.
import type { Line } from '../engine/simulation/compare.ts';
import type { Happening } from '../engine/simulation/simulation.ts';

/** A line, or how many more like one before it there were, until when. */
export type Folded = Line | { readonly kind: 'more'; readonly happening: Happening; readonly count: number };

/** Alike lines that are shown, one by one, before the others are counted. */
const SHOWN = 5;

/** What was expected, or is missing, is always shown; so is whatever there are few of. */
export function foldLines(lines: readonly Line[]): readonly Folded[] {
  const groups = new Map<string, Happening[]>();
  for (const line of lines) {
    if (line.kind !== 'happened' || line.expected) continue;
    const group = groups.get(keyOf(line.happening)) ?? [];
    group.push(line.happening);
    groups.set(keyOf(line.happening), group);
  }
  const seen = new Map<string, number>();
  return lines.flatMap((line): readonly Folded[] => {
    if (line.kind !== 'happened' || line.expected) return [line];
    const key = keyOf(line.happening);
    const group = groups.get(key) ?? [];
    const last = group.at(-1);
    const at = seen.get(key) ?? 0;
    seen.set(key, at + 1);
    if (at < SHOWN || group.length <= SHOWN + 1) return [line];
    return at === SHOWN && last ? [{ kind: 'more', happening: last, count: group.length - SHOWN }] : [];
  });
}

/** Alike: the same step, what happened to it, by whom and why; not when, and not to what. */
const keyOf = ({ step, what, verb, by, error, answer }: Happening): string =>
  JSON.stringify([step, what, verb, by, error?.code, error?.message, answer]);

/** `iso, iso, iso, look`: iso (3 times), look. */
export function countedNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`)).join(', ');
}
