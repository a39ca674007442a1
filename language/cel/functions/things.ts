// Users, hosts, files, messages: what people call them, and what tells them apart. Alerts name them by whatever they know.
import { type CelValue, isCelMap } from '@bufbuild/cel';
import type { FunctionRow } from './row.ts';

const FOR_PEOPLE = ['name', 'subject', 'email', 'id', 'ip', 'sha256', 'from'] as const;
const FOR_PROGRAMS = ['id', 'email', 'name', 'ip', 'sha256', 'from', 'subject'] as const;

export const THING_ROWS: readonly FunctionRow[] = [
  {
    name: 'name_of',
    group: 'things',
    takes: { thing: 'any' },
    gives: 'text',
    on: 'argument',
    doc: 'What people call a user, host, file or message: its name, or else whatever names it; text as it is, and `unknown` for nothing.',
    example: ["name_of({'id': 'user-007', 'email': 'eve@example.org'})", 'eve@example.org'],
    call: (given) => firstOf(given.any(0), FOR_PEOPLE) ?? 'unknown',
  },
  {
    name: 'id_of',
    group: 'things',
    takes: { thing: 'any' },
    gives: 'text',
    on: 'argument',
    doc: 'What tells a user, host, file or message from others, in small letters: its id, or else whatever names it. For `dedupe` keys; empty for nothing.',
    example: ["id_of({'id': 'USER-007', 'name': 'Eve'})", 'user-007'],
    call: (given) => (firstOf(given.any(0), FOR_PROGRAMS) ?? '').toLowerCase(),
  },
];

function firstOf(thing: CelValue, members: readonly string[]): string | undefined {
  const texts = isCelMap(thing) ? members.map((name) => thing.get(name)) : [thing];
  return texts.find((text): text is string => typeof text === 'string' && text.trim() !== '');
}
