// What an author most likely meant where YAML stumbles: nearly always an expression without quotes.

const EXPRESSION_KEY = /(?:^|[\s{,-])(when|if|unless|until):\s*\S/;

/** Looks at the line around the place; undefined when nothing typical is on it. */
export function hintFor(text: string, offset: number): string | undefined {
  const line = lineAt(text, offset);
  const key = EXPRESSION_KEY.exec(line)?.[1];
  if (key !== undefined) return `put the expression in quotes, YAML reads some of its characters itself: ${key}: "…"`;
  if (/(?<!["'])\$\{\{/.test(line)) return 'put the value in quotes: "${' + '{ … }}"';
  if (/^\s*\t/.test(line)) return 'indent with spaces';
  if (/:\s+[^"'\s{[|>].*:\s/.test(line)) return 'a text with a colon in it must be in quotes';
  return undefined;
}

function lineAt(text: string, offset: number): string {
  const begin = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', begin);
  return text.slice(begin, end < 0 ? text.length : end).slice(0, 500);
}
