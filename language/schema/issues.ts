// What zod found, as diagnostics in the words of someone who writes playbooks.
import { z } from 'zod';
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Json } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Path } from '../yaml-text.ts';
import { EXAMPLES, INNER_SLIPS, TYPE_SLIPS } from './slips.ts';

type Issue = z.core.$ZodIssue;

interface Shape {
  /** Names that exist where an unknown one was found. */
  readonly keys: readonly string[];
  /** The schema itself: then names further inside are known too. */
  readonly schema?: unknown;
  /** Keys that people write for others: `on` for `triggers`. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Reports each issue; `at` is where the checked value stands. */
export function reportIssues(report: Report, issues: readonly Issue[], value: Json, at: Path, shape: Shape): void {
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => issue.path.join('.'));
  // What a misspelt key leaves undone is no fault of its own.
  const told = issues.filter((issue) => issue.code !== 'custom' || !unknown.includes(issue.path.join('.')));
  for (const issue of told) reportIssue(report, issue, value, at, shape);
}

function reportIssue(report: Report, issue: Issue, value: Json, at: Path, shape: Shape): void {
  const inner = issue.path.filter((part) => typeof part !== 'symbol');
  const path = [...at, ...inner];
  const name = String(inner.at(-1) ?? at.at(-1) ?? 'this');
  switch (issue.code) {
    case 'unrecognized_keys':
      {
        const here = inner.length === 0 ? shape : { keys: keysAt(shape.schema, inner) };
        for (const key of issue.keys) reportUnknownKey(report, [...path, key], key, here);
      }
      return;
    case 'invalid_type':
      if (memberAt(value, inner) === undefined) reportMissing(report, path, name, descriptionAt(shape.schema, inner));
      else reportType(report, path, issue, { given: memberAt(value, inner), schema: shape.schema, inner });
      return;
    case 'invalid_value': {
      const given = memberAt(value, inner);
      if (given === undefined) {
        reportMissing(report, path, name, descriptionAt(shape.schema, inner));
        return;
      }
      const words = issue.values.map(String);
      const hint =
        typeof given === 'string' ? ((name === 'type' ? typeHint(given, words) : undefined) ?? didYouMean(given, words)) : undefined;
      report('VALUE_UNKNOWN', path, `\`${name}\` must be ${words.join(', ')}`, hint === undefined ? {} : { hint });
      return;
    }
    case 'invalid_union':
      reportUnion(report, issue, value, at, shape);
      return;
    case 'invalid_key':
      for (const nested of issue.issues) report('NAME_INVALID', path, `\`${name}\` ${nested.message}`, { part: 'key' });
      return;
    default:
      report('VALUE_INVALID', path, `${called(path)} ${wordsOf(issue)}`, described(shape.schema, inner));
  }
}

/** Words of other languages, and several of a thing. */
function typeHint(given: string, words: readonly string[]): string | undefined {
  const one = given.replace(/s$|\[\]$/, '');
  if (one !== given && words.includes(one)) return `did you mean \`${one}\`? Several are { type: ${one}, list: true }`;
  return own(TYPE_SLIPS, given);
}

/** zod's own words are about its insides; a message of ours is not among them. */
function wordsOf(issue: Issue): string {
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return issue.origin === 'number' || issue.origin === 'int'
      ? `must be at most ${issue.maximum}`
      : `must have at most ${issue.maximum} ${MEMBERS[issue.origin] ?? 'members'}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return issue.origin === 'number' || issue.origin === 'int'
      ? `must be at least ${issue.minimum}`
      : `must have at least ${issue.minimum} ${MEMBERS[issue.origin] ?? 'members'}`;
  return issue.message;
}

const MEMBERS: Readonly<Record<string, string>> = { string: 'characters' };

/** A member of a list is called by its place, from 1, and the list's name. */
function called(path: Path): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `item ${last + 1} of \`${path.at(-2) ?? 'the list'}\`` : `\`${last ?? 'this'}\``;
}

