// YAML text to plain JSON with places, for playbooks, scenarios and whatever else people write. A small YAML: no tags, anchors, merge keys or second
// documents, since each of them is more often an accident than a wish, and none may surprise a reviewer. Never throws.
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { CODES, type Diagnostic, type DiagnosticCode } from './diagnostics.ts';
import type { Json } from './plan.ts';
import { guardYaml } from './yaml-guard.ts';
import { hintFor, hintForError, wordsForError } from './yaml-hints.ts';
import { type Repaired, repairYaml } from './yaml-repair.ts';

export type Path = readonly (string | number)[];

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface YamlText {
  readonly value: Json;
  /** Where a value (or its key) stands; for a path that is not there, the nearest part of it that is. */
  readonly place: (path: Path, part?: 'key' | 'value') => Place;
  /** A character within a text, `offset` from 0 in its value. */
  readonly placeWithin: (path: Path, offset: number) => Place;
}

/** `yaml` is absent where the text could not be taken apart at all. */
export interface YamlReading {
  readonly yaml?: YamlText;
  readonly diagnostics: readonly Diagnostic[];
}

/** Of a text that is no YAML: what the rest of it says. */
export interface YamlRest {
  readonly yaml: YamlText;
  /** The fault that was told, and whatever else YAML says of the rest. */
  readonly diagnostics: readonly Diagnostic[];
  readonly damage: Repaired['damage'];
}

/** Faults of YAML told at once. */
const MAX_FAULTS = 100;

interface Reader {
  readonly text: string;
  readonly file: string;
  readonly lines: LineCounter;
  readonly diagnostics: Diagnostic[];
}

export function readYaml(text: string, file: string): YamlReading {
  const guarded = guardYaml(text);
  if ('refusal' in guarded) {
    const { refusal } = guarded;
    return { diagnostics: [{ ...refusal, severity: 'error', hint: CODES[refusal.code].mend, file, column: 1 }] };
  }
  const reader: Reader = { text, file, lines: new LineCounter(), diagnostics: [] };
  try {
    return compose(reader, guarded.tokens);
  } catch {
    // The composer is not known to throw; a bug of it is still only a file that cannot be read.
    report(reader, 'YAML_SYNTAX', 0, 'the text cannot be read as YAML');
    return { diagnostics: reader.diagnostics };
  }
}

/** What can be read around the lines that are no YAML, of a text that readYaml has refused; undefined where no few lines are to blame. */
export function readYamlRest(text: string, file: string, told: readonly Diagnostic[]): YamlRest | undefined {
  if (!told.some(({ code }) => code === 'YAML_SYNTAX')) return undefined;
  const repaired = repairYaml(text, (tried) => {
    const lines = readYaml(tried, file).diagnostics.flatMap(({ code, line }) => (REFUSED.has(code) ? [line] : []));
    return lines.length === 0 ? undefined : Math.min(...lines);
  });
  const { yaml, diagnostics } = repaired ? readYaml(repaired.text, file) : { diagnostics: [] };
  if (!repaired || !yaml) return undefined;
  const lines = new Set([...told, ...repaired.damage].map(({ line }) => line));
  return { yaml, diagnostics: [...told, ...diagnostics.filter(({ line }) => !lines.has(line))], damage: repaired.damage };
}

/** With these nothing of a text is read. */
const REFUSED: ReadonlySet<string> = new Set(['YAML_SYNTAX', 'YAML_TOO_DEEP', 'YAML_TOO_MANY', 'FILE_TOO_LARGE', 'FILE_EMPTY']);

