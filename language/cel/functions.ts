// The functions of expressions: one table, one row each. Checks, hover text, the reference page and the evaluator read it.
// To add one: a row with code here, a case in test/language/functions.test.ts.
import { type CelFunc, type CelInput, CelScalar, type CelType, type CelValue, celFunc, isCelList, isCelMap } from '@bufbuild/cel';
import { type Budget, shorten } from './budget.ts';
import { raise } from './failure.ts';
import { toJson } from './values.ts';

export interface FunctionRow {
  readonly name: string;
  /** As written by an author, with the arguments' kinds. */
  readonly form: string;
  readonly doc: string;
  readonly example: string;
  /** How many arguments, beside the value before the dot; for checks. */
  readonly args: readonly number[];
  /** `text.lower()` as well as or instead of `lower(text)`. */
  readonly on: 'argument' | 'dot' | 'both';
  /** Absent: CEL's own. */
  readonly call?: (args: readonly CelValue[], budget: Budget) => CelInput;
}

export const FUNCTIONS: readonly FunctionRow[] = [
  {
    name: 'has',
    form: 'has(map.member)',
    doc: 'True when the member is there and not null.',
    example: 'has(alert.users[0].email)',
    args: [1],
    on: 'argument',
  },
  {
    name: 'size',
    form: 'size(list | map | text)',
    doc: 'How many members or characters.',
    example: 'size(alert.users) == 1',
    args: [0, 1],
    on: 'both',
  },
  {
    name: 'contains',
    form: 'text.contains(text)',
    doc: 'True when the text holds the other.',
    example: "alert.title.contains('travel')",
    args: [1],
    on: 'dot',
  },
  {
    name: 'startsWith',
    form: 'text.startsWith(text)',
    doc: 'True when the text begins so.',
    example: "run.playbook.startsWith('contain-')",
    args: [1],
    on: 'dot',
  },
  {
    name: 'endsWith',
    form: 'text.endsWith(text)',
    doc: 'True when the text ends so.',
    example: "inputs.user.email.endsWith('@example.org')",
    args: [1],
    on: 'dot',
  },
  {
    name: 'matches',
    form: "text.matches('pattern')",
    doc: 'True when the regular expression (RE2, linear time) is found in the text. The pattern is written out, up to 512 characters.',
    example: "alert.title.matches('^Malware')",
    args: [1],
    on: 'dot',
  },
  {
    name: 'int',
    form: 'int(value)',
    doc: 'As a whole number; fails for other text.',
    example: "int('42') == 42",
    args: [1],
    on: 'argument',
  },
  { name: 'double', form: 'double(value)', doc: 'As a number; fails for other text.', example: "double('0.5')", args: [1], on: 'argument' },
  { name: 'string', form: 'string(value)', doc: 'A number, true or false as text.', example: 'string(42)', args: [1], on: 'argument' },
  { name: 'bool', form: 'bool(text)', doc: "'true' and 'false' as a truth value.", example: "bool('true')", args: [1], on: 'argument' },
  {
    name: 'dyn',
    form: 'dyn(value)',
    doc: 'The value as it is; for expressions written where types are checked beforehand.',
    example: 'dyn(1) == 1.0',
    args: [1],
    on: 'argument',
  },
  {
    name: 'all',
    form: 'list.all(x, test)',
    doc: 'True when the test holds for every member.',
    example: "alert.ips.all(i, i != '')",
    args: [2],
    on: 'dot',
  },
  {
    name: 'exists',
    form: 'list.exists(x, test)',
    doc: 'True when the test holds for one member or more.',
    example: "alert.hosts.exists(h, h.id == 'dc-01')",
    args: [2],
    on: 'dot',
  },
  {
    name: 'exists_one',
    form: 'list.exists_one(x, test)',
    doc: 'True when the test holds for exactly one member.',
    example: 'alert.users.exists_one(u, has(u.id))',
    args: [2],
    on: 'dot',
  },
  {
    name: 'filter',
    form: 'list.filter(x, test)',
    doc: 'The members for which the test holds.',
    example: 'alert.users.filter(u, has(u.id))',
    args: [2],
    on: 'dot',
  },
  {
    name: 'map',
    form: 'list.map(x, value)',
    doc: 'A value for each member.',
    example: 'alert.users.map(u, u.name)',
    args: [2, 3],
    on: 'dot',
  },
  {
    name: 'first',
    form: 'first(list)',
    doc: 'The first member, or null when the list is empty.',
    example: 'first(alert.ips)',
    args: [1],
    on: 'argument',
    call: ([list]) => {
      for (const item of asList('first', list)) return item;
      return null;
    },
  },
  {
    name: 'unique',
    form: 'unique(list)',
    doc: 'The list without repeats, in the order of first appearance.',
    example: 'size(unique(alert.ips))',
    args: [1],
    on: 'argument',
    call: ([list]) => {
      const seen = new Map<string, CelValue>();
      for (const item of asList('unique', list)) {
        const key = JSON.stringify(toJson(item));
        if (!seen.has(key)) seen.set(key, item);
      }
      return [...seen.values()];
    },
  },
  {
    name: 'join',
    form: "join(list, 'separator')",
    doc: 'The members as one text; numbers and truth values become text, others fail.',
    example: "join(alert.ips, ', ')",
    args: [2],
    on: 'argument',
    call: ([list, separator]) =>
      shorten([...asList('join', list)].map((item) => asPlainText('join', item)).join(asText('join', separator))),
  },
  {
    name: 'lower',
    form: 'lower(text)',
    doc: 'In small letters.',
    example: "lower(inputs.user.email) == 'eve@example.org'",
    args: [1],
    on: 'argument',
    call: ([text]) => asText('lower', text).toLowerCase(),
  },
  {
    name: 'upper',
    form: 'upper(text)',
    doc: 'In capital letters.',
    example: 'upper(inputs.host.name)',
    args: [1],
    on: 'argument',
    call: ([text]) => asText('upper', text).toUpperCase(),
  },
  {
    name: 'get',
    form: "get(map, 'a.b', default)",
    doc: 'The member at the path (names and list places, with dots), or the default when any part of it is missing or null.',
    example: "get(alert.data, 'labels.team', 'unknown')",
    args: [3],
    on: 'argument',
    call: ([value, path, fallback]) => at(value, asText('get', path).split('.')) ?? fallback ?? null,
  },
];

const BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(FUNCTIONS.map((row) => [row.name, row]));

export const findFunction = (name: string): FunctionRow | undefined => BY_NAME.get(name);

/** The overloads of a row with code; none for CEL's own. */
export function tableFunctions(row: FunctionRow, budget: Budget): CelFunc[] {
  const call = row.call;
  if (!call) return [];
  return row.args.map((count) =>
    celFunc(row.name, Array<CelType>(count).fill(CelScalar.DYN), CelScalar.DYN, (...args) => call(args, budget)),
  );
}

function asList(name: string, value: CelValue | undefined): Iterable<CelValue> {
  return value !== undefined && isCelList(value) ? value : raise('EXPRESSION_TYPE', `${name}() needs a list`);
}

function asText(name: string, value: CelValue | undefined): string {
  return typeof value === 'string' ? value : raise('EXPRESSION_TYPE', `${name}() needs text`);
}

function asPlainText(name: string, value: CelValue): string {
  if (typeof value === 'string') return value;
  const json = toJson(value);
  return typeof json === 'number' || typeof json === 'boolean' ? String(json) : raise('EXPRESSION_TYPE', `${name}() needs a list of texts`);
}

function at(value: CelValue | undefined, path: readonly string[]): CelValue | undefined {
  return path.reduce<CelValue | undefined>((found, name) => {
    if (found === undefined || found === null) return undefined;
    if (isCelMap(found)) return found.get(name);
    return isCelList(found) && /^\d{1,6}$/.test(name) ? found.get(Number(name)) : undefined;
  }, value);
}
