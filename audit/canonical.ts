// The one way to write facts as text, so that equal facts have equal bytes: members sorted by UTF-16 code units, no spaces, and strings
// that a database can hold (neither U+0000 nor half a surrogate pair).
import type { Fact, Facts } from './event.ts';

const HALF_PAIR = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(HALF_PAIR, '\uFFFD');
}

/** Canonical JSON. A number that JSON cannot say becomes null. */
export function canonical(fact: Fact | undefined): string {
  if (fact === null || fact === undefined) return 'null';
  if (typeof fact === 'string') return JSON.stringify(cleanText(fact));
  if (typeof fact !== 'object') return JSON.stringify(fact);
  if (isList(fact)) return `[${fact.map(canonical).join(',')}]`;
  return canonicalFacts(fact);
}

/** Names are cleaned before they are sorted. Two that become one have one fact: JSON in a database cannot hold both. */
function canonicalFacts(facts: Facts): string {
  const byName = new Map(Object.keys(facts).map((name) => [cleanText(name), facts[name]] as const));
  const members = [...byName]
    .filter(([, fact]) => fact !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, fact]) => `${JSON.stringify(name)}:${canonical(fact)}`);
  return `{${members.join(',')}}`;
}

/** Array.isArray does not narrow readonly arrays. */
function isList(fact: Fact): fact is readonly Fact[] {
  return Array.isArray(fact);
}
