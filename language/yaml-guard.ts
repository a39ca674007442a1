// What must be known of a text before a YAML composer may see it. The composer recurses: deep nesting ends the whole process on some Node versions,
// uncatchably, with less than 2 kB of text. The lexer does not recurse, so it counts first.
import { Lexer } from 'yaml';

/** Characters of one file. */
const MAX_FILE = 262_144;
/** Levels of lists and maps. */
const MAX_DEPTH = 64;
/** Keys and values together; a playbook of 2,000 steps has some 16,000. */
const MAX_SCALARS = 30_000;

export interface Refusal {
  readonly code: 'FILE_TOO_LARGE' | 'YAML_TOO_DEEP' | 'YAML_TOO_MANY';
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

const SCALAR = '\u001f';
/** The lexer's marks for the document's begin, a scalar and a broken flow, and the byte order mark: no text of their own. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', SCALAR, '\u0018', '\ufeff']);

export type Guarded = { readonly refusal: Refusal } | { readonly tokens: readonly string[] };

/** The text's tokens, where it may be composed: they are not made a second time. */
export function guardYaml(text: string): Guarded {
  const tokens: string[] = [];
  const refusal = refuse(text, tokens);
  return refusal ? { refusal } : { tokens };
}

function refuse(text: string, tokens: string[]): Refusal | undefined {
  if (text.length > MAX_FILE) {
    return { code: 'FILE_TOO_LARGE', message: `the file is longer than ${MAX_FILE} characters, and no longer ones are read`, line: 1 };
  }
  let at = 0;
  let scalars = 0;
  const line = (): number => text.slice(0, at).split('\n').length;
  const depth = createDepth();
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR) scalars += 1;
    if (depth.take(token) > MAX_DEPTH)
      return { code: 'YAML_TOO_DEEP', message: `lists and maps are nested deeper than ${MAX_DEPTH} levels`, line: line() };
    if (scalars > MAX_SCALARS)
      return { code: 'YAML_TOO_MANY', message: `there are more than ${MAX_SCALARS} keys and values`, line: line() };
    if (!MARKS.has(token)) at += token.length;
    tokens.push(token);
  }
  return undefined;
}

/** Counts open `[` and `{`, and the columns at which block lists and maps have begun. */
function createDepth(): { readonly take: (token: string) => number } {
  const columns: number[] = [];
  let column = 0;
  let flow = 0;
  let leading = true;
  const begin = () => {
    while ((columns.at(-1) ?? -1) > column) columns.pop();
    if ((columns.at(-1) ?? -1) < column) columns.push(column);
  };
  return {
    take: (token) => {
      if (MARKS.has(token)) return columns.length + flow;
      if (token === '[' || token === '{') flow += 1;
      else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
      if (token.includes('\n')) {
        column = token.length - token.lastIndexOf('\n') - 1;
        leading = true;
        return columns.length + flow;
      }
      if (leading && flow === 0 && token.trim() !== '') {
        begin();
        leading = token === '-' || token === '?' || token === ':';
      }
      column += token.length;
      return columns.length + flow;
    },
  };
}
