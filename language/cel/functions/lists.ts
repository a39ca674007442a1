// Lists and maps.
import { type CelInput, type CelValue, celMap, isCelList, isCelMap } from '@bufbuild/cel';
import { type Budget, MAX_LIST, shorten } from '../budget.ts';
import { raise } from '../failure.ts';
import { toJson } from '../values.ts';
import type { FunctionRow } from './row.ts';

export const LIST_ROWS: readonly FunctionRow[] = [
  {
    name: 'get',
    group: 'lists and maps',
    takes: { value: 'any', path: 'text', default: 'any' },
    gives: 'any',
    on: 'argument',
    doc: 'The member at the path (names and list places, with dots), or the default when any part of it is missing or null.',
    example: ["get({'labels': {}}, 'labels.team', 'unknown')", 'unknown'],
    call: (given) => at(given.any(0), given.text(1).split('.')) ?? given.any(2),
  },
  {
    name: 'first',
    group: 'lists and maps',
    takes: { list: 'list' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The first member, or null when the list is empty.',
    example: ["first(['a', 'b'])", 'a'],
    call: (given) => given.list(0)[0] ?? null,
  },
  {
    name: 'last',
    group: 'lists and maps',
    takes: { list: 'list' },
    gives: 'any',
    orNull: true,
    on: 'argument',
    doc: 'The last member, or null when the list is empty.',
    example: ["last(['a', 'b'])", 'b'],
    call: (given) => given.list(0).at(-1) ?? null,
  },
  {
    name: 'take',
    group: 'lists and maps',
    takes: { list: 'list', count: 'number' },
    gives: 'list',
    on: 'argument',
    doc: 'The first members, at most so many.',
    example: ['take([1, 2, 3], 2)', [1, 2]],
    call: (given) => given.list(0).slice(0, Math.max(0, given.number(1))),
  },
  {
    name: 'reverse',
    group: 'lists and maps',
    takes: { list: 'list' },
    gives: 'list',
    on: 'argument',
    doc: 'The list from its end.',
    example: ['reverse([1, 2])', [2, 1]],
    call: (given) => given.list(0).toReversed(),
  },
  {
    name: 'unique',
    group: 'lists and maps',
    takes: { list: 'list' },
    gives: 'list',
    on: 'argument',
    doc: 'The list without repeats, in the order of first appearance.',
    example: ['unique([1, 1.0, 2])', [1, 2]],
    call: (given) => distinct(given.list(0)),
  },
  {
    name: 'flatten',
    group: 'lists and maps',
    takes: { list: 'list' },
    gives: 'list',
    on: 'argument',
    doc: 'One list of the members of the lists within; what is no list stays.',
    example: ['flatten([[1, 2], [3], 4])', [1, 2, 3, 4]],
    call: (given) => bounded(given.list(0).flatMap((item) => (isCelList(item) ? [...item] : [item]))),
  },
  {
    name: 'without',
    group: 'lists and maps',
    takes: { list: 'list', others: 'list' },
    gives: 'list',
    on: 'argument',
    doc: 'The members that are not among the others.',
    example: ["without(['a', 'b'], ['b'])", ['a']],
    call: (given) => {
      const others = new Set(given.list(1).map(keyOf));
      return given.list(0).filter((item) => !others.has(keyOf(item)));
    },
  },
  {
    name: 'intersect',
    group: 'lists and maps',
    takes: { list: 'list', others: 'list' },
    gives: 'list',
    on: 'argument',
    doc: 'The members that are among the others too.',
    example: ["intersect(['a', 'b'], ['b', 'c'])", ['b']],
    call: (given) => {
      const others = new Set(given.list(1).map(keyOf));
      return given.list(0).filter((item) => others.has(keyOf(item)));
    },
  },
  {
    name: 'sort',
    group: 'lists and maps',
    takes: { list: 'list', 'path?': 'text' },
    gives: 'list',
    on: 'argument',
    doc: 'In ascending order: numbers, or texts by their characters. With a path, lists of maps by that member; members without it come last.',
    example: ["sort([{'n': 2}, {'n': 1}], 'n')", [{ n: 1 }, { n: 2 }]],
    call: (given) => sorted(given.list(0), given.any(1) === null ? [] : given.text(1).split('.')),
  },
  {
    name: 'group_by',
    group: 'lists and maps',
    takes: { list: 'list', path: 'text' },
    gives: 'list',
    on: 'argument',
    doc: 'The members in groups with an equal member at the path: `[{key, items}]`, in the order of first appearance. The key is null for those that lack it.',
    example: [
      "group_by([{'u': 'a', 'boss': 'x'}, {'u': 'b', 'boss': 'x'}], 'boss')",
      [
        {
          key: 'x',
          items: [
            { u: 'a', boss: 'x' },
            { u: 'b', boss: 'x' },
          ],
        },
      ],
    ],
    call: (given) => grouped(given.list(0), given.text(1).split('.')),
  },
  {
    name: 'join',
    group: 'lists and maps',
    takes: { list: 'list', separator: 'text' },
    gives: 'text',
    on: 'argument',
    doc: 'The members as one text; numbers and truth values become text, others fail.',
    example: ["join(['a', 1], ', ')", 'a, 1'],
    call: (given, budget) => joined(given.list(0), given.text(1), budget),
  },
  {
    name: 'keys',
    group: 'lists and maps',
    takes: { map: 'map' },
    gives: 'list',
    on: 'argument',
    doc: 'The names of the members.',
    example: ["keys({'a': 1, 'b': 2})", ['a', 'b']],
    call: (given) => [...given.map(0)].map(([key]) => key),
  },
  {
    name: 'values',
    group: 'lists and maps',
    takes: { map: 'map' },
    gives: 'list',
    on: 'argument',
    doc: 'The values of the members.',
    example: ["values({'a': 1, 'b': 2})", [1, 2]],
    call: (given) => [...given.map(0)].map(([, value]) => value),
  },
  {
    name: 'merge',
    group: 'lists and maps',
    takes: { map: 'map', over: 'map' },
    gives: 'map',
    on: 'argument',
    doc: 'Both maps as one; where both have a member, that of the second counts.',
    example: ["merge({'a': 1, 'b': 1}, {'b': 2})", { a: 1, b: 2 }],
    call: (given) => celMap(new Map([...pairs(given.map(0)), ...pairs(given.map(1))])),
  },
];

const pairs = (map: Iterable<readonly [unknown, CelValue]>): [string, CelInput][] =>
  [...map].map(([key, value]) => [
    typeof key === 'string' ? key : raise('EXPRESSION_TYPE', 'merge() takes maps whose keys are text'),
    value,
  ]);

/** Equal for equal values: 1 and 1.0 are one number. */
const keyOf = (value: CelValue): string => JSON.stringify(toJson(value));

function distinct(list: readonly CelValue[]): CelInput {
  const seen = new Map<string, CelValue>();
  for (const item of list) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function at(value: CelValue | undefined, path: readonly string[]): CelValue | undefined {
  return path.reduce<CelValue | undefined>((found, name) => {
    if (found === undefined || found === null) return undefined;
    if (isCelMap(found)) return found.get(name);
    return isCelList(found) && /^\d{1,6}$/.test(name) ? found.get(Number(name)) : undefined;
  }, value);
}

function bounded(list: readonly CelValue[]): CelInput {
  if (list.length > MAX_LIST) raise('EXPRESSION_SIZE', `builds a list of more than ${MAX_LIST} members`);
  return [...list];
}

function sorted(list: readonly CelValue[], path: readonly string[]): CelInput {
  const keyed = list.map((item) => ({ item, by: toJson((path.length === 0 ? item : at(item, path)) ?? null) }));
  const present = keyed.filter(({ by }) => by !== null);
  const kinds = new Set(present.map(({ by }) => typeof by));
  const [kind] = kinds;
  if (kinds.size > 1 || (kind !== undefined && kind !== 'number' && kind !== 'string'))
    return raise('EXPRESSION_TYPE', 'sort() takes numbers or texts, not both and nothing else');
  // All numbers or all texts, so `<` is an order.
  const order = present.toSorted((a, b) => ((a.by ?? 0) < (b.by ?? 0) ? -1 : (a.by ?? 0) > (b.by ?? 0) ? 1 : 0));
  return [...order, ...keyed.filter(({ by }) => by === null)].map(({ item }) => item);
}

function grouped(list: readonly CelValue[], path: readonly string[]): CelInput {
  const groups = new Map<string, { readonly key: CelValue; readonly items: CelInput[] }>();
  for (const item of list) {
    const key = at(item, path) ?? null;
    const id = keyOf(key);
    const known = groups.get(id);
    if (known) known.items.push(item);
    else groups.set(id, { key, items: [item] });
  }
  return [...groups.values()].map(({ key, items }) =>
    celMap(
      new Map<string, CelInput>([
        ['key', key],
        ['items', items],
      ]),
    ),
  );
}

function joined(list: readonly CelValue[], separator: string, budget: Budget): string {
  let text = '';
  for (const [index, item] of list.entries()) {
    const json = typeof item === 'string' ? item : toJson(item);
    if (typeof json !== 'string' && typeof json !== 'number' && typeof json !== 'boolean')
      return raise('EXPRESSION_TYPE', 'join() takes a list of texts, numbers or truth values');
    budget.spend((separator.length >> 4) + 1);
    text = shorten(`${text}${index === 0 ? '' : separator}${json}`);
  }
  return text;
}
