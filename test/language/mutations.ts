// Seeded damage to playbooks: to their text, to their tree, and bytes of no meaning. The same seed does the same damage.
import { parse, stringify } from 'yaml';

export interface Random {
  /** From 0, below the limit. */
  readonly below: (limit: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
}

/** Mulberry32: small, and good enough to break things. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    pick: (from) => {
      const found = from[below(from.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}

const WORDS = [
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '\r',
    ':',
    ': ',
    '- ',
    '? ',
    '!',
    '!!js/function x',
    '&a',
    '*a',
    '|',
    '>-',
    '%',
    '@',
    '`',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '#',
    ',',
    '---\n',
  ],
  ...[
    '${{',
    '}}',
    '${{ }}',
    '${{ steps.x.y }}',
    '${{ inputs.user',
    '\u0000',
    '\ufeff',
    '\u2028',
    '\u202e',
    '\ud800',
    '😀',
    '0x1',
    '.nan',
    '-0',
    '9e999',
    'null',
    '~',
  ],
  ...[
    'true',
    'yes',
    '<<: *a',
    '__proto__: x',
    'constructor',
    'toString',
    'constructor: x',
    'toString: x',
    'valueOf: x',
    'hasOwnProperty: x',
    'do: user.disable',
    'when: true',
    'undo: all',
    'on_error: undo',
    'group:',
    'parallel:',
    'for_each:',
  ],
  ...[
    'a.map(x, x.map(y, y))',
    'size(',
    'first([])',
    "matches('(')",
    "'a' in",
    '!x',
    'a ? b : c',
    '1u',
    'b"x"',
    '9223372036854775808',
    '-'.repeat(100),
    '('.repeat(300),
    'x'.repeat(5000),
  ],
];

const TEXT: readonly ((random: Random, text: string, other: string) => string)[] = [
  (random, text) => inserted(text, random.below(text.length + 1), 0, random.pick(WORDS)),
  (random, text) => inserted(text, random.below(text.length + 1), random.below(40), ''),
  (random, text) => inserted(text, random.below(text.length + 1), random.below(20), random.pick(WORDS)),
  (random, text) => text.slice(0, random.below(text.length + 1)),
  (random, text) => onLines(text, (lines) => lines.splice(random.below(lines.length), 1)),
  (random, text) => onLines(text, (lines) => lines.splice(random.below(lines.length), 0, random.pick(lines))),
  (random, text) => onLines(text, (lines) => lines.push(...lines.splice(random.below(lines.length), random.below(9)))),
  (random, text) =>
    onLines(text, (lines) => {
      const at = random.below(lines.length);
      lines[at] = `${' '.repeat(random.below(9))}${(lines[at] ?? '').trimStart()}`;
    }),
  (random, text, other) => text.slice(0, random.below(text.length)) + other.slice(random.below(other.length)),
  (random) => Array.from({ length: random.below(300) }, () => String.fromCharCode(random.below(0x300))).join(''),
  (random) => Array.from({ length: random.below(60) }, () => random.pick(WORDS)).join(''),
];

export function damagedText(random: Random, text: string, other: string): string {
  let damaged = text;
  for (let count = 1 + random.below(4); count > 0; count -= 1) damaged = random.pick(TEXT)(random, damaged, other);
  return damaged;
}

/** Still YAML, and mostly still a playbook: what the checks behind the shape have to stand. */
export function damagedTree(random: Random, text: string): string {
  const tree: unknown = parse(text);
  for (let count = 1 + random.below(4); count > 0; count -= 1) damageWithin(random, tree);
  return stringify(tree, { aliasDuplicateObjects: false });
}

// Put in as copies: in its place within itself, one of them would be a tree without an end.
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  '',
  'x',
  'all',
  [],
  {},
  [[]],
  { x: 1 },
  ['x'],
  '${{ inputs.nothing }}',
  '${{ 1 +',
  'steps.x.y == 1',
  '5m',
  'undo',
];

/** Every object has these without having been given them. */
const INHERITED = ['constructor', 'hasOwnProperty', 'toString', 'valueOf'];

function damageWithin(random: Random, tree: unknown): void {
  const places = [...branches(tree)];
  if (places.length === 0) return;
  const place = random.pick(places);
  const keys = Object.keys(place);
  if (keys.length === 0) return;
  const [key, other] = [random.pick(keys), random.pick(keys)];
  const change = random.below(6);
  if (change === 0) Reflect.set(place, key, structuredClone(random.pick(VALUES)));
  else if (change === 1) Reflect.deleteProperty(place, key);
  else if (change === 2) Reflect.set(place, key, structuredClone(Reflect.get(place, other)));
  else if (change === 3)
    Reflect.set(
      place,
      random.pick(['do', 'when', 'group', 'id', 'x', 'steps', 'hold', 'with', ...INHERITED]),
      structuredClone(Reflect.get(place, key)),
    );
  else if (change === 4)
    Reflect.set(place, key, { [random.pick(['steps', 'then', 'by', 'x', ...INHERITED])]: structuredClone(Reflect.get(place, key)) });
  else Reflect.set(place, key, [structuredClone(Reflect.get(place, key)), structuredClone(random.pick(VALUES))]);
}

function* branches(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const member of Object.values(value)) yield* branches(member);
}

const inserted = (text: string, at: number, removed: number, word: string): string => text.slice(0, at) + word + text.slice(at + removed);

function onLines(text: string, change: (lines: string[]) => unknown): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}
