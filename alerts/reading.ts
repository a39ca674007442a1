// How untrusted members are read into an Alert: bounded text, bounded lists, characters that no store takes replaced by visible ones.
import { storableText } from '../language/storable-text.ts';

/** Limits of what is taken over. The raw bytes are kept beside it, whole. */
export const READ_LIMITS = { titleChars: 500, textChars: 8_000, idChars: 512, listItems: 500 } as const;

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member as trimmed text in NFC; numbers as their digits; undefined when it is absent, empty or something else. */
export function readText(value: unknown, maxChars: number = READ_LIMITS.idChars): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const clean = storableText(text).normalize('NFC').trim();
  if (clean === '') return undefined;
  return clean.length > maxChars ? `${storableText(clean.slice(0, maxChars - 1))}…` : clean;
}

/** A list of whatever `read` takes; other items are left out (they stay in the raw bytes). One value alone is a list of one. */
export function readList<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] {
  if (value === undefined || value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.slice(0, READ_LIMITS.listItems).flatMap((item) => {
    const taken = read(item);
    return taken === undefined ? [] : [taken];
  });
}

/** Like `readText`, for identifiers: one that is too long is dropped rather than cut, since a cut id would name something else. */
export function readId(value: unknown): string | undefined {
  const text = readText(value, READ_LIMITS.idChars + 1);
  return text === undefined || text.length > READ_LIMITS.idChars ? undefined : text;
}

/** The object without the members that are undefined; undefined when none is left. */
export function some<T extends Members>(given: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } | undefined {
  const kept = Object.entries(given).filter(([, value]) => value !== undefined);
  // Only undefined members were taken away.
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> });
}

/** `value` where it is an RFC 3339 instant with a zone; undefined else. */
export function readInstant(value: unknown): string | undefined {
  const text = readText(value, 64);
  return text !== undefined && INSTANT.test(text) ? text : undefined;
}

const INSTANT =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
