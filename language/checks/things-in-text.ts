// Whole users, lists and maps in a text: people would read them as JSON.
import { ENTITY_MEMBERS } from '../inputs.ts';
import { own } from '../own.ts';
import type { Use } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import type { Path } from '../yaml-text.ts';
import type { Names } from './expression.ts';
import { ofList } from './items.ts';
import { kindOfRead } from './kinds.ts';

/** What people read: a template that is the whole value becomes text there, too. `message` is also the mail that a verb acts on. */
const isReadByPeople = (path: Path): boolean =>
  path.at(-1) === 'title' || path.at(-1) === 'why' || (path.at(-1) === 'message' && path.at(-2) === 'stop');
/** A read and nothing else: `inputs.user`, `alert.users[0]`. */
const WHOLE_READ = /^\w+(?:\.\w+|\[\d+\])*$/;
/** Lists of an alert, by what is in them. */
const ALERT_THINGS: Readonly<Record<string, string>> = { users: 'user', hosts: 'host', files: 'file', messages: 'message' };

export function checkThingInText(names: Names, use: Use): void {
  const { parsed, source, path, offset } = use;
  if (use.role !== 'value' || !parsed.ok || !WHOLE_READ.test(source)) return;
  if (!use.isWithinText && !isReadByPeople(path)) return;
  const [read] = parsed.expression.reads;
  const found = read && ofList(names, read);
  const kind = found && (thingOf(names, found.root, found.path) ?? kindOfRead(names, found));
  if (kind === undefined || !Object.hasOwn(HINTS, kind)) return;
  names.report('TEXT_THING', path, `\`${source}\` is a whole ${kind}, and people would read it as JSON`, {
    offset,
    hint: `write \${{ ${own(HINTS, kind)?.(source)} }}`,
  });
}

const named = (source: string): string => `name_of(${source})`;
const HINTS: Readonly<Record<string, (source: string) => string>> = {
  ...Object.fromEntries(Object.keys(ENTITY_MEMBERS).map((type) => [type, named])),
  ticket: (source) => `${source}.id`,
  list: (source) => `join(${source}.map(one, name_of(one)), ', ')`,
  map: (source) => `json_format(${source})`,
};

/** The type of an entity that is read as a whole: of an input, an item of a list, or an output. */
function thingOf(names: Names, root: string, [first = '', second, third]: readonly string[]): string | undefined {
  if (root === 'alert') return second === '[]' && third === undefined ? own(ALERT_THINGS, first) : undefined;
  if (root === 'inputs') return entity(own(names.inputs, first), second, third);
  const step = root === 'steps' && !names.broken.has(first) ? names.steps.get(first) : undefined;
  const output = step?.kind === 'do' && second !== undefined ? own(own(VERBS, step.verb)?.outputs ?? {}, second) : undefined;
  return entity(output, third, undefined);
}

function entity(
  declared: { readonly type: string; readonly list?: boolean } | undefined,
  item: string | undefined,
  beyond: string | undefined,
): string | undefined {
  if (!declared || beyond !== undefined || !Object.hasOwn(ENTITY_MEMBERS, declared.type)) return undefined;
  return (declared.list === true) === (item === '[]') && (item === undefined || item === '[]') ? declared.type : undefined;
}
