// One layout for every playbook: keys of steps in the language's order, lists and maps two blanks further in, no blanks at line ends. Lines are moved
// whole, so quotes, folded texts, flow maps and comments stay as they were written. Whatever it did is read again and compared before it is given back.
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { canonicalJson } from '../canonical.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { readYaml } from '../yaml-text.ts';
import { orderFor } from './key-order.ts';
import { commentsAfter, indented, outdented, type SourceLines, sourceLines, splitGap } from './source-lines.ts';

export type Layout =
  /** `untouched`: it holds a form of YAML that this cannot move without changing it, so it stays as it is. */
  | { readonly ok: true; readonly text: string; readonly untouched?: true }
  /** The text is not YAML that can be read; it stays as it is. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

type Path = readonly (string | number)[];

/** Lines without the indentation of their part. `lead`: comments and blank lines that stand before it. */
interface Block {
  readonly lead: readonly string[];
  readonly body: readonly string[];
}

interface Laid extends Block {
  /** The last line that it took, comments at its end among them. */
  readonly last: number;
}

/** `file` is how diagnostics name it. Gives the same text for a text that it has laid out. Never throws. */
export function layOut(text: string, file: string): Layout {
  const plain = text.replaceAll('\r\n', '\n');
  const { yaml, diagnostics } = readYaml(plain, file);
  if (!yaml || diagnostics.length > 0) return { ok: false, diagnostics };
  const made = layOutPlain(plain);
  const again = readYaml(made, file);
  // Values, and every word of the comments: where anything is not as it was, a form of YAML was met that this does not know, and nothing is touched.
  const isSame = again.yaml !== undefined && canonicalJson(again.yaml.value) === canonicalJson(yaml.value) && words(made) === words(plain);
  return isSame ? { ok: true, text: made } : { ok: true, text, untouched: true };
}

const words = (text: string): string => text.split(/\s+/).toSorted().join(' ');

function layOutPlain(text: string): string {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    keepSourceTokens: true,
    lineCounter: counter,
    prettyErrors: false,
  });
  const source = sourceLines(text, counter);
  const root = document.contents;
  if (!isMap(root) || !isPlainMap(root, source)) return text;
  const first = source.lineOf(startOf(root));
  const head = splitGap(source.lines.slice(0, first), Number.POSITIVE_INFINITY).lead;
  const { lead, body, last } = mapBlock(source, root, []);
  const foot = splitGap(source.lines.slice(last + 1), Number.POSITIVE_INFINITY).lead;
  const lines = [...head, ...lead, ...body, ...foot];
  return `${lines.join('\n').trim()}\n`;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
const keyOf = (pair: Pair): Node | undefined => (isScalar(pair.key) ? pair.key : undefined);

/** A block map whose keys all stand in one column, each on a line of its own. */
function isPlainMap(map: YAMLMap, source: SourceLines): boolean {
  if (map.flow || map.items.length === 0) return false;
  const keys = map.items.map(keyOf);
  const lines = keys.map((key) => (key ? source.lineOf(startOf(key)) : -1));
  const columns = new Set(keys.map((key) => (key ? source.columnOf(startOf(key)) : -1)));
  const [column = -1] = columns;
  const [line = 0] = lines;
  // The first may stand behind dashes; `? key` and the like are left alone.
  const isClean = /^[\s-]*$/.test(source.lines[line]?.slice(0, column) ?? '');
  return columns.size === 1 && column >= 0 && new Set(lines).size === lines.length && isClean;
}

function mapBlock(source: SourceLines, map: YAMLMap, path: Path): Laid {
  const column = source.columnOf(startOf(map));
  const parts = map.items.map((pair) => ({ key: String(keyOf(pair) ?? ''), ...pairBlock(source, pair, column, path) }));
  const laid = withGaps(source, parts, column);
  const order = orderFor(
    path,
    laid.map((one) => one.key),
    new Set(map.items.flatMap((pair) => (isSeq(pair.value) && !pair.value.flow ? [String(keyOf(pair) ?? '')] : []))),
  );
  const sorted = order ? order.flatMap((key) => laid.filter((one) => one.key === key)) : laid;
  // Blank lines part the keys as they stood; among keys that were moved within a step they part nothing.
  const isMoved = path.length > 0 && sorted.some((one, index) => one !== laid[index]);
  const spaced = sorted.map((one) => (isMoved ? { ...one, lead: one.lead.filter((line) => line !== '') } : one));
  const [top, ...rest] = spaced;
  const end = endOf(source, parts.at(-1)?.last ?? 0, column);
  if (!top) return { lead: [], body: [], last: end.last };
  return {
    lead: top.lead.filter((line) => line !== ''),
    body: [...top.body, ...rest.flatMap(({ lead, body }) => [...lead, ...body]), ...end.lines],
    last: end.last,
  };
}

