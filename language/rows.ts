// A list of things with one answer for each: rows of a question. The same checks in the console, the server, the engine and scenarios.
import { canonicalJson } from './canonical.ts';
import type { FieldFault } from './form.ts';
import type { Json } from './plan.ts';

/** One thing that people give an answer about. */
export interface Row {
  /** Made of the thing itself: an answer that was meant for another row finds none. */
  readonly id: string;
  /** In words, one line. */
  readonly label: string;
  readonly of: Json;
}

export interface Rows {
  readonly items: readonly Row[];
  readonly choices: readonly string[];
}

export const MAX_ROWS = 1000;
const MAX_LABEL = 200;

export function makeRows(list: readonly Json[]): readonly Row[] {
  const seen = new Map<string, number>();
  return list.map((of) => {
    const own = digest(canonicalJson(of));
    const count = (seen.get(own) ?? 0) + 1;
    seen.set(own, count);
    return { id: count === 1 ? own : `${own}-${count}`, label: labelOf(of), of };
  });
}

export type RowsChecked =
  | { readonly ok: true; readonly value: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** One answer for every row, by the row's id; no row is passed over and none is made up. */
export function checkRows({ items, choices }: Rows, given: unknown): RowsChecked {
  if (!isRecord(given)) return { ok: false, faults: [{ field: '', message: 'must be a map of rows' }] };
  const ids = new Set(items.map(({ id }) => id));
  const faults: FieldFault[] = Object.keys(given)
    .filter((id) => !ids.has(id))
    .map((id) => ({ field: id.slice(0, 60), message: 'is no row of this question' }));
  const value: Record<string, string> = {};
  for (const { id } of items) {
    const answer = Object.hasOwn(given, id) ? given[id] : undefined;
    if (typeof answer === 'string' && choices.includes(answer)) value[id] = answer;
    else faults.push({ field: id, message: answer === undefined ? 'has no answer' : `must be one of ${choices.join(', ')}` });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}

/** Answers by what people call the rows (`*`: all others) to answers by id. A name that is no row, or several, is a fault. */
export function rowsByName({ items }: Rows, given: Readonly<Record<string, string>>): RowsChecked {
  const value: Record<string, string> = {};
  const faults: FieldFault[] = [];
  const rest = given['*'];
  if (rest !== undefined) for (const { id } of items) value[id] = rest;
  for (const [name, answer] of Object.entries(given)) {
    if (name === '*') continue;
    const meant = items.filter((row) => row.id === name || row.label === name || namesOf(row.of).includes(name));
    const [row] = meant;
    if (row !== undefined && meant.length === 1) value[row.id] = answer;
    else
      faults.push({ field: name.slice(0, 60), message: row === undefined ? 'is no row of this question' : 'is the name of several rows' });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}

/** How people call a thing: its name, with what tells it from its namesakes. One line. */
export function labelOf(of: Json): string {
  const names = namesOf(of);
  const [first, ...rest] = [...new Set(names)];
  const text = first === undefined ? JSON.stringify(of) : rest.length === 0 ? first : `${first} (${rest[0]})`;
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL - 1)}…` : line;
}

const NAMES = ['name', 'title', 'subject', 'email', 'id', 'sha256', 'url', 'ip', 'key'];

function namesOf(of: Json): readonly string[] {
  if (typeof of === 'string') return [of];
  if (typeof of === 'number' || typeof of === 'boolean') return [String(of)];
  if (!isRecord(of)) return [];
  return NAMES.flatMap((name) => {
    const member = Object.hasOwn(of, name) ? of[name] : undefined;
    return typeof member === 'string' && member.trim() !== '' ? [member.trim()] : [];
  });
}

/** FNV-1a, 32 bits: tells rows of one question apart; equal ones are counted. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