function compose(reader: Reader, tokens: readonly string[]): YamlReading {
  const { text, lines } = reader;
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false, // ours is linear, theirs is quadratic
    merge: false,
    stringKeys: true,
    strict: true,
  });
  const [document, second] = composer.compose(parsed(tokens, lines), true, text.length);
  if (!document) throw new Error('a composer that is told to end gives at least an empty document');
  if (document.directives?.yaml.explicit)
    report(reader, 'YAML_DIRECTIVE', 0, 'a %YAML directive is not read', 'leave it out: YAML 1.2 it is');
  const quotes = openQuotes(document);
  for (const error of document.errors) {
    if (!isOpenQuote(error) && isTold(reader, error.pos[0])) continue;
    // The echo of an earlier fault, after which the rest of the text belongs to nothing.
    if (reader.diagnostics.length > 0 && error.message.includes('in YAML stream')) continue;
    const at = isOpenQuote(error) ? (quotes().get(error.pos[0]) ?? error.pos[0]) : error.pos[0];
    report(reader, 'YAML_SYNTAX', at, wordsForError(error, text), hintForError(error, text) ?? hintFor(text, error.pos[0]));
  }
  if (second) report(reader, 'YAML_DOCUMENTS', second.range[0], 'a second document begins here', 'one file, one document');
  // A tag has its own words below; whatever else it warns of, it has read otherwise than it is written.
  for (const warning of document.warnings) {
    if (warning.code === 'TAG_RESOLVE_FAILED' || isTold(reader, warning.pos[0])) continue;
    report(reader, 'YAML_SYNTAX', warning.pos[0], wordsForError(warning, text), hintFor(text, warning.pos[0]));
  }
  const broken = reader.diagnostics.some((diagnostic) => diagnostic.code === 'YAML_SYNTAX');
  if (broken || !document.contents) {
    if (!broken) report(reader, 'FILE_EMPTY', 0, 'there is nothing in the file');
    return { diagnostics: reader.diagnostics };
  }
  const value = toPlain(reader, document.contents);
  return {
    yaml: { value, place: placeOf(reader, document), placeWithin: placeWithinOf(reader, document) },
    diagnostics: reader.diagnostics,
  };
}

/** What the guard has taken apart, as the composer wants it. */
function* parsed(tokens: readonly string[], lines: LineCounter): Generator<CST.Token, void, unknown> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const token of tokens) yield* parser.next(token);
  yield* parser.end();
}

const isOpenQuote = ({ code, message }: YAMLError): boolean => code === 'MISSING_CHAR' && message.includes('quote');

/** Where quoted texts begin, by where they end: of a quote that is never closed the composer only tells the end. Looked for once, where it is wanted. */
function openQuotes(document: Document): () => ReadonlyMap<number, number> {
  let begins: Map<number, number> | undefined;
  return () => {
    if (begins) return begins;
    const found = new Map<number, number>();
    visit(document, {
      Scalar: (_, { type, range }) => {
        if (range && (type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE)) found.set(range[1], range[0]);
      },
    });
    begins = found;
    return found;
  };
}

/** One fault a line: what follows on it is mostly its echo. A warning never keeps an error from being told: it refuses the file. */
function isTold(reader: Reader, offset: number, severity: Diagnostic['severity'] = 'error'): boolean {
  const before = severity === 'error' ? reader.diagnostics.filter((known) => known.severity === 'error') : reader.diagnostics;
  if (before.length >= MAX_FAULTS) return true;
  const { line } = toPlace(reader, offset);
  return before.some((known) => known.line === line);
}

/** `hint` is made only for what is told: a line may have tens of thousands of faults. */
function report(reader: Reader, code: DiagnosticCode, offset: number, message: string, hint?: string | (() => string)): void {
  if (isTold(reader, offset, CODES[code].severity)) return;
  const mend = (typeof hint === 'function' ? hint() : hint) ?? CODES[code].mend;
  reader.diagnostics.push({ code, severity: CODES[code].severity, message, hint: mend, file: reader.file, ...toPlace(reader, offset) });
}

