// Durations, lists and people as one says them.
import type { People } from '../plan.ts';

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** 5400000 is "1 hour 30 minutes". */
export function durationWords(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(counted(count, unit));
    rest -= count * size;
  }
  return parts.length === 0 ? 'no time' : parts.join(' ');
}

export const counted = (count: number, thing: string, many = `${thing}s`): string => `${count} ${count === 1 ? thing : many}`;

/** "a, b and c". */
export function listWords(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items[0] ?? 'nothing';
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1] ?? ''}`;
}

/** Approvals count distinct people; a role means itself or above. */
export function peopleWords(people: People, person: string, count = 1): string {
  if (people.oncall !== undefined)
    return count === 1 ? `whoever is on call for ${people.oncall}` : `${count} people on call for ${people.oncall}`;
  if (people.group !== undefined)
    return count === 1 ? `somebody of the group ${people.group}` : `${count} people of the group ${people.group}`;
  if (people.role !== undefined) return count === 1 ? `${article(people.role)} ${people.role}` : `${count} different ${people.role}s`;
  return person;
}

/** "a user", "an IP address": by sound, not by letter. */
export const article = (word: string): string => (/^(?!u[rs])[aeiou]/i.test(word) ? 'an' : 'a');
