// What is printed and how: colour where it is wanted, and text that came from outside made safe for a terminal.
import { createColors } from 'picocolors';
import { codesOf, replaceUnseen } from '../language/unseen.ts';

/** NO_COLOR (any value but empty) and TERM=dumb switch colour off, FORCE_COLOR on; else it follows the terminal. See no-color.org. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return isTerminal && env.TERM !== 'dumb';
}

export type Paint = ReturnType<typeof createColors>;
export const paint = (colour: boolean): Paint => createColors(colour);

/** Alert text is hostile: control characters (escape sequences, line breaks, direction overrides) are shown, never sent to the terminal. */
export function safeText(text: string): string {
  return replaceUnseen(text, (run) =>
    codesOf(run)
      .map((code) => `\\u${code.length > 4 ? `{${code.toLowerCase()}}` : code.toLowerCase()}`)
      .join(''),
  );
}

/** `--json`: one value, indented, with a line break at the end. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Left-aligned columns, two blanks apart; the last is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const line = (row: readonly string[]) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
