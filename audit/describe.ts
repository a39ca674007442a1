// An event as one plain sentence.
import { canonical } from './canonical.ts';
import { AUDIT_CODES, isAuditCode } from './codes.ts';
import type { ChainedEvent, Fact, Facts } from './event.ts';
import { joinPersonal } from './personal.ts';

export type Describable = Pick<ChainedEvent, 'code' | 'actor' | 'body'> & Partial<Pick<ChainedEvent, 'personal' | 'personalDigest'>>;

/** `nameOf` turns ids into names where it knows them. What was erased is said to be; a code of a newer version is shown as it is. */
export function describeEvent(event: Describable, nameOf: (id: string) => string | undefined = () => undefined): string {
  if (!isAuditCode(event.code)) return `${event.code} by ${event.actor}`;
  const wasErased = event.personal == null && event.personalDigest != null;
  const facts: Facts = { ...joinPersonal(event.body, event.personal ?? null), actor: nameOf(event.actor) ?? event.actor };
  const word = (name: string) => inWords(facts[name], nameOf);
  const withOptional = AUDIT_CODES[event.code].says.replace(/\[([^\]]*)\]/g, (_, part: string) => fillOptional(part, word));
  const sentence = fill(withOptional, (name) => word(name) ?? '(unknown)');
  return wasErased ? `${sentence} (personal data erased).` : `${sentence}.`;
}

function fillOptional(part: string, word: (name: string) => string | undefined): string {
  const names = [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return names.every((name) => word(name) !== undefined) ? part : '';
}

function fill(text: string, word: (name: string) => string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => word(name));
}

const LONGEST_WORD = 200;

function inWords(fact: Fact | undefined, nameOf: (id: string) => string | undefined): string | undefined {
  if (fact === undefined || fact === null || fact === '') return undefined;
  const text = typeof fact === 'string' ? (nameOf(fact) ?? fact) : typeof fact === 'object' ? listed(fact) : String(fact);
  // One line, whatever an alert has put in.
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > LONGEST_WORD ? `${line.slice(0, LONGEST_WORD)}…` : line;
}

function listed(fact: Fact): string {
  return Array.isArray(fact) ? fact.map((item) => (typeof item === 'string' ? item : canonical(item))).join(', ') : canonical(fact);
}
