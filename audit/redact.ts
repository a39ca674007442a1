// The last net under secrets: an event never carries one on purpose. Also bounds what hostile input can put into the log.
import type { Fact, Facts } from './event.ts';

const REDACTED = '[redacted]';

const LIMITS = { depth: 6, members: 100, text: 2_000 };

const SECRET_NAME =
  /pass(word|phrase|wd|code)|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|signing[-_]?key|one[-_]?time/i;
/** Ids of ours may stand under such a name: they open nothing. */
const OUR_ID = /^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/;

const SECRET_TEXTS: readonly RegExp[] = [
  /\b(?:bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi,
  /\bwhsec_[A-Za-z0-9+/=]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, // JWT
  /\b(?:gh[pousr]_|glpat-|xox[abeprs]-|sk-|AKIA)[A-Za-z0-9_-]{12,}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
  /(?<=:\/\/)[^\s/@:]{1,100}:[^\s/@]{1,200}(?=@)/g, // https://user:password@host
];

/** Anything becomes facts: what JSON cannot say is left out or becomes text. */
export function redactFacts(given: Readonly<Record<string, unknown>>): Facts {
  return redactMembers(given, 0);
}

/** Removes what looks like a secret from a text, and cuts it to a bound. */
export function redactText(text: string): string {
  const bounded = text.length > LIMITS.text ? `${text.slice(0, LIMITS.text)}…` : text;
  return SECRET_TEXTS.reduce((left, pattern) => left.replace(pattern, REDACTED), bounded);
}

function redactMembers(given: Readonly<Record<string, unknown>>, depth: number): Facts {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && typeof value !== 'function');
  const kept = entries.slice(0, LIMITS.members).map(([name, value]) => [redactText(name), redactFact(name, value, depth)] as const);
  if (entries.length > kept.length) kept.push(['cut', entries.length - kept.length]);
  return Object.fromEntries(kept);
}

function redactFact(name: string, value: unknown, depth: number): Fact {
  if (SECRET_NAME.test(name) && isTelling(value)) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= LIMITS.depth) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, LIMITS.members).map((item: unknown) => redactFact(name, item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactFact(name, value.toJSON(), depth + 1); // Date, URL
  return redactMembers({ ...value }, depth + 1);
}

/** null, numbers and switches tell nothing. Lists are looked at item by item. */
function isTelling(value: unknown): boolean {
  if (typeof value === 'string') return value !== '' && !OUR_ID.test(value);
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
