// Reads JSON strictly, before JSON.parse is asked: one pass, no recursion, nothing silently changed.
// What JSON.parse would quietly alter (duplicate keys, digits beyond 2^53, 1e400, -0) is refused with a reason, so that it can be kept and shown.

/** Limits of one body. A body is at most 1 MiB, so these bound the work on it, not its meaning. */
const JSON_LIMITS = { depth: 64, values: 50_000, keyChars: 1_024 } as const;

export type Scan = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Parsed JSON, or why the text was refused. Never throws. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Checks the text as `scanJson` does, then parses it. */
export function parseJson(text: string): Parsed {
  const scan = scanJson(text);
  if (!scan.ok) return scan;
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}

interface Open {
  /** Keys seen so far; absent in a list. */
  readonly keys?: Set<string>;
  /** This object is the value of a key named `constructor`. */
  readonly inConstructor: boolean;
}

const INTEGER = /^-?[0-9]+$/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may hold no raw control characters
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const NAME = /"/y;

/** Says whether the text is JSON that means the same to every reader. */
export function scanJson(text: string): Scan {
  const open: Open[] = [];
  let at = 0;
  let values = 0;
  let last = ''; // the key before the value
  let expect: 'value' | 'first-value' | 'key' | 'first-key' | 'after' = 'value';
  const refuse = (reason: string): Scan => ({ ok: false, reason: `${reason} (at character ${at + 1})` });
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  for (;;) {
    at += match(SPACE).length;
    const char = text[at];
    const top = open.at(-1);
    if (expect === 'after') {
      if (top === undefined) return char === undefined ? { ok: true } : refuse('text after the end of the document');
      if (char === ',') {
        at += 1;
        expect = top.keys ? 'key' : 'value';
        continue;
      }
      if (char !== (top.keys ? '}' : ']')) return refuse('not JSON');
      at += 1;
      open.pop();
      continue;
    }
    if (expect === 'key' || expect === 'first-key') {
      if (char === '}' && expect === 'first-key') {
        at += 1;
        open.pop();
        expect = 'after';
        continue;
      }
      if (!match(NAME)) return refuse('not JSON');
      const raw = match(STRING);
      if (!raw) return refuse('not JSON');
      if (raw.length > JSON_LIMITS.keyChars) return refuse(`a key is longer than ${JSON_LIMITS.keyChars} characters`);
      last = decodeKey(raw);
      const fault = top?.keys ? keyFault(last, top.keys, top.inConstructor) : 'not JSON';
      if (fault) return refuse(fault);
      top?.keys?.add(last);
      at += raw.length;
      at += match(SPACE).length;
      if (text[at] !== ':') return refuse('not JSON');
      at += 1;
      expect = 'value';
      continue;
    }
    if (char === ']' && expect === 'first-value') {
      at += 1;
      open.pop();
      expect = 'after';
      continue;
    }
    values += 1;
    if (values > JSON_LIMITS.values) return refuse(`more than ${JSON_LIMITS.values} values`);
    if (char === '{' || char === '[') {
      if (open.length >= JSON_LIMITS.depth) return refuse(`nested deeper than ${JSON_LIMITS.depth}`);
      const inConstructor = top?.keys !== undefined && last === 'constructor';
      open.push(char === '{' ? { keys: new Set(), inConstructor } : { inConstructor: false });
      expect = char === '{' ? 'first-key' : 'first-value';
      at += 1;
      continue;
    }
    const scalar = scanScalar(char, match);
    if (typeof scalar === 'object') return refuse(scalar.reason);
    at += scalar;
    expect = 'after';
  }
}

/** Length of the scalar, or why it is refused. */
function scanScalar(char: string | undefined, match: (pattern: RegExp) => string): number | { readonly reason: string } {
  if (char === '"') return match(STRING).length || { reason: 'not JSON' };
  const word = match(WORD);
  if (word) return word.length;
  const number = match(NUMBER);
  if (!number) return { reason: 'not JSON' };
  const value = Number(number);
  if (!Number.isFinite(value)) return { reason: 'a number is too large for a double' };
  if (Object.is(value, -0)) return { reason: 'negative zero' };
  if (INTEGER.test(number) && !Number.isSafeInteger(value)) return { reason: 'an integer beyond 2^53 would lose digits; send it as text' };
  return number.length;
}

const WORD = /true|false|null/y;

function keyFault(key: string, seen: ReadonlySet<string>, inConstructor: boolean): string | undefined {
  if (seen.has(key)) return 'a key stands twice in one object';
  if (key === '__proto__' || (inConstructor && key === 'prototype')) return 'a key that would reach an object prototype';
  return undefined;
}

/** Only keys with a backslash need decoding; the pattern has made sure that this cannot throw. */
function decodeKey(raw: string): string {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  const text: unknown = JSON.parse(raw);
  return typeof text === 'string' ? text : raw;
}
