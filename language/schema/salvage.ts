// A value that its schema refuses, with stand-ins for what is wrong in it, so that the rest can be looked at in the same run. Never part of a plan: the
// faults have been told, and a text with a fault has none.
import { z } from 'zod';
import { nearest } from '../nearest.ts';
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
  { type: 'text' },
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
  const value = copyOf(raw);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, standIns };
    for (const issue of parsed.error.issues) {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      if (issue.code === 'unrecognized_keys') {
        standIns.push(...withoutKeys(schema, value, path, issue.keys));
        continue;
      }
      const standIn = path.length === 0 || issue.code === 'invalid_key' ? undefined : standInFor(schema, path, issue);
      if (standIn === undefined) return undefined;
      setMember(value, path, standIn);
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

/** Keys looked at for what they may have meant: more than that are no slips. */
const MAX_MEANT = 100;

/** Takes the keys away, or gives their values to what they were meant for: a misspelt `hold` is a hold, that there is none would be a second fault. */
function withoutKeys(schema: z.ZodType, value: Json, path: Path, keys: readonly string[]): readonly Path[] {
  const known = keysAt(schema, path);
  return keys.flatMap((key, index) => {
    const at = [...path, key];
    const free = index < MAX_MEANT ? known.filter((one) => memberAt(value, [...path, one]) === undefined) : [];
    const meant = nearest(key, free);
    const member = memberAt(value, at);
    setMember(value, at, undefined);
    if (meant === undefined) return [at];
    setMember(value, [...path, meant], member);
    return [at, [...path, meant]];
  });
}

/** Of our own, so that members can be set in place: a new map for each of many keys takes minutes. */
function copyOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

/** In a copy of ours; without the member where `member` is undefined. What is neither map nor list on the way becomes a map. */
function setMember(value: Json, path: Path, member: Json | undefined): void {
  let inner: unknown = value;
  for (const [index, part] of path.entries()) {
    if (typeof inner !== 'object' || inner === null) return;
    const isLast = index === path.length - 1;
    if (isLast && member === undefined) Reflect.deleteProperty(inner, part);
    else if (isLast) define(inner, part, copyOf(member ?? null));
    else {
      const next: unknown = Object.hasOwn(inner, part) ? Reflect.get(inner, part) : undefined;
      if (typeof next !== 'object' || next === null) define(inner, part, {});
      inner = Reflect.get(inner, part);
    }
  }
}

/** Of its own, whatever the name. */
const define = (inner: object, part: string | number, value: Json): boolean =>
  Reflect.defineProperty(inner, part, { value, configurable: true, enumerable: true, writable: true });
