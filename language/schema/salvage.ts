// A value that its schema refuses, with stand-ins for what is wrong in it, so that the rest can be looked at in the same run. Never part of a plan: the
// faults have been told, and a text with a fault has none.
import { z } from 'zod';
import { nearest } from '../nearest.ts';
import { own } from '../own.ts';
import type { Json } from '../plan.ts';
import type { Path } from '../yaml-text.ts';
import { keysAt, memberAt, schemasAt } from './issues.ts';

export interface Salvaged<T> {
  readonly value: T;
  /** What was replaced or left out, within the value: nothing more is said of it. */
  readonly standIns: readonly Path[];
}

/** The first that its schema takes is taken. */
const STAND_INS: readonly Json[] = [
  'stop',
  'text',
  '1h',
  'until_released',
  '2026-01-01',
  1,
  true,
  {},
  { role: 'analyst' },
  { by: { role: 'responder' } },
  { attempts: 1 },
  { item: [] },
  { source: 'plain' },
  { cron: '0 0 * * *' },
  { until: 'true', every: '1m', for: '1h' },
  { outcome: 'text' },
  { to: { role: 'analyst' }, title: 'text', choices: ['a', 'b'], within: '1h', else: 'a' },
  ['1h', 'text'],
];

/** Faults within faults: what stands in for one may bring another to light. */
const MAX_ROUNDS = 4;

/** Undefined where nothing can stand in, such as for the name of a loop's variable. */
export function salvage<S extends z.ZodType>(schema: S, raw: Json): Salvaged<z.output<S>> | undefined {
  const standIns: Path[] = [];
  let value = raw;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, standIns };
    for (const issue of parsed.error.issues) {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          // A misspelt `hold` is a hold: that there is none would be a second fault.
          const meant = nearest(
            key,
            keysAt(schema, path).filter((known) => memberAt(value, [...path, known]) === undefined),
          );
          if (meant !== undefined) value = withMember(value, [...path, meant], memberAt(value, [...path, key]));
          value = withMember(value, [...path, key], undefined);
          standIns.push([...path, key], ...(meant === undefined ? [] : [[...path, meant]]));
        }
        continue;
      }
      const standIn = path.length === 0 || issue.code === 'invalid_key' ? undefined : standInFor(schema, path, issue);
      if (standIn === undefined) return undefined;
      value = withMember(value, path, standIn);
      standIns.push(path);
    }
  }
  return undefined;
}

const standInFor = (schema: z.ZodType, path: Path, issue: z.core.$ZodIssue): Json | undefined => {
  if (issue.code === 'invalid_value') return String(issue.values[0]);
  const [found] = schemasAt(schema, path);
  return found instanceof z.ZodType ? STAND_INS.find((one) => found.safeParse(one).success) : undefined;
};

/** Without the member where `member` is undefined. */
function withMember(value: Json, [first, ...rest]: Path, member: Json | undefined): Json {
  if (first === undefined) return member ?? null;
  if (Array.isArray(value)) return value.map((item: Json, index) => (index === first ? withMember(item, rest, member) : item));
  // Neither text nor list, which JSON could have here: what is put into a map.
  const record = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, Json>>;
  const others = Object.entries(record).filter(([name]) => name !== first);
  const inner = rest.length === 0 ? member : withMember(own(record, String(first)) ?? null, rest, member);
  return Object.fromEntries(inner === undefined ? others : [...others, [first, inner]]);
}
