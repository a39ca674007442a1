// Plain JSON to CEL values and back. Data is converted by us, not by the library: it takes objects with a `$typeName` for protobuf messages, and
// alerts are written by strangers.
import { type CelInput, type CelMap, type CelValue, celList, celMap, isCelList, isCelMap, isCelUint } from '@bufbuild/cel';
import type { Json } from '../plan.ts';
import { storableText } from '../storable-text.ts';
import { raise } from './failure.ts';

/** Levels of lists and objects, in data and in results. */
const MAX_DATA_DEPTH = 100;
/** Of a result, as JSON text, roughly. */
const MAX_RESULT_BYTES = 1_048_576;

/** Fails (by `raise`) for what is not plain JSON; members that are undefined count as absent. */
export function toCelValue(value: unknown, depth = 0): CelInput {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') return raise('EXPRESSION_DATA', `the data holds a ${typeof value}, which is not plain JSON`);
  if (depth >= MAX_DATA_DEPTH) return raise('EXPRESSION_DATA', `the data is nested deeper than ${MAX_DATA_DEPTH} levels`);
  if (Array.isArray(value)) return celList(value.map((item) => toCelValue(item, depth + 1)));
  return recordToCelMap(value, Object.keys(value), depth);
}

/** Only the named members, as far as they are there. */
export function recordToCelMap(record: object, names: readonly string[], depth = 0): CelMap {
  const map = new Map<string, CelInput>();
  for (const name of names) {
    const member: unknown = Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined;
    if (member !== undefined) map.set(name, toCelValue(member, depth + 1));
  }
  return celMap(map);
}

interface Meter {
  bytes: number;
}

/** Fails (by `raise`) for what JSON cannot say, and above the bounds. Nothing is rounded silently. */
export function toJson(value: CelValue, meter: Meter = { bytes: 0 }, depth = 0): Json {
  meter.bytes += typeof value === 'string' ? value.length + 2 : 8;
  if (meter.bytes > MAX_RESULT_BYTES) return raise('EXPRESSION_SIZE', `the result is larger than ${MAX_RESULT_BYTES} bytes`);
  // What was decoded may hold any character, and every result may end in the store.
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return toNumber(Number(value));
  if (isCelUint(value)) return toNumber(Number(value.value));
  if (depth >= MAX_DATA_DEPTH) return raise('EXPRESSION_RESULT', `the result is nested deeper than ${MAX_DATA_DEPTH} levels`);
  if (isCelList(value)) return [...value].map((item) => toJson(item, meter, depth + 1));
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, item]) => [toKey(key, meter), toJson(item, meter, depth + 1)]));
  return raise('EXPRESSION_RESULT', 'the result is no plain value (text, number, true or false, null, list, map)');
}

function toNumber(value: number): number {
  if (!Number.isFinite(value)) return raise('EXPRESSION_RESULT', 'the result is not a finite number');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return raise('EXPRESSION_RESULT', 'the result is too large a number');
  return value;
}

function toKey(key: unknown, meter: Meter): string {
  if (typeof key !== 'string') return raise('EXPRESSION_RESULT', 'a map in the result has a key that is not text');
  meter.bytes += key.length + 3;
  return storableText(key);
}