function toPlace(reader: Reader, offset: number): Place {
  const { line, col } = reader.lines.linePos(Math.min(offset, reader.text.length));
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function toPlain(reader: Reader, node: unknown): Json {
  if (isAlias(node)) {
    report(
      reader,
      'YAML_ALIAS',
      start(node),
      'an alias (`*name`) is not read',
      () => hintFor(reader.text, start(node)) ?? 'write the value out',
    );
    return null;
  }
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
  checkMarks(reader, node);
  if (isSeq(node)) return node.items.map((item) => toPlain(reader, item));
  if (isMap(node)) return toRecord(reader, node.items);
  return toScalar(reader, node);
}

function checkMarks(reader: Reader, node: Node): void {
  // `tag` is set by the composer only where the text has one. A mark stands before the node's own text.
  const anchored = 'anchor' in node && typeof node.anchor === 'string';
  if (!anchored && !node.tag) return;
  const at = Math.max(0, reader.text.lastIndexOf(anchored ? '&' : '!', start(node)));
  const hint = (other: string) => () => hintFor(reader.text, at) ?? other;
  if (anchored) {
    report(reader, 'YAML_ALIAS', at, 'an anchor (`&name`) is not read', hint('leave it out'));
    return;
  }
  const shown = node.tag?.startsWith('tag:yaml.org,2002:') ? `!!${node.tag.slice(18)}` : node.tag;
  report(reader, 'YAML_TAG', at, `YAML takes \`${shown}\` for a tag, and tags are not read`, hint('put the text in quotes'));
}

function toRecord(reader: Reader, pairs: readonly Pair[]): Json {
  const members: Record<string, Json> = {};
  for (const pair of pairs) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const at = start(pair.key);
    if (isScalar(pair.key)) checkMarks(reader, pair.key);
    if (key === '<<') report(reader, 'YAML_MERGE', at, 'merge keys (`<<`) are not read', 'write the members out');
    else if (key === '__proto__') report(reader, 'YAML_KEY', at, '`__proto__` cannot be a key');
    else if (Object.hasOwn(members, key)) report(reader, 'YAML_DUPLICATE_KEY', at, `\`${key.slice(0, 60)}\` is there twice in this map`);
    else members[key] = toPlain(reader, pair.value);
  }
  return members;
}

function toScalar(reader: Reader, scalar: Scalar): Json {
  const { value } = scalar;
  checkComment(reader, scalar);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  report(reader, 'YAML_VALUE', start(scalar), 'the value is no text, finite number, true, false or null', 'put it in quotes');
  return null;
}

/** `#soc` and `ticket #5` without quotes: what follows the # is gone. A comment as people mean it has a blank behind it. */
function checkComment(reader: Reader, { value, comment, type, range }: Scalar): void {
  if (!comment || /^[\s#!-]/.test(comment) || type !== Scalar.PLAIN || !range) return;
  const shown = `#${comment.split('\n', 1)[0]?.slice(0, 40)}`;
  const text = reader.text.slice(range[0], range[1]);
  if (value === null)
    report(reader, 'YAML_SYNTAX', range[0], `the value is missing: YAML takes \`${shown}\` for a comment`, `put it in quotes: "${shown}"`);
  else if (typeof value === 'string' && (value.includes(' ') || /^\d/.test(comment)))
    report(
      reader,
      'YAML_COMMENT',
      range[0],
      `the text ends before \`${shown}\`, which YAML takes for a comment`,
      `put the whole in quotes: "${text} ${shown}"`,
    );
}

const start = (node: unknown): number => (hasRange(node) ? node.range[0] : 0);

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

interface Found {
  readonly key?: unknown;
  readonly value: unknown;
}

function find(document: Document, path: Path): Found {
  let found: Found = { value: document.contents };
  for (const part of path) {
    const { value } = found;
    let next: Found | undefined;
    if (isSeq(value) && typeof part === 'number') next = value.items[part] === undefined ? undefined : { value: value.items[part] };
    else if (isMap(value)) next = value.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === part);
    if (!next) return found;
    found = next;
  }
  return found;
}

function placeOf(reader: Reader, document: Document): YamlText['place'] {
  return (path, part = 'value') => {
    const found = find(document, path);
    const isEmpty = !hasRange(found.value) || found.value.range[0] === found.value.range[1];
    return toPlace(reader, start(found.key !== undefined && (part === 'key' || isEmpty) ? found.key : found.value));
  };
}

function placeWithinOf(reader: Reader, document: Document): YamlText['placeWithin'] {
  return (path, offset) => {
    const { value } = find(document, path);
    if (!isScalar(value) || !hasRange(value)) return toPlace(reader, start(value));
    const first = value.range[0] + (value.type === Scalar.QUOTE_DOUBLE || value.type === Scalar.QUOTE_SINGLE ? 1 : 0);
    // Escapes and folded lines move the characters; then the text's begin has to do.
    const asWritten = typeof value.value === 'string' && reader.text.startsWith(value.value, first);
    return toPlace(reader, asWritten ? first + offset : value.range[0]);
  };
}
