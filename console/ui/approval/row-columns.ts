// What a table of rows shows beside each row's name: a few plain members that most of them have.
import type { Json } from '../../../language/plan.ts';
import type { Row } from '../../../language/rows.ts';

/** Characters; what is longer is nothing to compare at a glance. */
const MAX_CELL = 40;
const MAX_COLUMNS = 2;
/** These make the name already. */
const IN_NAME = new Set(['name', 'title', 'subject', 'email', 'key', 'id']);

export function columnsOf(rows: readonly Row[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { of } of rows) {
    for (const [name, value] of Object.entries(membersOf(of))) {
      if (!IN_NAME.has(name) && isPlain(value) && String(value).length <= MAX_CELL) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count * 2 >= rows.length)
    .sort(([, countA], [, countB]) => countB - countA)
    .slice(0, MAX_COLUMNS)
    .map(([name]) => name);
}

export function cellOf(row: Row, column: string): string {
  const value = membersOf(row.of)[column];
  return isPlain(value) ? String(value) : '';
}

const membersOf = (of: Json): Readonly<Record<string, Json>> =>
  // A map of JSON has JSON in it.
  typeof of === 'object' && of !== null && !Array.isArray(of) ? (of as Readonly<Record<string, Json>>) : {};

const isPlain = (value: Json | undefined): value is string | number | boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