/** Comments after the last part that stand at least as far in: they belong to what ends there. The file's own stay at its foot. */
function endOf(source: SourceLines, last: number, column: number): { readonly lines: readonly string[]; readonly last: number } {
  const taken = column === 0 ? 0 : commentsAfter(source, last, column);
  const lines = splitGap(source.lines.slice(last + 1, last + 1 + taken), Number.POSITIVE_INFINITY).lead;
  return { lines, last: last + taken };
}

interface Part {
  readonly first: number;
  readonly last: number;
  readonly body: readonly string[];
}

function withGaps<P extends Part>(source: SourceLines, parts: readonly P[], column: number): readonly (P & Block)[] {
  const gaps = parts.map((part, index) => {
    const before = parts[index - 1];
    return before ? splitGap(source.lines.slice(before.last + 1, part.first), column) : { tail: [], lead: [] };
  });
  return parts.map((part, index) => ({
    ...part,
    lead: gaps[index]?.lead ?? [],
    body: [...part.body, ...(gaps[index + 1]?.tail ?? []).map((line) => outdented(line, column))],
  }));
}

function pairBlock(source: SourceLines, pair: Pair, column: number, path: Path): Part {
  const key = keyOf(pair);
  const first = source.lineOf(key ? startOf(key) : 0);
  const value = pair.value;
  const head = (source.lines[first] ?? '').slice(column).trimEnd();
  const inner = [...path, String(isScalar(pair.key) ? pair.key.value : '')];
  const child = blockOf(source, value, inner, { line: first, column });
  if (!child) {
    const last = Math.max(first, isNode(value) ? source.lastLineOf(value) : first);
    return { first, last, body: verbatim(source, first, last, column) };
  }
  const gap = splitGap(source.lines.slice(first + 1, child.first), Number.POSITIVE_INFINITY).lead.filter((line) => line !== '');
  const lines = [...gap, ...child.block.lead, ...child.block.body];
  return { first, last: child.last, body: [head, ...indented(lines, 2)] };
}

interface Child {
  readonly first: number;
  readonly last: number;
  readonly block: Block;
}

/** A block map or list that begins on a line after its key. */
function blockOf(
  source: SourceLines,
  value: unknown,
  path: Path,
  key: { readonly line: number; readonly column: number },
): Child | undefined {
  if (!isNode(value)) return undefined;
  const first = source.lineOf(startOf(value));
  if (first <= key.line) return undefined;
  if (isMap(value) && isPlainMap(value, source)) {
    const block = mapBlock(source, value, path);
    return { first, last: block.last, block };
  }
  if (isSeq(value) && !value.flow) {
    const block = seqBlock(source, value, path, key.column);
    return block && { first, last: block.last, block };
  }
  return undefined;
}

function seqBlock(source: SourceLines, seq: YAMLSeq, path: Path, keyColumn: number): Laid | undefined {
  const dashes = dashesOf(seq);
  const column = source.columnOf(dashes[0] ?? 0);
  if (dashes.length !== seq.items.length || dashes.some((dash) => source.columnOf(dash) !== column)) return undefined;
  // Lists of lists on one line (`- - do: …`) and items that begin below their dash stay as they are.
  const parts = seq.items.map((item, index) => itemPart(source, item, dashes[index] ?? 0, [...path, index]));
  const laid = withGaps(source, parts, column);
  // Dashes may stand below their key; a comment there belongs to the next key.
  const end = endOf(source, parts.at(-1)?.last ?? 0, Math.max(column, keyColumn + 1));
  return { lead: [], body: [...laid.flatMap(({ lead, before, body }) => [...lead, ...before, ...body]), ...end.lines], last: end.last };
}

function itemPart(source: SourceLines, item: unknown, dash: number, path: Path): Part & { readonly before: readonly string[] } {
  const first = source.lineOf(dash);
  const column = source.columnOf(dash);
  const last = Math.max(first, isNode(item) ? source.lastLineOf(item) : first);
  const isHere = isNode(item) && source.lineOf(startOf(item)) === first;
  if (!isHere || !isMap(item) || !isPlainMap(item, source)) return { first, last, before: [], body: verbatim(source, first, last, column) };
  const { lead, body, last: end } = mapBlock(source, item, path);
  const [top = '', ...rest] = body;
  return { first, last: end, before: lead, body: [`- ${top}`, ...indented(rest, 2)] };
}

function dashesOf(seq: YAMLSeq): readonly number[] {
  const token = seq.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.flatMap((item) => item.start.filter((one) => one.type === 'seq-item-ind').map((one) => one.offset));
}

/** As written, less the indentation of its part. Blanks at line ends stay: they may be text. */
const verbatim = (source: SourceLines, first: number, last: number, column: number): readonly string[] =>
  source.lines
    .slice(first, last + 1)
    .map((line, index) => (index === 0 ? line.slice(column) : outdented(line, column)))
    .map((line) => (first === last ? line.trimEnd() : line));

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'range' in value;
