// Regular expressions that take parts out of text, in linear time: RE2 again, from re2js, because the copy that CEL's library brings only answers yes or no.
import { RE2JS } from 're2js';
import { type Budget, MAX_MATCHED_TEXT } from './budget.ts';
import { raise } from './failure.ts';

/** Compiled patterns kept; the oldest goes first. */
const MAX_COMPILED = 100;
/** Finds in one text. */
const MAX_FOUND = 1000;

const compile = cached();

/** What the pattern finds, from left to right, at most `most`: its first group where it has one, else the whole of the find. */
export function findAll(text: string, pattern: string, most: number, budget: Budget): readonly (string | null)[] {
  if (text.length > MAX_MATCHED_TEXT)
    raise('EXPRESSION_SIZE', `a pattern looks through more than ${MAX_MATCHED_TEXT} characters; take a part of the text first`);
  const matcher = compile(pattern).matcher(text);
  const found: (string | null)[] = [];
  while (found.length < most) {
    // One find may look at the rest of the text.
    budget.spend((text.length >> 4) + 1);
    if (!matcher.find()) break;
    if (found.length >= MAX_FOUND) raise('EXPRESSION_SIZE', `a pattern is found more than ${MAX_FOUND} times`);
    found.push(matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? null);
  }
  return found;
}

function cached(): (pattern: string) => RE2JS {
  const known = new Map<string, RE2JS>();
  return (pattern) => {
    const found = known.get(pattern);
    if (found) return found;
    const made = RE2JS.compile(pattern);
    for (const oldest of known.keys()) if (known.size >= MAX_COMPILED) known.delete(oldest);
    known.set(pattern, made);
    return made;
  };
}
