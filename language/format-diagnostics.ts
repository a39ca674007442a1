// Diagnostics for a terminal: place, code, words, the line itself, a caret, the hint.
import type { Diagnostic } from './diagnostics.ts';
import { replaceUnseen } from './unseen.ts';

export interface FormatOptions {
  readonly color: boolean;
}

/** Characters of a source line that are shown. */
const MAX_SHOWN = 140;

/** Empty for none. The text may be hostile: nothing of it reaches the terminal as a control sequence. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], text: string, options: FormatOptions): string {
  const lines = text.split('\n');
  return diagnostics.map((diagnostic) => formatOne(diagnostic, lines[diagnostic.line - 1] ?? '', options)).join('\n');
}

function formatOne(diagnostic: Diagnostic, source: string, { color }: FormatOptions): string {
  const paint = (code: number, words: string): string => (color ? `\u001b[${code}m${words}\u001b[0m` : words);
  const tone = diagnostic.severity === 'error' ? 31 : 33;
  const place = `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}`;
  const head = `${paint(1, tame(place))} ${paint(tone, `${diagnostic.severity} ${diagnostic.code}`)} ${tame(diagnostic.message)}`;
  const from = Math.max(0, diagnostic.column - 1 - MAX_SHOWN / 2);
  const shown = tame(source.slice(from, from + MAX_SHOWN));
  const gutter = `${diagnostic.line}`.padStart(5);
  const blank = ' '.repeat(gutter.length);
  const caret = ' '.repeat(Math.max(0, diagnostic.column - 1 - from));
  const rows = [head, `${gutter} | ${shown}`, `${blank} | ${caret}${paint(tone, '^')}`];
  if (diagnostic.hint !== undefined) rows.push(`${blank} = ${tame(diagnostic.hint)}`);
  return `${rows.join('\n')}\n`;
}

/** One visible character for each, so that the caret stays right. */
const tame = (words: string): string => replaceUnseen(words.replaceAll('\t', ' '), (run) => '\u00b7'.repeat(run.length));
