// The lines of a text, and where offsets of its tree stand in them.
import type { LineCounter, Node } from 'yaml';

export interface SourceLines {
  readonly lines: readonly string[];
  /** From 0. */
  readonly lineOf: (offset: number) => number;
  /** From 0. */
  readonly columnOf: (offset: number) => number;
  /** The last line that holds a part of the node, from 0. */
  readonly lastLineOf: (node: Node) => number;
}

export function sourceLines(text: string, counter: LineCounter): SourceLines {
  const lineOf = (offset: number): number => counter.linePos(offset).line - 1;
  return {
    lines: text.split('\n'),
    lineOf,
    columnOf: (offset) => counter.linePos(offset).col - 1,
    lastLineOf: (node) => {
      const [start = 0, end = 0] = node.range ?? [];
      let last = end;
      // A block scalar ends with the line end that belongs to it.
      while (last > start && text[last - 1] === '\n') last -= 1;
      return lineOf(Math.max(start, last - 1));
    },
  };
}

const isBlank = (line: string): boolean => line.trim() === '';
const isComment = (line: string): boolean => line.trimStart().startsWith('#');
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** How many lines after this one are comments that stand at least so far in, and the blank lines between them. */
export function commentsAfter({ lines }: SourceLines, last: number, column: number): number {
  let taken = 0;
  for (const [index, line] of lines.slice(last + 1).entries()) {
    if (isBlank(line)) continue;
    if (!isComment(line) || indentOf(line) < column) break;
    taken = index + 1;
  }
  return taken;
}

/** Without so many blanks before it; never a character of the text itself. */
export const outdented = (line: string, by: number): string => line.slice(Math.min(by, indentOf(line)));

export const indented = (lines: readonly string[], by: number): readonly string[] =>
  lines.map((line) => (isBlank(line) ? '' : `${' '.repeat(by)}${line}`));

/**
 * Blank lines and comments between two parts: comments that stand further in than the second belong to the first, the others to the second.
 * More than one blank line is one.
 */
export function splitGap(lines: readonly string[], column: number): { readonly tail: readonly string[]; readonly lead: readonly string[] } {
  const last = lines.findLastIndex((line) => isComment(line) && indentOf(line) > column);
  return { tail: single(lines.slice(0, last + 1)), lead: single(lines.slice(last + 1)).map((line) => line.trim()) };
}

const single = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.trimEnd()).filter((line, index, all) => !isBlank(line) || !isBlank(all[index - 1] ?? 'x'));