interface Given {
  readonly given: Json | undefined;
  readonly schema: unknown;
  readonly inner: Path;
}

function reportType(report: Report, path: Path, issue: Issue & { readonly code: 'invalid_type' }, { given, schema, inner }: Given): void {
  const wanted = KINDS[issue.expected] ?? issue.expected;
  const isPlain = typeof given === 'boolean' || typeof given === 'number';
  const example = exampleFor(path, given);
  const quoted = example
    ? { hint: example }
    : isPlain && wanted === 'text'
      ? { hint: `put it in quotes: "${given}"` }
      : described(schema, inner);
  if (!isExpression(schema, inner)) report('VALUE_TYPE', path, `${called(path)} must be ${wanted}`, quoted);
  else if (given === true)
    report('VALUE_TYPE', path, `${called(path)} is true in every run`, { hint: 'leave it out, or compare something' });
  else
    report('VALUE_TYPE', path, `${called(path)} must be an expression, written as text`, {
      hint: isPlain
        ? `compare something with it: … == ${given}`
        : 'put the expression in quotes: YAML makes a map or a list of { }, [ ] and of a colon',
    });
}

function exampleFor(path: Path, given: Json | undefined): string | undefined {
  const last = String(path.at(-1));
  if (path[0] === 'inputs' && path.length === 2) return `such as ${last}: { type: ${typeof given === 'string' ? given : 'text'} }`;
  return own(EXAMPLES, last);
}

/** What the key is for, where there is no better hint. */
function described(schema: unknown, inner: Path): { readonly hint?: string } {
  const description = descriptionAt(schema, inner);
  return description === undefined ? {} : { hint: description };
}

const isExpression = (schema: unknown, path: Path): boolean =>
  schemasAt(schema, path).some((one) => {
    const inner = memberOf(one, 'innerType') ?? one;
    return inner instanceof z.ZodType && inner.meta()?.part === 'Expression';
  });

function reportMissing(report: Report, path: Path, name: string, description: string | undefined): void {
  const said = [description === undefined ? [] : `add ${name}: ${description.replace(/\.$/, '')}`, own(EXAMPLES, name) ?? []].flat();
  report('KEY_MISSING', path, `\`${name}\` is missing`, { part: 'key', ...(said.length === 0 ? {} : { hint: said.join('; ') }) });
}

/** What the schema says of a key. */
const descriptionAt = (schema: unknown, path: Path): string | undefined =>
  schemasAt(schema, path)
    .map(descriptionOf)
    .find((found) => found !== undefined);

function descriptionOf(schema: unknown): string | undefined {
  if (schema === undefined) return undefined;
  const text: unknown = typeof schema === 'object' && schema !== null && 'description' in schema ? schema.description : undefined;
  return typeof text === 'string' ? text : descriptionOf(memberOf(schema, 'innerType'));
}

function reportUnknownKey(report: Report, path: Path, key: string, shape: Shape): void {
  // Known, but in another form of the same thing: `until` beside `event`.
  if (shape.keys.includes(key)) {
    report('KEY_UNKNOWN', path, `\`${key}\` does not go with what stands beside it`, { part: 'key', hint: 'keep one of them' });
    return;
  }
  const slip = own(INNER_SLIPS, key);
  const isMeant = shape.keys.some((known) => slip?.includes(`\`${known}\``));
  const instead = own(shape.instead ?? {}, key) ?? (isMeant ? slip : undefined);
  const known = shape.keys.length > 0 ? `known here: ${shape.keys.join(', ')}` : undefined;
  report('KEY_UNKNOWN', path, `\`${key.slice(0, 60)}\` is not known here`, {
    part: 'key',
    hint: () => instead ?? didYouMean(key, shape.keys) ?? known,
  });
}

