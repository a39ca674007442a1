// Values of the conformance tests in three forms: what CEL takes, what JSON can say of them, and a text for comparing that tells the types apart.
import { Buffer } from 'node:buffer';
import { type CelInput, type CelValue, celList, celMap, celUint, isCelList, isCelMap, isCelType, isCelUint } from '@bufbuild/cel';
import type { WireValue } from './suite.ts';

interface WireEntry {
  readonly key?: WireValue;
  readonly value?: WireValue;
}

// protobuf's JSON leaves out what is empty; the shapes below are those of cel.expr.Value.
const membersOf = (value: WireValue): readonly WireValue[] =>
  (value.listValue as { readonly values?: readonly WireValue[] } | undefined)?.values ?? [];
const entriesOf = (value: WireValue): readonly WireEntry[] =>
  (value.mapValue as { readonly entries?: readonly WireEntry[] } | undefined)?.entries ?? [];

export function toCel(value: WireValue): CelInput {
  if ('int64Value' in value) return BigInt(String(value.int64Value));
  if ('uint64Value' in value) return celUint(BigInt(String(value.uint64Value)));
  if ('doubleValue' in value) return Number(value.doubleValue);
  if ('bytesValue' in value) return new Uint8Array(Buffer.from(String(value.bytesValue), 'base64'));
  if ('stringValue' in value) return String(value.stringValue);
  if ('boolValue' in value) return value.boolValue === true;
  if ('listValue' in value) return celList(membersOf(value).map(toCel));
  if ('mapValue' in value)
    return celMap(new Map(entriesOf(value).map((entry) => [toCel(entry.key ?? {}) as string, toCel(entry.value ?? {})])));
  return null;
}

/** Undefined for what JSON cannot say: bytes, types, keys that are no text, numbers that are none. */
export function toPlainJson(value: WireValue): unknown {
  if ('int64Value' in value || 'uint64Value' in value) {
    const whole = Number(value.int64Value ?? value.uint64Value);
    return Number.isSafeInteger(whole) ? whole : undefined;
  }
  if ('doubleValue' in value) {
    const number = Number(value.doubleValue);
    // Whole numbers beyond 2^53 are refused, since JSON readers round them.
    return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : undefined;
  }
  if ('stringValue' in value) return String(value.stringValue);
  if ('boolValue' in value) return value.boolValue === true;
  if ('nullValue' in value) return null;
  if ('listValue' in value) {
    const members = membersOf(value).map(toPlainJson);
    return members.includes(undefined) ? undefined : members;
  }
  if ('mapValue' in value) {
    const entries = entriesOf(value).map((entry) => [toPlainJson(entry.key ?? {}), toPlainJson(entry.value ?? {})] as const);
    const isPlain = entries.every(([key, member]) => typeof key === 'string' && member !== undefined);
    return isPlain ? Object.fromEntries(entries) : undefined;
  }
  return undefined;
}

export function wireText(value: WireValue): string {
  if ('typeValue' in value) return `type ${value.typeValue}`;
  return celText(toCel(value));
}

/** Types and values, maps in the order of their keys; NaN is itself, and 0 is not told from -0 (CEL's == does not either). */
export function celText(value: CelInput | CelValue): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `double ${value === 0 ? 0 : value}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (isCelUint(value)) return `uint ${value.value}`;
  if (isCelList(value)) return `[${[...value].map(celText).join(', ')}]`;
  if (isCelMap(value))
    return `{${[...value]
      .map(([key, member]) => `${celText(key)}: ${celText(member)}`)
      .toSorted()
      .join(', ')}}`;
  if (isCelType(value)) return `type ${value.name}`;
  return 'something else';
}
