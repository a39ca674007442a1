// Text from outside as the store can keep it: PostgreSQL takes neither U+0000 nor half a surrogate pair, in text nor in JSON. Both become visible
// characters where they come in (alerts, answers of products, what an expression decodes), so that what is decided on, shown and kept is one text.

/** With the u flag a surrogate matches only where its other half is missing. */
const UNSTORABLE = /[\0\p{Cs}]/u;
const ALL_UNSTORABLE = /[\0\p{Cs}]/gu;

/** NUL becomes U+2400 (its symbol), half a pair U+FFFD. */
export const storableText = (text: string): string =>
  UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, (found) => (found === '\0' ? '\u2400' : '\ufffd')) : text;

/** Any JSON with its text made storable, names too. The caller bounds its depth. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storableJson(member)]));
}

/** What JSON text can say of it, as an escape: text without one needs no look inside. */
export const mayHoldUnstorable = (json: string): boolean => ESCAPED.test(json);
const ESCAPED = /\\u(?:0000|[dD][89a-fA-F])/;
