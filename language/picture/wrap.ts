// Text into lines of a width. Widths are estimates for a sans-serif font: nothing here can measure, and cards leave room for the difference.

/** Of the font's size. */
function charWidth(char: string): number {
  if ("iljtfI.,:;'|!()[] ‘’".includes(char)) return 0.33;
  if ('mwMW@%—'.includes(char)) return 0.9;
  if (/[A-Z]/.test(char)) return 0.7;
  // Scripts with wide characters.
  return (char.codePointAt(0) ?? 0) >= 0x2e80 ? 1.05 : 0.58;
}

export const textWidth = (text: string, size: number): number => [...text].reduce((sum, char) => sum + charWidth(char), 0) * size;

/** At most this many lines; the last one says with "…" that there is more. */
export function wrapText(text: string, size: number, width: number, maxLines: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .split(' ')) {
    for (const piece of pieces(word, size, width)) {
      const longer = line === '' ? piece : `${line} ${piece}`;
      if (line !== '' && textWidth(longer, size) > width) {
        lines.push(line);
        line = piece;
      } else line = longer;
    }
  }
  lines.push(line);
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  let last = kept[maxLines - 1] ?? '';
  while (last !== '' && textWidth(`${last}…`, size) > width) last = last.slice(0, -1);
  return [...kept.slice(0, -1), `${last.trimEnd()}…`];
}

/** A word that is wider than a line is broken. */
function pieces(word: string, size: number, width: number): readonly string[] {
  if (textWidth(word, size) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const char of word) {
    if (textWidth(piece + char, size) > width) {
      found.push(piece);
      piece = '';
    }
    piece += char;
  }
  return [...found, piece];
}
