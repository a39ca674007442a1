// "Contain a compromised account: Eve Adams, 203.0.113.50": what people see of a run, here and in Temporal's own UI.
import type { Json } from '../language/plan.ts';

const MAX_NAMES = 3;
const MAX_CHARACTERS = 160;

export function runTitle(title: string, inputs: Readonly<Record<string, Json>>): string {
  const names = Object.values(inputs).flatMap(namesIn).slice(0, MAX_NAMES);
  const text = names.length === 0 ? title : `${title}: ${names.join(', ')}`;
  return [...text].slice(0, MAX_CHARACTERS).join('');
}

/** Lists count by their first members. What looks like neither a name nor an address is left out. */
function namesIn(value: Json): string[] {
  if (typeof value === 'string') return value === '' ? [] : [plain(value)];
  if (Array.isArray(value)) return value.slice(0, MAX_NAMES).flatMap(namesIn);
  if (value === null || typeof value !== 'object') return [];
  // An object here: Array.isArray does not narrow readonly arrays away.
  const members = value as Readonly<Record<string, Json>>;
  const name = members.name ?? members.id ?? members.email ?? members.sha256;
  return typeof name === 'string' && name !== '' ? [plain(name)] : [];
}

/** From an alert, so from anyone: one line, no control characters. */
const plain = (text: string): string =>
  text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 60);
