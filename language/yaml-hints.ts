// What an author most likely meant where YAML stumbles: nearly always an expression without quotes.

import type { ErrorCode } from 'yaml';

interface YamlError {
  readonly code: ErrorCode;
  readonly message: string;
  /** From 0, in the text. */
  readonly pos: readonly [number, number];
}

/** Of the composer's codes, those whose own words are about its insides. */
const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  UNEXPECTED_TOKEN: 'YAML does not expect this here',
  BLOCK_AS_IMPLICIT_KEY: 'a map begins in the middle of a line: there is a second colon',
  BLOCK_IN_FLOW: 'a list or map of lines cannot stand within { } or [ ]',
  BAD_INDENT: 'the indentation does not line up with what stands above',
  TAB_AS_INDENT: 'a tab stands where blanks are needed',
  IMPOSSIBLE: 'YAML cannot make anything of this',
};

export function wordsForError({ code, message, pos }: YamlError, text: string): string {
  if (code === 'BAD_SCALAR_START') return `text that begins with \`${text.charAt(pos[0])}\` must be in quotes`;
  if (code === 'BAD_DQ_ESCAPE') return `in double quotes \`\\\` begins an escape, and \`${text.slice(pos[0], pos[0] + 2)}\` is none`;
  if (code === 'MISSING_CHAR' && message.includes('quote')) return 'a quote is opened and not closed';
  return WORDS[code] ?? message.charAt(0).toLowerCase() + message.slice(1, 200);
}

/** What the error itself says to do; undefined where only the line around it can tell. */
export function hintForError({ code, message, pos }: YamlError, text: string): string | undefined {
  if (code === 'BAD_SCALAR_START') return `put the text in quotes: "${/^[^\s,}\]]*/.exec(text.slice(pos[0], pos[0] + 60))?.[0] ?? ''}"`;
  if (code === 'BAD_DQ_ESCAPE') return 'put the text in single quotes, or write the backslash twice: \'\\d\' or "\\\\d"';
  if (code === 'MISSING_CHAR' && message.includes('quote')) return 'close it at the end of the text';
  if (code === 'BLOCK_IN_FLOW') return hintInBraces(text, pos[0]);
  return undefined;
}

/** `{ every: 5m for: 1h }`, `{ repeat: until: x }`. With an expression before the second colon, that one is at fault: `until: a ? b : c`. */
function hintInBraces(text: string, at: number): string | undefined {
  const rest = text.slice(at, at + 500);
  if (/(?:when|if|unless|until):\s*$/.test(text.slice(Math.max(0, at - 20), at))) return undefined;
  const next = /^[^\s,:{}[\]]+ +(\w+): /.exec(rest)?.[1];
  if (next !== undefined) return `put a comma before \`${next}\``;
  const first = /^(\w+): /.exec(rest)?.[1];
  return first === undefined ? undefined : `put braces around what belongs together: { ${first}: … }`;
}

const EXPRESSION_KEY = /(?:^|[\s{,-])(when|if|unless|until):\s*\S/;

/** Looks at the line around the place; undefined when nothing typical is on it. */
export function hintFor(text: string, offset: number): string | undefined {
  const line = lineAt(text, offset);
  // A comment takes the bracket at its end with it, and the fault is found on the next line.
  const eaten = [line, lineAt(text, offset - 1), lineBefore(text, offset)]
    .map((one) => SIGN.exec(one)?.[1])
    .find((one) => one !== undefined);
  if (eaten !== undefined) return `YAML takes ${eaten} for a comment: put it in quotes, "${eaten}"`;
  const key = EXPRESSION_KEY.exec(line)?.[1];
  if (key !== undefined) return `put the expression in quotes, YAML reads some of its characters itself: ${key}: "…"`;
  if (/(?<!["'])\$\{\{/.test(line)) return 'put the value in quotes: "${' + '{ … }}"';
  if (/^\s*\t/.test(line)) return 'indent with spaces';
  if (/:\s+[^"'\s{[|>].*:\s/.test(line)) return 'a text with a colon in it must be in quotes';
  return undefined;
}

/** Within { } or [ ]. */
const SIGN = /[{[][^#]*[:,[{]\s+(#[^\s,}\]]+)/;

const lineBefore = (text: string, offset: number): string => lineAt(text, text.lastIndexOf('\n', Math.max(0, offset - 1)) - 1);

function lineAt(text: string, offset: number): string {
  const begin = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', begin);
  return text.slice(begin, end < 0 ? text.length : end).slice(0, 500);
}