/** The way that came furthest says what is wrong; the others are about something the author did not mean. */
function reportUnion(report: Report, issue: Issue & { readonly code: 'invalid_union' }, value: Json, at: Path, shape: Shape): void {
  const inner = issue.path.filter((part) => typeof part !== 'symbol');
  const here = memberAt(value, inner);
  if (here === undefined) {
    reportMissing(report, [...at, ...inner], String(inner.at(-1) ?? ''), descriptionAt(shape.schema, inner));
    return;
  }
  const isAbout = (way: readonly Issue[]): boolean =>
    !way.some((nested) => nested.path.length === 0 && (nested.code === 'invalid_type' || nested.code === 'invalid_value'));
  const [meant] = issue.errors.filter(isAbout).toSorted((a, b) => countUnknown(a) - countUnknown(b));
  const [schema] = schemasAt(shape.schema, inner);
  if (meant) reportIssues(report, meant, here, [...at, ...inner], { keys: keysAt(shape.schema, inner), schema });
  else reportForms(report, [...at, ...inner], issue, here, descriptionAt(shape.schema, inner));
}

/** No form of it was meant: which there are. */
function reportForms(
  report: Report,
  path: Path,
  issue: Issue & { readonly code: 'invalid_union' },
  given: Json,
  description: string | undefined,
): void {
  const forms = issue.errors.flat().flatMap((nested) => {
    if (nested.path.length > 0) return [];
    if (nested.code === 'invalid_value') return nested.values.map(String);
    return nested.code === 'invalid_type' ? [KINDS[nested.expected] ?? nested.expected] : [];
  });
  const isPlain = typeof given === 'boolean' || typeof given === 'number';
  const near = typeof given === 'string' ? didYouMean(given, forms) : undefined;
  const quoted = isPlain && forms.includes('text') ? `put it in quotes: "${given}"` : undefined;
  const hint = near ?? exampleFor(path, given) ?? quoted ?? description;
  report('VALUE_TYPE', path, `${called(path)} must be ${listed([...new Set(forms)])}`, hint === undefined ? {} : { hint });
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const countUnknown = (way: readonly Issue[]): number =>
  way.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);

/** The keys that the schema knows at a path. */
export const keysAt = (schema: unknown, path: Path): readonly string[] => [
  ...new Set(
    schemasAt(schema, path)
      .flatMap(objectsOf)
      .flatMap((shape) => Object.keys(shape)),
  ),
];

/** The schemas that hold at a path: through optional, default and list, and all ways of a union. */
export function schemasAt(schema: unknown, path: Path): readonly unknown[] {
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  if (typeof first === 'number') return schemasAt(memberOf(schema, 'element'), rest);
  const members = recordsOf(schema);
  if (members.length > 0) return members.flatMap((member) => schemasAt(member, rest));
  return objectsOf(schema).flatMap((shape) => (Object.hasOwn(shape, first) ? schemasAt(Reflect.get(shape, first), rest) : []));
}

/** What the members of a record are. */
function recordsOf(schema: unknown): readonly unknown[] {
  const member = memberOf(schema, 'valueType');
  if (member !== undefined) return [member];
  const inner = memberOf(schema, 'innerType');
  return inner === undefined ? [] : recordsOf(inner);
}

function objectsOf(schema: unknown): readonly object[] {
  const shape = memberOf(schema, 'shape');
  if (typeof shape === 'object' && shape !== null) return [shape];
  const inner = memberOf(schema, 'innerType');
  if (inner !== undefined) return objectsOf(inner);
  const options = memberOf(schema, 'options');
  return Array.isArray(options) ? options.flatMap((option: unknown) => objectsOf(option)) : [];
}

/** zod keeps what a schema is made of under `def`. */
function memberOf(schema: unknown, name: string): unknown {
  const def: unknown = typeof schema === 'object' && schema !== null && 'def' in schema ? schema.def : undefined;
  return typeof def === 'object' && def !== null ? Reflect.get(def, name) : undefined;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

export function memberAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((found, part) => {
    if (typeof found !== 'object' || found === null) return undefined;
    const member: unknown = Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined;
    // A member of JSON is JSON.
    return member as Json | undefined;
  }, value);
}
