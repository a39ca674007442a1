// The little Markdown that generated pages are made of.

/** A cell of a table: one line, no bar. */
export const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');
export const code = (text) => `\`${text}\``;

export function table(header, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The note under a page's title. */
export const madeFrom = (sources) => `<!-- Made by npm run docs from ${sources}. Do not edit. -->`;
